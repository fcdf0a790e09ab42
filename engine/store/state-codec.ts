import type {
  AdHocState,
  Arrival,
  CompensationState,
  ElementInstance,
  ExternalTaskState,
  IncidentState,
  InstanceState,
  JobState,
  LoopState,
  SubscriptionState,
  TaskState,
} from '#engine/core/state.ts';
import type { StateLists } from '#engine/core/parts.ts';
import type { JsonValue, TypedValue } from '#engine/core/values.ts';
import {
  decodeValue,
  decodeVariables,
  type EncodedValue,
  encodeValue,
  encodeVariables,
  type MissingPayload,
  type Payloads,
  toJson,
} from './variable-codec.ts';

/** Raised when the blob's form changes; older forms stay readable. */
export const STATE_VERSION = 1;

const PHASES = ['before', 'active', 'after', 'body', 'compensating'] as const;

type EncodedElement = [
  id: number,
  element: number,
  scope: number,
  startedAt: number,
  phase: number,
  variables?: Record<string, EncodedValue> | null,
  task?: unknown[] | null,
  external?: ExternalTaskState | null,
  called?: number | null,
  loop?: EncodedLoop | FirstLoop | null,
  thrower?: number | null,
  adHoc?: AdHocState | null,
];
/** As version 1 stored it. */
interface FirstLoop {
  total: number;
  completed: number;
  active: number;
  items: JsonValue[] | null;
}
type EncodedLoop = [total: number | null, completed: number, active: number, items?: EncodedItems | null, apart?: 0 | 1, skipped?: number];
/** A collection stands in an object, so that it is told apart from the bare lists of the first form. */
export type EncodedItems = { v: EncodedValue } | JsonValue[];

/** Empty lists are left out; what `process_instance` has as columns is not repeated. */
interface EncodedState {
  e: EncodedElement[];
  j?: JobState[];
  s?: SubscriptionState[];
  i?: IncidentState[];
  a?: Arrival[];
  c?: EncodedCompensation[];
  o?: [body: number, item: number, index: number, value: EncodedValue][];
}

export type EncodedCompensation = [
  id: number,
  element: number,
  handler: number | null,
  scope: number,
  variables?: Record<string, EncodedValue> | null,
  thrower?: number,
];

/** The columns of `process_instance` that are part of the state. */
export type StateHeader = Omit<InstanceState, keyof StateLists>;

/** A state or a part of it without its header, as compact JSON; large values go to `payloads`. */
export function encodeState(state: StateLists, payloads: Payloads): string {
  return toJson((beside) => encode(state, beside), payloads);
}

function encode(state: StateLists, payloads: Payloads | null): EncodedState {
  const encoded: EncodedState = { e: state.elements.map((instance) => encodeElement(instance, payloads)) };
  if (state.jobs.length > 0) encoded.j = state.jobs;
  if (state.subscriptions.length > 0) encoded.s = state.subscriptions;
  if (state.incidents.length > 0) encoded.i = state.incidents;
  if (state.arrivals.length > 0) encoded.a = state.arrivals;
  if (state.compensations.length > 0) encoded.c = state.compensations.map((record) => encodeCompensation(record, payloads));
  if (state.outputs.length > 0)
    encoded.o = state.outputs.map(({ body, item, index, value }) => [body, item, index, encodeValue(value, payloads)]);
  return encoded;
}

function encodeElement(instance: ElementInstance, payloads: Payloads | null): EncodedElement {
  const { id, element, scope, startedAt, phase, variables, task, externalTask, calledInstance, loop, thrower, adHoc } = instance;
  const encoded: EncodedElement = [id, element, scope, startedAt, PHASES.indexOf(phase)];
  const length = adHoc
    ? 7
    : thrower !== undefined
      ? 6
      : loop
        ? 5
        : calledInstance !== undefined
          ? 4
          : externalTask
            ? 3
            : task
              ? 2
              : variables
                ? 1
                : 0;
  if (length > 0) encoded.push(variables ? encodeVariables(variables, payloads) : null);
  if (length > 1) encoded.push(task ? encodeTask(task) : null);
  if (length > 2) encoded.push(externalTask ?? null);
  if (length > 3) encoded.push(calledInstance ?? null);
  if (length > 4) encoded.push(loop ? encodeLoop(loop, payloads) : null);
  if (length > 5) encoded.push(thrower ?? null);
  if (length > 6) encoded.push(adHoc ?? null);
  return encoded;
}

/** Large values come back as `missing`, to be filled in by the caller. */
export function decodeState(header: StateHeader, text: string, missing: MissingPayload[]): InstanceState {
  return { ...header, ...decodeLists(text, missing) };
}

export function decodeLists(text: string, missing: MissingPayload[]): StateLists {
  const { e, j, s, i, a, c, o } = JSON.parse(text) as EncodedState;
  return {
    elements: e.map((encoded) => decodeElement(encoded, missing)),
    jobs: j ?? [],
    subscriptions: s ?? [],
    incidents: i ?? [],
    arrivals: a ?? [],
    compensations: c?.map((encoded) => decodeCompensation(encoded, missing)) ?? [],
    outputs: o?.map(([body, item, index, value]) => ({ body, item, index, value: decodeValue(value, missing) })) ?? [],
  };
}

function decodeElement(
  [id, element, scope, startedAt, phase, variables, task, external, called, loop, thrower, adHoc]: EncodedElement,
  missing: MissingPayload[],
): ElementInstance {
  const instance: ElementInstance = { id, element, scope, startedAt, phase: PHASES[phase] ?? 'active' };
  if (variables) instance.variables = decodeVariables(variables, missing);
  if (task) instance.task = decodeTask(task);
  if (external) instance.externalTask = external;
  if (called !== null && called !== undefined) instance.calledInstance = called;
  if (loop) instance.loop = decodeLoop(loop, missing);
  if (thrower !== null && thrower !== undefined) instance.thrower = thrower;
  if (adHoc) instance.adHoc = adHoc;
  return instance;
}

function encodeLoop({ total, completed, active, items, apart, skipped }: LoopState, payloads: Payloads | null): EncodedLoop {
  const encoded: EncodedLoop = [total, completed, active];
  if (items || apart || skipped) encoded.push(encodeItems(items, payloads));
  if (apart || skipped) encoded.push(apart ? 1 : 0);
  if (skipped) encoded.push(skipped);
  return encoded;
}

function decodeLoop(encoded: EncodedLoop | FirstLoop, missing: MissingPayload[]): LoopState {
  const [total, completed, active, items, apart, skipped] = Array.isArray(encoded)
    ? encoded
    : [encoded.total, encoded.completed, encoded.active, encoded.items];
  return { total, completed, active, ...(skipped && { skipped }), items: decodeItems(items, missing), ...(apart && { apart: true }) };
}

export function encodeItems(items: TypedValue | null, payloads: Payloads | null): EncodedItems | null {
  return items && { v: encodeValue(items, payloads) };
}

export function decodeItems(items: EncodedItems | null | undefined, missing: MissingPayload[]): TypedValue | null {
  if (!items) return null;
  return Array.isArray(items) ? { type: 'Json', value: items } : decodeValue(items.v, missing);
}

export function encodeCompensation(
  { id, element, handler, scope, variables, thrower }: CompensationState,
  payloads: Payloads | null,
): EncodedCompensation {
  const encoded: EncodedCompensation = [id, element, handler, scope];
  if (variables || thrower !== undefined) encoded.push(variables ? encodeVariables(variables, payloads) : null);
  if (thrower !== undefined) encoded.push(thrower);
  return encoded;
}

export function decodeCompensation(
  [id, element, handler, scope, variables, thrower]: EncodedCompensation,
  missing: MissingPayload[],
): CompensationState {
  return {
    id,
    element,
    handler,
    scope,
    ...(variables && { variables: decodeVariables(variables, missing) }),
    ...(thrower !== undefined && { thrower }),
  };
}

/** Positions are part of the stored form: append only. */
export function encodeTask(task: TaskState): unknown[] {
  const { name, description, assignee, owner, candidateUsers, candidateGroups, priority, dueAt, followUpAt, formKey, formRef } = task;
  const encoded: unknown[] = [name, description, assignee, owner, candidateUsers, candidateGroups, priority, dueAt, followUpAt, formKey];
  if (formRef) encoded.push(formRef);
  return encoded;
}

export function decodeTask(encoded: unknown[]): TaskState {
  const [name, description, assignee, owner, candidateUsers, candidateGroups, priority, dueAt, followUpAt, formKey, formRef] = encoded as [
    string | null,
    string | null,
    string | null,
    string | null,
    string[],
    string[],
    number,
    number | null,
    number | null,
    string | null,
    TaskState['formRef'],
  ];
  return {
    name,
    description,
    assignee,
    owner,
    candidateUsers,
    candidateGroups,
    priority,
    dueAt,
    followUpAt,
    formKey,
    ...(formRef && { formRef }),
  };
}
