import type { ConditionalDefinition, Element, ElementOf, EventDefinition, ExecutableType, Expression, ProcessModel, SequenceFlow, SignalDefinition } from '#engine/core/model.ts';

/**
 * Process models for tests, without XML:
 * `aProcess('order', { start: start(), check: userTask(), end: end() }, ['start -> check -> end'])`.
 * Keys are the BPMN ids. Flows: `'a -> b -> c'`, `'gw -> b if ${x > 1}'`, `'gw -> c default'`. Boundary events name their host.
 */
export interface Spec {
  type: ExecutableType;
  fields: Record<string, unknown>;
  /** Of a boundary event: the BPMN id of the activity. */
  host?: string;
  /** Of a compensation boundary event: the BPMN id of the activity that undoes the host. */
  handler?: string;
  children?: Specs;
  flows?: string[];
}
export type Specs = Record<string, Spec>;
type Fields<T extends ExecutableType> = Partial<Omit<ElementOf<T>, 'index' | 'id' | 'parent' | 'type'>>;

/** A text with `${…}` is evaluated, any other is a literal. */
export function expr(text: string): Expression {
  return /[$#]\{/.test(text) ? { language: 'juel', source: text } : { language: 'literal', value: text };
}

const spec =
  <T extends ExecutableType>(type: T, defaults: Record<string, unknown> = {}) =>
  (fields: Fields<T> = {}): Spec => ({ type, fields: { ...defaults, ...fields } });

export const none: EventDefinition = { type: 'none' };
export const message = (name: string): EventDefinition => ({ type: 'message', name: expr(name) });
export const duration = (text: string): EventDefinition => ({ type: 'timer', kind: 'duration', expression: expr(text) });
export const cycle = (text: string): EventDefinition => ({ type: 'timer', kind: 'cycle', expression: expr(text) });
export const signal = (name: string, fields: Partial<SignalDefinition> = {}): EventDefinition => ({ type: 'signal', name: expr(name), ...fields });
export const escalation = (code?: string, codeVariable?: string): EventDefinition => ({
  type: 'escalation',
  ...(code !== undefined && { code: expr(code) }),
  ...(codeVariable !== undefined && { codeVariable }),
});
export const condition = (text: string, fields: Partial<ConditionalDefinition> = {}): EventDefinition => ({
  type: 'conditional',
  condition: expr(text),
  ...fields,
});
/** Any one of them when caught, all of them when thrown. */
export const anyOf = (...definitions: EventDefinition[]): EventDefinition => multiple(false, definitions);
/** Caught: all of them have to come. */
export const allOf = (...definitions: EventDefinition[]): EventDefinition => multiple(true, definitions);
const multiple = (parallel: boolean, definitions: EventDefinition[]): EventDefinition => ({
  type: 'multiple',
  parallel,
  definitions: definitions.filter((definition) => definition.type !== 'multiple'),
});
export const terminate: EventDefinition = { type: 'terminate' };
export const cancel: EventDefinition = { type: 'cancel' };
/** `activity` = the BPMN id of the one activity to compensate. */
export const compensation = (activity?: string, waitForCompletion = true): EventDefinition =>
  ({ type: 'compensation', ...(activity !== undefined && { activityRef: activity }), waitForCompletion }) as unknown as EventDefinition;
export function error(
  code?: string,
  variables: { codeVariable?: string; messageVariable?: string; message?: string } = {},
): EventDefinition {
  const { message: text, ...names } = variables;
  return { type: 'error', ...(code !== undefined && { code: expr(code) }), ...(text !== undefined && { message: expr(text) }), ...names };
}

export const start = (event: EventDefinition = none, fields: Fields<'bpmn:StartEvent'> = {}): Spec =>
  spec('bpmn:StartEvent', { event, interrupting: true })(fields);
export const end = (event: EventDefinition = none, fields: Fields<'bpmn:EndEvent'> = {}): Spec => spec('bpmn:EndEvent', { event })(fields);
export const catchEvent = (event: EventDefinition, fields: Record<string, unknown> = {}): Spec =>
  spec('bpmn:IntermediateCatchEvent', { event, ...fields })();
export const throwEvent = (event: EventDefinition = none, fields: Record<string, unknown> = {}): Spec =>
  spec('bpmn:IntermediateThrowEvent', { event, ...fields })();
export const boundary = (host: string, event: EventDefinition, interrupting = true): Spec => ({
  ...spec('bpmn:BoundaryEvent', { event, interrupting })(),
  host,
});
/** The boundary event between an activity and what undoes it. */
export const undoneBy = (host: string, handler: string): Spec => ({ ...boundary(host, compensation()), handler });
export const task = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:Task', fields)();
export const manualTask = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:ManualTask', fields)();
export const userTask = spec('bpmn:UserTask', { candidateUsers: [], candidateGroups: [] });
export const serviceTask = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:ServiceTask', fields)();
export const businessRuleTask = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:BusinessRuleTask', fields)();
export const sendTask = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:SendTask', fields)();
export const externalTask = (
  topic: string,
  fields: Record<string, unknown> = {},
  errors: { code?: Expression; expression: Expression }[] = [],
): Spec => serviceTask({ implementation: { kind: 'external', topic: expr(topic), errors }, ...fields });
export const receiveTask = (name: string, fields: Fields<'bpmn:ReceiveTask'> = {}): Spec =>
  spec('bpmn:ReceiveTask', { message: { name: expr(name) } })(fields);
export const scriptTask = (script: string, fields: Record<string, unknown> = {}): Spec =>
  spec('bpmn:ScriptTask', { script: expr(script), ...fields })();
export const exclusive = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:ExclusiveGateway', fields)();
export const parallel = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:ParallelGateway', fields)();
export const inclusive = (fields: Record<string, unknown> = {}): Spec => spec('bpmn:InclusiveGateway', fields)();
/** A join has an activation condition, e.g. `${activationCount >= 2}`; a mere split has none. */
export const complex = (activationCondition?: string, fields: Record<string, unknown> = {}): Spec =>
  spec('bpmn:ComplexGateway', { ...(activationCondition !== undefined && { activationCondition: expr(activationCondition) }), ...fields })();
export const eventBased = (fields: Fields<'bpmn:EventBasedGateway'> = {}): Spec => spec('bpmn:EventBasedGateway')(fields);
/** A throwing link finds the catching one of the same name beside it. */
export const linkThrow = (name: string): Spec => throwEvent({ type: 'link', name });
export const linkCatch = (name: string): Spec => catchEvent({ type: 'link', name });
export const callActivity = (calledElement: string, fields: Fields<'bpmn:CallActivity'> = {}): Spec =>
  spec('bpmn:CallActivity', { calledElement: expr(calledElement), binding: { kind: 'latest' }, in: [], out: [] })(fields);
export const subProcess = (children: Specs, flows: string[], fields: Fields<'bpmn:SubProcess'> = {}): Spec => ({
  ...spec('bpmn:SubProcess', { triggeredByEvent: false })(fields),
  children,
  flows,
});
export const eventSubProcess = (children: Specs, flows: string[]): Spec => subProcess(children, flows, { triggeredByEvent: true });
export const transaction = (children: Specs, flows: string[], fields: Fields<'bpmn:Transaction'> = {}): Spec => ({
  ...subProcess(children, flows, fields as Fields<'bpmn:SubProcess'>),
  type: 'bpmn:Transaction',
});
export const adHoc = (children: Specs, flows: string[] = [], fields: Fields<'bpmn:AdHocSubProcess'> = {}): Spec => ({
  ...spec('bpmn:AdHocSubProcess', { sequential: false, cancelRemaining: true })(fields),
  children,
  flows,
});
/** For `inputs` and `outputs`. */
export const mapping = (name: string, value: string) => ({ name, value: { kind: 'expression' as const, expression: expr(value) } });

interface Draft {
  elements: Record<string, unknown>[];
  flows: SequenceFlow[];
  indexById: Record<string, number>;
  hosts: { boundary: number; host: string; handler: string | undefined }[];
  pendingFlows: string[];
}

/** Builds the model as `definitions` would compile it. @throws when a flow or boundary event names an unknown id */
export function aProcess(key: string, children: Specs, flows: string[], fields: Record<string, unknown> = {}): ProcessModel {
  const draft: Draft = { elements: [], flows: [], indexById: {}, hosts: [], pendingFlows: [] };
  addElement(draft, key, { type: 'bpmn:Process', fields, children, flows }, -1);
  for (const text of draft.pendingFlows) addFlows(draft, text);
  for (const { boundary: index, host, handler } of draft.hosts) {
    const hostIndex = indexOf(draft, host);
    Object.assign(draft.elements[index] as object, { attachedTo: hostIndex });
    (draft.elements[hostIndex] as { boundaryEvents: number[] }).boundaryEvents.push(index);
    if (handler === undefined) continue;
    Object.assign(draft.elements[hostIndex] as object, { compensationHandler: indexOf(draft, handler) });
    Object.assign(draft.elements[indexOf(draft, handler)] as object, { isForCompensation: true });
  }
  const elements = draft.elements as unknown as Element[];
  for (const element of elements) connectLink(element, elements);
  for (const element of elements) if ('event' in element) resolveReference(draft, element);
  const { indexById } = draft;
  return { key, startableInTasklist: true, candidateStarterGroups: [], candidateStarterUsers: [], elements, flows: draft.flows, indexById };
}

function connectLink(thrown: Element, elements: Element[]): void {
  if (thrown.type !== 'bpmn:IntermediateThrowEvent' || thrown.event.type !== 'link') return;
  const { name } = thrown.event;
  const target = elements.find(
    (other) =>
      other.type === 'bpmn:IntermediateCatchEvent' && other.parent === thrown.parent && other.event.type === 'link' && other.event.name === name,
  );
  if (!target) throw new Error(`Expected a link catch event ${name}, but there is none`);
  thrown.event = { ...thrown.event, target: target.index };
}

function addElement(draft: Draft, id: string, { type, fields, host, handler, children, flows }: Spec, parent: number): number {
  const index = draft.elements.length;
  const base = {
    index,
    id,
    type,
    parent,
    incoming: [],
    outgoing: [],
    asyncBefore: false,
    asyncAfter: false,
    exclusive: true,
    inputs: [],
    outputs: [],
  };
  const element: Record<string, unknown> = { ...base, boundaryEvents: [], properties: {}, ...fields };
  draft.elements.push(element);
  draft.indexById[id] = index;
  if (host !== undefined) draft.hosts.push({ boundary: index, host, handler });
  if (children) {
    const indexes = Object.entries(children).map(([childId, child]) => addElement(draft, childId, child, index));
    const ofType = (wanted: ExecutableType) => indexes.filter((child) => draft.elements[child]?.['type'] === wanted);
    const startEvents = ofType('bpmn:StartEvent');
    const noneStart = startEvents.find((child) => (draft.elements[child]?.['event'] as EventDefinition | undefined)?.type === 'none');
    const initial = noneStart ?? (startEvents.length === 1 ? startEvents[0] : undefined);
    const eventSubProcesses = ofType('bpmn:SubProcess').filter((child) => draft.elements[child]?.['triggeredByEvent'] === true);
    Object.assign(element, { children: indexes, startEvents, eventSubProcesses, ...(initial !== undefined && { initial }) });
    draft.pendingFlows.push(...(flows ?? []));
  }
  return index;
}

function resolveReference(draft: Draft, element: { event: EventDefinition }): void {
  const { event } = element;
  if (event.type !== 'compensation' || event.activityRef === undefined) return;
  element.event = { ...event, activityRef: indexOf(draft, String(event.activityRef)) };
}

function addFlows(draft: Draft, text: string): void {
  const match = /^(.*?)(?:\s+if\s+(.+?)|\s+(default))?$/.exec(text);
  const [path, condition, isDefault] = [match?.[1] ?? '', match?.[2], match?.[3]];
  const stops = path.split('->').map((id) => indexOf(draft, id.trim()));
  stops.slice(1).forEach((target, at) => {
    const source = stops[at] as number;
    const index = draft.flows.length;
    const from = draft.elements[source] as { id: string; outgoing: number[]; defaultFlow?: number };
    const to = draft.elements[target] as { id: string; incoming: number[] };
    draft.flows.push({ index, id: `${from.id}-${to.id}`, source, target, ...(condition !== undefined && { condition: expr(condition) }) });
    from.outgoing.push(index);
    to.incoming.push(index);
    if (isDefault) from.defaultFlow = index;
  });
}

function indexOf(draft: Draft, id: string): number {
  const index = draft.indexById[id];
  if (index === undefined) throw new Error(`Expected an element ${id}, but there is none`);
  return index;
}
