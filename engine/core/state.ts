import type { Variables } from './values.ts';

/**
 * The runtime state of one process instance: the scope tree with tokens and variables.
 * It is what the blob in `process_instance.state` holds, and what folding the instance's events gives.
 * A token is an active element instance; ids are integers below 2^53.
 */
export interface InstanceState {
  id: number;
  definitionId: number;
  /** The instance at the top of the call-activity tree; its own id for a root. */
  rootId: number;
  /** The calling instance and the element instance of its call activity. */
  superId?: number;
  superElementInstance?: number;
  businessKey: string | null;
  tenant: string;
  /** Area path `district/street/community`, e.g. `120103/120103008/120103008011`. */
  area: string;
  startedAt: number;
  startedBy: string | null;
  status: 'active' | 'suspended' | 'ended';
  /** Active element instances; the first one is the process scope, its id = the instance's id. */
  elements: ElementInstance[];
  jobs: JobState[];
  subscriptions: SubscriptionState[];
  incidents: IncidentState[];
  /** Tokens that wait at joining parallel gateways. */
  arrivals: Arrival[];
}

export interface ElementInstance {
  /** Also the id of the user task, external task and execution that belong to it (opaque on the wire). */
  id: number;
  /** Index into the model's elements. */
  element: number;
  /** Id of the enclosing scope's element instance; 0 for the process scope. */
  scope: number;
  startedAt: number;
  /** `before`/`after`: parked at an async continuation. `body`: the multi-instance body around its items. */
  phase: 'before' | 'active' | 'after' | 'body';
  /** Local variables; for scopes their own. */
  variables?: Variables;
  task?: TaskState;
  externalTask?: ExternalTaskState;
  /** Instance started by a call activity. */
  calledInstance?: number;
  /** Of a multi-instance body. */
  loop?: { total: number; completed: number; active: number; items: unknown[] | null };
}

export interface TaskState {
  name: string | null;
  description: string | null;
  assignee: string | null;
  owner: string | null;
  candidateUsers: string[];
  candidateGroups: string[];
  priority: number;
  dueAt: number | null;
  followUpAt: number | null;
  formKey: string | null;
  formRef?: { key: string; binding: string; version?: number };
}

export interface ExternalTaskState {
  topic: string;
  priority: number;
  /** null until a worker reports a failure. */
  retries: number | null;
  errorMessage: string | null;
}

export type JobKind = 'timer' | 'async-before' | 'async-after' | 'send-message';

export interface JobState {
  id: number;
  kind: JobKind;
  /** Element index that the job acts for: the timer event, or the async element. */
  element: number;
  /** Element instance that owns the job: cancelled together with it. */
  owner: number;
  dueAt: number;
  retries: number;
  priority: number;
  /** `timer` with a cycle: repetitions left (-1 = endless) and the cycle's text. */
  repeat?: { left: number; cycle: string };
  /** `send-message`. */
  message?: ThrownMessage;
}

export interface ThrownMessage {
  name: string;
  businessKey: string | null;
  correlationKeys: Variables;
  variables: Variables;
}

export interface SubscriptionState {
  id: number;
  kind: 'message';
  name: string;
  /** Element index of the catching event, receive task, boundary event or event sub-process start. */
  element: number;
  owner: number;
}

export interface IncidentState {
  id: number;
  kind: 'failedJob' | 'failedExternalTask';
  element: number;
  /** Job or external task id. */
  source: number;
  message: string | null;
  at: number;
}

export interface Arrival {
  gateway: number;
  scope: number;
  flow: number;
  count: number;
}
