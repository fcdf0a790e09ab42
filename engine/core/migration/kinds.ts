import { singleDefinitions } from '../behaviors/event-definitions-of.ts';
import type { Element, EventDefinition, ServiceImplementation } from '../model.ts';
import type { Activity } from './activity.ts';

/** Activities of one kind do the same with a token, so that one can go on where the other stopped. */
export function kindOf({ element, isBody }: Activity): string {
  if (isBody)
    return element.standardLoop ? 'standard loop' : `${element.multiInstance?.sequential ? 'sequential' : 'parallel'} multi-instance`;
  switch (element.type) {
    case 'bpmn:ServiceTask':
    case 'bpmn:BusinessRuleTask':
    case 'bpmn:SendTask':
      return workOf(element.implementation) ?? (element.type === 'bpmn:SendTask' && element.message ? 'message' : element.type);
    default:
      return element.type;
  }
}

/** As in Camunda 7 an external task is one, whichever BPMN task it is drawn as. */
function workOf(implementation: ServiceImplementation | undefined): string | undefined {
  if (!implementation) return undefined;
  return implementation.kind === 'plugin' ? `plugin ${implementation.plugin}` : implementation.kind;
}

/** Empty for what is no event. */
export function eventKindOf(element: Element): string {
  if (!('event' in element)) return '';
  const { event } = element;
  if (event.type === 'multiple')
    return `${event.parallel ? 'parallel ' : ''}multiple (${event.definitions.map(({ type }) => type).join(', ')})`;
  const work = event.type === 'message' ? workOf(event.implementation) : undefined;
  return work ? `${event.type} (${work})` : event.type;
}

const TRIGGERS: ReadonlySet<EventDefinition['type']> = new Set(['message', 'timer', 'signal', 'conditional']);

/** It catches something that is kept while it waits: a subscription or a timer. */
export function hasTrigger(element: Element): boolean {
  if (element.type === 'bpmn:ReceiveTask') return true;
  return isCatching(element) && singleDefinitions(element.event).some(({ type }) => TRIGGERS.has(type));
}

export function isConditional(element: Element): boolean {
  return isCatching(element) && element.event.type === 'conditional';
}

function isCatching(element: Element): element is Extract<Element, { event: EventDefinition }> {
  return element.type === 'bpmn:BoundaryEvent' || element.type === 'bpmn:StartEvent' || element.type === 'bpmn:IntermediateCatchEvent';
}
