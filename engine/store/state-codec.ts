import type {
  Arrival,
  ElementInstance,
  ExternalTaskState,
  IncidentState,
  InstanceState,
  JobState,
  SubscriptionState,
  TaskState,
} from '#engine/core/state.ts';
import { decodeVariables, type EncodedValue, encodeVariables, type MissingPayload, type Payloads, toJson } from './variable-codec.ts';

/** Raised when the blob's form changes; older forms stay readable. */
export const STATE_VERSION = 1;

const PHASES = ['before', 'active', 'after', 'body'] as const;

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
  loop?: ElementInstance['loop'] | null,
];

/** Empty lists are left out; what `process_instance` has as columns is not repeated. */
interface EncodedState {
  e: EncodedElement[];
  j?: JobState[];
  s?: SubscriptionState[];
  i?: IncidentState[];
  a?: Arrival[];
}

/** The columns of `process_instance` that are part of the state. */
export type StateHeader = Omit<InstanceState, 'elements' | 'jobs' | 'subscriptions' | 'incidents' | 'arrivals'>;

/** The state without its header, as compact JSON; large values go to `payloads`. */
export function encodeState(state: InstanceState, payloads: Payloads): string {
  return toJson((beside) => encode(state, beside), payloads);
}

function encode(state: InstanceState, payloads: Payloads | null): EncodedState {
  const encoded: EncodedState = { e: state.elements.map((instance) => encodeElement(instance, payloads)) };
  if (state.jobs.length > 0) encoded.j = state.jobs;
  if (state.subscriptions.length > 0) encoded.s = state.subscriptions;
  if (state.incidents.length > 0) encoded.i = state.incidents;
  if (state.arrivals.length > 0) encoded.a = state.arrivals;
  return encoded;
}

function encodeElement(instance: ElementInstance, payloads: Payloads | null): EncodedElement {
  const { id, element, scope, startedAt, phase, variables, task, externalTask, calledInstance, loop } = instance;
  const encoded: EncodedElement = [id, element, scope, startedAt, PHASES.indexOf(phase)];
  const length = loop ? 5 : calledInstance !== undefined ? 4 : externalTask ? 3 : task ? 2 : variables ? 1 : 0;
  if (length > 0) encoded.push(variables ? encodeVariables(variables, payloads) : null);
  if (length > 1) encoded.push(task ? encodeTask(task) : null);
  if (length > 2) encoded.push(externalTask ?? null);
  if (length > 3) encoded.push(calledInstance ?? null);
  if (length > 4) encoded.push(loop ?? null);
  return encoded;
}

/** Large values come back as `missing`, to be filled in by the caller. */
export function decodeState(header: StateHeader, text: string, missing: MissingPayload[]): InstanceState {
  const { e, j, s, i, a } = JSON.parse(text) as EncodedState;
  return {
    ...header,
    elements: e.map((encoded) => decodeElement(encoded, missing)),
    jobs: j ?? [],
    subscriptions: s ?? [],
    incidents: i ?? [],
    arrivals: a ?? [],
  };
}

function decodeElement(
  [id, element, scope, startedAt, phase, variables, task, external, called, loop]: EncodedElement,
  missing: MissingPayload[],
): ElementInstance {
  const instance: ElementInstance = { id, element, scope, startedAt, phase: PHASES[phase] ?? 'active' };
  if (variables) instance.variables = decodeVariables(variables, missing);
  if (task) instance.task = decodeTask(task);
  if (external) instance.externalTask = external;
  if (called !== null && called !== undefined) instance.calledInstance = called;
  if (loop) instance.loop = loop;
  return instance;
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
