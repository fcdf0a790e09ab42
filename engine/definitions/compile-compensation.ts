import type { Element, EventDefinition } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { isThrowing } from './event-kinds.ts';
import { isScope } from './flow-nodes.ts';
import type { FlowNodes } from './flow-nodes.ts';
import { many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** `activityRef` counts for throwing events only, as in Camunda 7; what it may name is checked when the graph is known. */
export function compileCompensation(
  node: ModdleElement,
  definition: ModdleElement,
  { indexOf, report }: Compilation,
): Extract<EventDefinition, { type: 'compensation' }> {
  const activity = isThrowing(node) ? one(definition, 'activityRef') : undefined;
  const activityRef = activity && indexOf.get(activity);
  if (activity && activityRef === undefined) report(node.id as string, 'COMPENSATION_ACTIVITY', { activity: activity.id ?? '' });
  const waitForCompletion = definition.get('waitForCompletion') !== false;
  return { type: 'compensation', ...(activityRef !== undefined && { activityRef }), waitForCompletion };
}

/** An association from the compensation boundary event leads to the activity that undoes the host. Modellers put it where they like. */
export function connectHandlers(elements: Element[], nodes: FlowNodes, { report }: Compilation): void {
  const [process] = nodes.all;
  const collaborations = process?.$parent
    ? many(process.$parent, 'rootElements').filter(({ $type }) => $type === 'bpmn:Collaboration')
    : [];
  for (const holder of [...nodes.all.filter(isScope), ...collaborations]) {
    for (const association of many(holder, 'artifacts')) connectHandler(association, elements, nodes.indexOf, report);
  }
}

function connectHandler(
  association: ModdleElement,
  elements: Element[],
  indexOf: ReadonlyMap<ModdleElement, number>,
  report: Compilation['report'],
): void {
  const at = (end: 'sourceRef' | 'targetRef') => elements[indexOf.get(one(association, end) as ModdleElement) ?? -1];
  const event = at('sourceRef');
  const handler = at('targetRef');
  // A text annotation hangs on an association, too.
  if (event?.type !== 'bpmn:BoundaryEvent' || event.event.type !== 'compensation' || !handler) return;
  const host = elements[event.attachedTo];
  if (host && handler.isForCompensation && handler.parent === host.parent) host.compensationHandler = handler.index;
  else report(event.id, 'COMPENSATION_HANDLER_MISSING');
}
