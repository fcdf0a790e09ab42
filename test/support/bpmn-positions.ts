import { elementBehaviors } from '#engine/core/elements/registry.ts';
import type { EngineEvent } from '#engine/core/events.ts';
import type { Element, EventDefinition, ExecutableType, ProcessModel } from '#engine/core/model.ts';
import { eventKindsAt } from '#engine/definitions/compile-events.ts';

/** Where the element stands that came to its end with this event; nothing for other events. */
export function endedAt(event: EngineEvent, model: ProcessModel): string[] {
  // It is never a token: it shows when its handler is noted.
  if (event.type === 'CompensationRecorded') return event.record.handler === null ? [] : ['compensation / boundary'];
  if (event.type !== 'ElementCompleted' && event.type !== 'ElementCanceled') return [];
  const element = model.elements[event.element];
  return element ? positionsOf(element, model) : [];
}

/** An element with its position, e.g. `signal / boundary, non-interrupting` or `UserTask, multi-instance parallel`. */
function positionsOf(element: Element, model: ProcessModel): string[] {
  if ('event' in element) return [eventPosition(element, model)];
  if (element.type === 'bpmn:SubProcess' && element.triggeredByEvent) return ['event SubProcess'];
  const name = element.type.slice('bpmn:'.length);
  const positions = [isSplit(element) ? `${name} / split` : isJoin(element) ? `${name} / join` : name];
  if (element.multiInstance) positions.push(`${name}, multi-instance ${element.multiInstance.sequential ? 'sequential' : 'parallel'}`);
  if (element.standardLoop) positions.push(`${name}, standard loop`);
  if (element.isForCompensation) positions.push('compensation handler');
  return positions;
}

type EventElement = Extract<Element, { event: EventDefinition }>;

function eventPosition(element: EventElement, model: ProcessModel): string {
  const { event, type } = element;
  const kind = event.type === 'multiple' && event.parallel ? 'parallel multiple' : event.type;
  if (type === 'bpmn:BoundaryEvent') return `${kind} / boundary${element.interrupting ? '' : ', non-interrupting'}`;
  if (type !== 'bpmn:StartEvent') return `${kind} / ${PLACES[type]}`;
  const scope = model.elements[element.parent];
  if (scope?.type !== 'bpmn:SubProcess' || !scope.triggeredByEvent) return `${kind} / start`;
  return `${kind} / event sub-process start${element.interrupting ? '' : ', non-interrupting'}`;
}

const PLACES = {
  'bpmn:IntermediateCatchEvent': 'catch',
  'bpmn:IntermediateThrowEvent': 'throw',
  'bpmn:EndEvent': 'end',
} as const satisfies Partial<Record<ExecutableType, string>>;

const isGateway = (element: Element) => element.type.endsWith('Gateway') && element.type !== 'bpmn:EventBasedGateway';
const isSplit = (element: Element) => isGateway(element) && element.outgoing.length > 1;
const isJoin = (element: Element) => isGateway(element) && element.incoming.length > 1;

const ALWAYS_INTERRUPTS: readonly string[] = ['error', 'compensation', 'cancel'];

/** Every element at every position where the engine runs it, from the tables of the core and of the compiler. */
export function everyPosition(): string[] {
  const types = Object.keys(elementBehaviors).map((type) => type.slice('bpmn:'.length));
  const plain = types.filter((type) => !type.endsWith('Event') && type !== 'Process');
  const gateways = plain.filter((type) => type.endsWith('Gateway') && type !== 'EventBasedGateway');
  const activities = plain.filter((type) => !type.endsWith('Gateway'));
  const loops = activities.flatMap((type) => [
    `${type}, multi-instance parallel`,
    `${type}, multi-instance sequential`,
    `${type}, standard loop`,
  ]);
  return [
    ...activities,
    'event SubProcess',
    'compensation handler',
    ...loops,
    ...gateways.flatMap((type) => [`${type} / split`, `${type} / join`]),
    'EventBasedGateway',
    ...Object.entries(eventKindsAt).flatMap(([place, kinds]) => eventPositions(place, kinds)),
  ];
}

function eventPositions(place: string, kinds: readonly string[]): string[] {
  const isInside = place === 'boundary' || place === 'event sub-process start';
  // A start event of a process has no scope that could remember what has come.
  const all = [...kinds, 'multiple', ...(isInside || place === 'catch' ? ['parallel multiple'] : [])];
  const beside = isInside ? all.filter((kind) => !ALWAYS_INTERRUPTS.includes(kind)) : [];
  return [...all.map((kind) => `${kind} / ${place}`), ...beside.map((kind) => `${kind} / ${place}, non-interrupting`)];
}
