import type { BoundaryEvent, Element, EventDefinition, ProcessModel } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';

type Report = Compilation['report'];

/** What compensation and transactions need beside valid XML: BPMN 2.0.2, 10.7 and 10.3.5; Camunda 7 refuses the same. */
export function checkCompensation(model: ProcessModel, { report }: Compilation): void {
  const handlers = new Set(model.elements.map(({ compensationHandler }) => compensationHandler));
  for (const element of model.elements) {
    checkCatchers(element, model, report);
    if (element.isForCompensation) checkHandler(element, handlers.has(element.index), report);
    if (!('event' in element)) continue;
    if (element.event.type === 'compensation') checkReference(element, element.event, model, report);
    if (element.type === 'bpmn:EndEvent' && element.event.type === 'cancel') checkCancelEnd(element, model, report);
  }
}

function checkCatchers(host: Element, model: ProcessModel, report: Report): void {
  const on = (type: EventDefinition['type']) =>
    host.boundaryEvents.map((index) => model.elements[index] as BoundaryEvent).filter(({ event }) => event.type === type);
  const cancels = on('cancel');
  const undoes = on('compensation');
  const inside = compensationSubProcesses(host, model);
  if (cancels.length > 1) report((cancels[1] as Element).id, 'CANCEL_AMBIGUOUS');
  for (const { id } of cancels) if (host.type !== 'bpmn:Transaction') report(id, 'CANCEL_OUTSIDE_TRANSACTION');
  for (const event of undoes) if (event.outgoing.length > 0) report(event.id, 'COMPENSATION_FLOW');
  if (undoes.length + inside.length > 1) report(([...undoes, ...inside][1] as Element).id, 'COMPENSATION_AMBIGUOUS', { activity: host.id });
  if (host.type === 'bpmn:Process') for (const { id } of inside) report(id, 'COMPENSATION_OF_PROCESS');
}

/** Event sub-processes that run when the scope is compensated. */
function compensationSubProcesses(scope: Element, model: ProcessModel): Element[] {
  if (!('eventSubProcesses' in scope)) return [];
  return scope.eventSubProcesses
    .map((index) => model.elements[index] as Element)
    .filter((inside) => 'startEvents' in inside && inside.startEvents.some((start) => isCompensation(model.elements[start])));
}

const isCompensation = (element: Element | undefined) =>
  element !== undefined && 'event' in element && element.event.type === 'compensation';

function checkHandler(handler: Element, isUsed: boolean, report: Report): void {
  if (handler.incoming.length + handler.outgoing.length > 0) report(handler.id, 'COMPENSATION_HANDLER_FLOW');
  if (!isUsed) report(handler.id, 'COMPENSATION_HANDLER_UNUSED');
}

/** A throwing event reaches its own level and, from inside an event sub-process, the level around it. */
function checkReference(
  event: Element,
  { activityRef }: Extract<EventDefinition, { type: 'compensation' }>,
  model: ProcessModel,
  report: Report,
): void {
  if (activityRef === undefined) return;
  const activity = model.elements[activityRef] as Element;
  const isActivity = activity.type.endsWith('Task') || activity.type === 'bpmn:CallActivity' || 'children' in activity;
  if (!isActivity || !levelsInReach(event, model).includes(activity.parent))
    report(event.id, 'COMPENSATION_ACTIVITY', { activity: activity.id });
}

function levelsInReach(event: Element, model: ProcessModel): number[] {
  const levels: number[] = [];
  let at: Element | undefined = event;
  do {
    levels.push(at.parent);
    at = model.elements[at.parent];
  } while (at?.type === 'bpmn:SubProcess' && at.triggeredByEvent);
  return levels;
}

function checkCancelEnd(end: Element, model: ProcessModel, report: Report): void {
  let at = model.elements[end.parent];
  while (at && at.type !== 'bpmn:Transaction') at = model.elements[at.parent];
  if (!at) return report(end.id, 'CANCEL_OUTSIDE_TRANSACTION');
  const catches = at.boundaryEvents.some((index) => (model.elements[index] as BoundaryEvent).event.type === 'cancel');
  if (!catches) report(end.id, 'CANCEL_BOUNDARY_MISSING', { transaction: at.id });
}
