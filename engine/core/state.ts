import type { TypedValue, Variables } from './values.ts';

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
  /** Tokens that wait at joining gateways, in the order in which the first of each flow came. */
  arrivals: Arrival[];
  /** Of multi-instance bodies that are not complete yet. */
  outputs: LoopOutputState[];
  /** Items kept apart, or instances that it called, are not loaded: what needs all of them asks for them (`requireWhole`). Never stored. */
  partial?: true;
  /** Completed activities that can still be compensated, in the order of their completion. */
  compensations: CompensationState[];
}

export interface ElementInstance {
  /** Also the id of the user task, external task and execution that belong to it (opaque on the wire). */
  id: number;
  /** Index into the model's elements. */
  element: number;
  /** Id of the enclosing scope's element instance; 0 for the process scope. */
  scope: number;
  startedAt: number;
  /**
   * `before`/`after`: parked at an async continuation. `body`: the multi-instance body around its items.
   * `compensating`: a completed sub-process or body that is there again while what is inside it is compensated.
   */
  phase: 'before' | 'active' | 'after' | 'body' | 'compensating';
  /** Local variables; for scopes their own. */
  variables?: Variables;
  task?: TaskState;
  externalTask?: ExternalTaskState;
  /** Instance started by a call activity. */
  calledInstance?: number;
  /** Runs as part of a compensation: the throwing event, or the compensating scope, that waits for it. */
  thrower?: number;
  /** Of a multi-instance or standard loop body. */
  loop?: LoopState;
  /** Of an ad-hoc sub-process that is sequential or waits for its end. */
  adHoc?: AdHocState;
}

/** What remains of a completed activity, so that it can be undone; it is no token and nobody sees it. Its id was the element instance's. */
export interface CompensationState {
  id: number;
  /** The completed activity (element index). */
  element: number;
  /** What undoes it (element index): its handler or its compensation event sub-process; null = the compensations inside it. */
  handler: number | null;
  /** Id of the element instance around it, or of the compensation that this one became. */
  scope: number;
  /** Local variables at its completion: of a sub-process all, of a multi-instance item those of the loop. */
  variables?: Variables;
  /** Taken for compensation by this element instance, but its turn has not come yet. */
  thrower?: number;
}

/** The body's counters: items `0` to `completed + active + skipped - 1` have begun. */
export interface LoopState {
  /** null = a standard loop. */
  total: number | null;
  completed: number;
  active: number;
  /** Items that a modification has canceled. */
  skipped?: number;
  /** The collection, until all items have begun. */
  items: TypedValue | null;
  /** The store keeps each item apart from the instance: see `parts.ts`. */
  apart?: true;
}

/** What an item gave for the output collection of its loop. */
export interface LoopOutputState {
  /** Element instance ids. */
  body: number;
  item: number;
  index: number;
  value: TypedValue;
}

export interface AdHocState {
  /** Activities that wait for their turn (element indexes). */
  waiting: number[];
  /** No activity begins any more: it completes when nothing is active. */
  closing: boolean;
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

export type JobKind = 'timer' | 'async-before' | 'async-after' | 'loop' | 'send-message' | 'deliver-signal';

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
  /** Not run until it is activated, even when its instance is active. */
  suspended?: true;
  /** `timer` with a cycle: repetitions left (-1 = endless) and the cycle's text. */
  repeat?: { left: number; cycle: string };
  /** `send-message`. */
  message?: ThrownMessage;
  /** `deliver-signal`: the catcher failed while it handled a signal that was thrown elsewhere. */
  signal?: { subscription: number; variables: Variables };
  /** `timer` of a multiple event: which of its definitions. */
  definition?: number;
  /** `timer` of a user task: index of the `timeout` task listener it runs. */
  listener?: number;
  /** Steps since the last wait state of the path that made it; absent when the job itself is a wait. */
  steps?: number;
}

export interface ThrownMessage {
  name: string;
  businessKey: string | null;
  correlationKeys: Variables;
  variables: Variables;
}

/** `execution`: a receive task without a message; it goes on when its execution is signalled. */
export type SubscriptionKind = 'message' | 'signal' | 'conditional' | 'execution';

export interface SubscriptionState {
  id: number;
  kind: SubscriptionKind;
  /** Of the message or signal; empty for a condition. */
  name: string;
  /** Element index of the catching event, receive task, boundary event or event sub-process start. */
  element: number;
  owner: number;
  /** Of a multiple event: which of its definitions. */
  definition?: number;
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
  /** 0 only while `consumed`. */
  count: number;
  /** A complex gateway has fired with a token of this flow and waits for its reset. */
  consumed?: true;
}
