import type { Element, EventDefinition, ExecutableType, Expression, ProcessModel, SequenceFlow } from '#engine/core/model.ts';

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
  children?: Specs;
  flows?: string[];
}
export type Specs = Record<string, Spec>;
type Fields<T extends ExecutableType> = Partial<Omit<Extract<Element, { type: T }>, 'index' | 'id' | 'parent' | 'type'>>;

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
export const terminate: EventDefinition = { type: 'terminate' };
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
export const eventBased = (): Spec => spec('bpmn:EventBasedGateway')();
export const callActivity = (calledElement: string, fields: Fields<'bpmn:CallActivity'> = {}): Spec =>
  spec('bpmn:CallActivity', { calledElement: expr(calledElement), binding: { kind: 'latest' }, in: [], out: [] })(fields);
export const subProcess = (children: Specs, flows: string[], fields: Fields<'bpmn:SubProcess'> = {}): Spec => ({
  ...spec('bpmn:SubProcess', { triggeredByEvent: false })(fields),
  children,
  flows,
});
export const eventSubProcess = (children: Specs, flows: string[]): Spec => subProcess(children, flows, { triggeredByEvent: true });
/** For `inputs` and `outputs`. */
export const mapping = (name: string, value: string) => ({ name, value: { kind: 'expression' as const, expression: expr(value) } });

interface Draft {
  elements: Record<string, unknown>[];
  flows: SequenceFlow[];
  indexById: Record<string, number>;
  hosts: { boundary: number; host: string }[];
  pendingFlows: string[];
}

/** Builds the model as `definitions` would compile it. @throws when a flow or boundary event names an unknown id */
export function aProcess(key: string, children: Specs, flows: string[], fields: Record<string, unknown> = {}): ProcessModel {
  const draft: Draft = { elements: [], flows: [], indexById: {}, hosts: [], pendingFlows: [] };
  addElement(draft, key, { type: 'bpmn:Process', fields, children, flows }, -1);
  for (const text of draft.pendingFlows) addFlows(draft, text);
  for (const { boundary: index, host } of draft.hosts) {
    const hostIndex = indexOf(draft, host);
    Object.assign(draft.elements[index] as object, { attachedTo: hostIndex });
    (draft.elements[hostIndex] as { boundaryEvents: number[] }).boundaryEvents.push(index);
  }
  const elements = draft.elements as unknown as Element[];
  const { indexById } = draft;
  return { key, startableInTasklist: true, candidateStarterGroups: [], candidateStarterUsers: [], elements, flows: draft.flows, indexById };
}

function addElement(draft: Draft, id: string, { type, fields, host, children, flows }: Spec, parent: number): number {
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
  if (host !== undefined) draft.hosts.push({ boundary: index, host });
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
