import type { CompensationState, IncidentState, InstanceState, JobState, SubscriptionState, TaskState } from './state.ts';
import type { TypedValue, Variables } from './values.ts';

/**
 * The facts that the core records, in the order they happened. The store applies the same list to the runtime
 * tables and appends it to history; `apply.ts` folds it into `InstanceState`.
 * `instance` is the process instance, `id` the element instance (= task id, external task id) unless named otherwise.
 */
export type EngineEvent = { instance: number } & (
  | { type: 'InstanceStarted'; header: InstanceHeader; startElement: number | null }
  | { type: 'InstanceEnded'; outcome: EndState; element: number | null; reason: string | null }
  | { type: 'InstanceSuspended' }
  | { type: 'InstanceActivated' }
  /** A token came to an element; `flow` = the sequence flow it took, null for scopes' starts and triggers. */
  | {
      type: 'ElementActivated';
      id: number;
      element: number;
      scope: number;
      phase: 'before' | 'active' | 'body' | 'compensating';
      flow: number | null;
      at: number;
      /** Set when it belongs to a compensation. */
      thrower?: number;
    }
  | { type: 'ElementContinued'; id: number; phase: 'active' | 'after' | 'body' }
  | { type: 'ElementCompleted'; id: number; element: number }
  | { type: 'ElementCanceled'; id: number; element: number }
  | { type: 'TokenArrived'; gateway: number; scope: number; flow: number }
  /** One token of each flow is used up. `phase` is a complex gateway's: it fires (`start`), later it is ready again (`reset`). */
  | { type: 'GatewayJoined'; gateway: number; scope: number; flows: number[]; phase?: 'start' | 'reset' }
  /**
   * Tokens that waited at the joins of a scope are gone, as the scope is canceled, terminated or taken over by an event
   * sub-process; a modification may take away those of one gateway, or of one of its flows.
   */
  | { type: 'ArrivalsCanceled'; scope: number; gateway?: number; flow?: number }
  /** A completed activity can be compensated from now on. */
  | { type: 'CompensationRecorded'; record: CompensationState }
  /** A throwing event takes completed activities; their turn comes one after the other. */
  | { type: 'CompensationTriggered'; thrower: number; compensations: number[] }
  /** It is being undone, which happens once; what is recorded inside it goes on inside the element instance `inside`. */
  | { type: 'CompensationStarted'; compensation: number; inside: number | null }
  | { type: 'VariableSet'; scope: number; name: string; value: TypedValue; old?: TypedValue }
  | { type: 'VariableRemoved'; scope: number; name: string; old: TypedValue }
  | { type: 'UserTaskCreated'; id: number; element: number; task: TaskState }
  | { type: 'UserTaskUpdated'; id: number; change: Partial<TaskState>; old: Partial<TaskState>; operation: TaskOperation }
  /** `completed` by a person, `canceled` by an interrupting event or the end of its scope. */
  | { type: 'UserTaskEnded'; id: number; element: number; reason: 'completed' | 'canceled' }
  | { type: 'ExternalTaskCreated'; id: number; element: number; topic: string; priority: number }
  | {
      type: 'ExternalTaskFailed';
      id: number;
      element: number;
      retries: number;
      retryAt: number;
      message: string | null;
      details: string | null;
    }
  | { type: 'ExternalTaskRetriesSet'; id: number; retries: number }
  | { type: 'ExternalTaskPrioritySet'; id: number; priority: number }
  | { type: 'ExternalTaskEnded'; id: number; element: number; reason: 'completed' | 'canceled' | 'error'; worker: string | null }
  | { type: 'JobCreated'; job: JobState }
  | { type: 'JobExecuted'; job: number }
  /** A cycle timer's next run: the same job, due again. */
  | { type: 'JobRescheduled'; job: number; dueAt: number; repeatLeft: number }
  | { type: 'JobFailed'; job: number; retries: number; dueAt: number; message: string; details: string | null }
  | { type: 'JobRetriesSet'; job: number; retries: number; dueAt: number }
  | { type: 'JobDueDateSet'; job: number; dueAt: number }
  | { type: 'JobPrioritySet'; job: number; priority: number }
  /** A suspended job is not run until it is activated; its instance may be active all the same. */
  | { type: 'JobSuspended'; job: number }
  | { type: 'JobActivated'; job: number }
  | { type: 'JobCanceled'; job: number }
  | { type: 'SubscriptionOpened'; subscription: SubscriptionState }
  | { type: 'SubscriptionClosed'; subscription: number; reason: 'correlated' | 'canceled' }
  /** A signal, or a change that made a condition true, came for an event that does not interrupt: the subscription stays open. */
  | { type: 'EventReceived'; subscription: number; name: string; element: number }
  /** A non-interrupting message arrived: the subscription stays open. */
  | { type: 'MessageReceived'; subscription: number; name: string; element: number }
  | { type: 'MessageThrown'; element: number; name: string }
  /** `caughtIn` = the instance whose element `caughtBy` is, when it is a calling one. */
  | { type: 'ErrorThrown'; id: number; element: number; code: string; message: string | null; caughtBy: number | null; caughtIn?: number }
  /** Nobody caught it = `caughtBy` null; the thrower went on. `caughtIn` as above. */
  | { type: 'EscalationThrown'; id: number; element: number; code: string; caughtBy: number | null; caughtIn?: number }
  /** Catchers of the same tree have it in the same command; all others get it from the outbox. `isAsync`: those of the tree as well. */
  | { type: 'SignalThrown'; element: number; name: string; isAsync: boolean; businessKey: string | null; variables: Variables }
  | { type: 'IncidentCreated'; incident: IncidentState }
  | { type: 'IncidentResolved'; incident: number }
  | { type: 'InstanceCalled'; id: number; element: number; called: number }
  /** `total` null = a standard loop. */
  | { type: 'LoopStarted'; id: number; total: number | null; items: TypedValue | null; apart?: true }
  /** `total` and `skipped`: a modification has added an item, or taken one away. */
  | { type: 'LoopAdvanced'; id: number; completed: number; active: number; total?: number | null; skipped?: number }
  /** An item, whose place is `index`, gave a value for the output collection of its body `id`. */
  | { type: 'LoopOutputAdded'; id: number; item: number; index: number; value: TypedValue }
  /** What an ad-hoc sub-process keeps in mind has changed. */
  | { type: 'AdHocChanged'; id: number; waiting: number[]; closing: boolean }
  /**
   * The instance goes on in another version: `elements` and `flows` say what became of each index of the old model (pairs of from and to)
   * that the state may still hold. What is told before it is of the old model, what comes after it of the new one.
   */
  | {
      type: 'InstanceMigrated';
      from: number;
      definitionId: number;
      elements: [from: number, to: number][];
      flows: [from: number, to: number][];
      /** Loop bodies whose items are no longer kept apart. */
      together?: number[];
    }
  /** A migration has put scopes around what runs, or taken them away. */
  | { type: 'TokensMoved'; moves: TokensMove[] }
  | { type: 'DecisionEvaluated'; id: number; element: number; decision: DecisionRecord }
);

/** Element instances, tokens at these joins, and compensations that stood in one scope and stand in another one now. */
export interface TokensMove {
  from: number;
  to: number;
  elements: number[];
  gateways: number[];
  compensations: number[];
}

export type EventType = EngineEvent['type'];
export type EventOf<T extends EventType> = Extract<EngineEvent, { type: T }>;

export type TaskOperation = 'claim' | 'unclaim' | 'assign' | 'delegate' | 'resolve' | 'update';

/** Camunda 7's end states of a historic process instance. */
export type EndState = 'COMPLETED' | 'EXTERNALLY_TERMINATED' | 'INTERNALLY_TERMINATED';

export type InstanceHeader = Pick<
  InstanceState,
  'definitionId' | 'rootId' | 'superId' | 'superElementInstance' | 'businessKey' | 'tenant' | 'area' | 'startedAt' | 'startedBy'
>;

export interface DecisionRecord {
  key: string;
  version: number;
  definitionId: number;
  /** Ids of the rules that matched, in the order of the table. */
  rules: string[];
  inputs: Variables;
  outputs: Variables[];
  /** Of tables with hit policy COLLECT and an aggregation: what it makes of the outputs. */
  collectResult?: TypedValue;
  /**
   * Decisions that were evaluated before it because it requires them, directly or through others, in the order of evaluation.
   * For decision services: all decisions that ran.
   */
  required?: RequiredDecisionRecord[];
}

export type RequiredDecisionRecord = Omit<DecisionRecord, 'required'>;
