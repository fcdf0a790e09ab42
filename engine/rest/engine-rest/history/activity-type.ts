import type { Element } from '#engine/core/model.ts';
import { invalidInput } from '#engine/errors.ts';

/** Types whose Camunda name is the BPMN name; events are named by what they wait for or throw. */
const PLAIN = [
  'userTask',
  'serviceTask',
  'sendTask',
  'receiveTask',
  'scriptTask',
  'businessRuleTask',
  'manualTask',
  'task',
  'exclusiveGateway',
  'parallelGateway',
  'inclusiveGateway',
  'complexGateway',
  'eventBasedGateway',
  'subProcess',
  'transaction',
  'adHocSubProcess',
  'callActivity',
];

/** The stored type behind Camunda's name. @throws RequestError 400 for event types, which are stored more coarsely. */
export function storedType(activityType: string): string {
  if (activityType === 'multiInstanceBody') return activityType;
  if (PLAIN.includes(activityType)) return `bpmn:${capital(activityType)}`;
  throw invalidInput('QUERY_INVALID', `Expected activityType to be one of ${PLAIN.join(', ')}, but it is another`, {
    problem: 'activityType',
  });
}

/** @see https://docs.camunda.org/javadoc/camunda-bpm-platform/7.24/org/camunda/bpm/engine/ActivityTypes.html */
export function activityType(stored: string, element: Element | undefined): string {
  if (stored !== 'multiInstanceBody' && element && 'event' in element) return eventType(element);
  return stored.replace(/^bpmn:(.)/, (_, first: string) => first.toLowerCase());
}

function eventType({ type, event }: Extract<Element, { event: unknown }>): string {
  const kind = event.type;
  switch (type) {
    case 'bpmn:StartEvent':
      if (kind === 'none') return 'startEvent';
      return kind === 'timer' ? 'startTimerEvent' : `${kind}StartEvent`;
    case 'bpmn:EndEvent':
      return kind === 'none' ? 'noneEndEvent' : `${kind}EndEvent`;
    case 'bpmn:BoundaryEvent':
      // Camunda's own word order for these two.
      return kind === 'compensation' || kind === 'cancel' ? `${kind}BoundaryCatch` : `boundary${capital(kind)}`;
    case 'bpmn:IntermediateCatchEvent':
      if (kind === 'link') return 'intermediateLinkCatch';
      if (kind === 'conditional') return 'intermediateConditional';
      return kind === 'timer' ? 'intermediateTimer' : `intermediate${capital(kind)}Catch`;
    case 'bpmn:IntermediateThrowEvent':
      if (kind === 'link') return 'intermediateThrowEvent';
      if (kind === 'signal') return 'intermediateSignalThrow';
      return `intermediate${capital(kind)}ThrowEvent`;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
