import type { DecisionRecord } from './events.ts';
import type { Binding, DecisionRef, Expression, ProcessModel, TimerDefinition } from './model.ts';
import type { InstanceState, JobKind } from './state.ts';
import type { TypedValue, VariableType } from './values.ts';

/** All that the core needs from outside. Synchronous; what is not at hand yet is thrown as `NotLoaded` and the command runs again. */
export interface Ports {
  /** The command's time, database clock, UTC epoch ms. Constant during a command. */
  now: number;
  nextId(): number;
  /** Items of a parallel loop up to which they stay together in the state of the instance; 100 when absent. */
  mostTogether?: number;
  /** Steps that led to this command without a wait state in between; 0 when absent. */
  stepsBefore?: number;
  /** @throws ExpressionFailure when a variable is unknown or the evaluation fails. */
  evaluate(expression: Expression, context: EvaluationContext): unknown;
  /** Due time in UTC epoch ms and, for cycles, the repetitions after this one. @throws ExpressionFailure */
  timer(definition: TimerDefinition, context: EvaluationContext, now: number): TimerDue;
  /** The next due time of a running cycle. */
  nextCycle(cycle: string, previousDueAt: number, now: number): number;
  /** An ISO date, an ISO duration from now, or epoch ms, as `camunda:dueDate` allows. */
  dueDate(value: unknown, now: number): number | null;
  decide(ref: DecisionRef, context: EvaluationContext): DecisionOutcome;
  model(definitionId: number): ProcessModel;
  /** What an administrator has set for the jobs of an element; absent = nothing. */
  jobSetting?(definitionId: number, job: { element: string; kind: JobKind }): { suspended: boolean; priority: number | null } | undefined;
  /** For call activities. @throws NotLoaded, or Failure `DEFINITION_NOT_FOUND`. */
  definition(query: DefinitionQuery): { id: number; model: ProcessModel };
}

export interface TimerDue {
  dueAt: number;
  repeat?: { left: number; cycle: string };
}

export interface DefinitionQuery {
  key: string;
  binding:
    | Exclude<Binding, { kind: 'version' | 'versionTag' }>
    | { kind: 'version'; version: number }
    | { kind: 'versionTag'; versionTag: string };
  tenant: string;
  /** The caller's definition: `deployment` binding looks in the same deployment. */
  callerDefinitionId: number;
}

/** What an expression may read. Nothing from a request is ever evaluated, only read through here. */
export interface EvaluationContext {
  /** Looks through the scopes from the element outwards. */
  variable(name: string): TypedValue | undefined;
  /** Names visible from here, for scripts and decisions that want all. */
  variableNames(): string[];
  execution: ExecutionView;
  task?: TaskView | undefined;
  /** In `camunda:errorEventDefinition` only. */
  externalTask?: ExternalTaskView;
  /** Who runs the command; null for the engine itself. */
  userId?: string | null;
}
export interface ExecutionView {
  id: string;
  processInstanceId: string;
  processBusinessKey: string | null;
  processDefinitionId: string;
  processDefinitionKey: string;
  currentActivityId: string | null;
  currentActivityName: string | null;
  tenantId: string;
  areaPath: string;
  startUserId: string | null;
  /** Of the listener that asks: `start`, `end`, `take`, or the task listener's. */
  eventName?: string;
  /** Sequence flow of a `take` listener. */
  currentTransitionId?: string;
  /** These are there only where an expression may write: service task expressions, scripts, listeners. */
  setVariable?(name: string, variable: TypedValue): void;
  setVariableLocal?(name: string, variable: TypedValue): void;
  /** Of the nearest scope that has it. */
  removeVariable?(name: string): void;
}
export interface TaskView {
  id: string;
  name: string | null;
  description: string | null;
  assignee: string | null;
  owner: string | null;
  priority: number;
  /** Epoch ms. */
  dueAt: number | null;
  followUpAt: number | null;
  createdAt: number;
  formKey: string | null;
  candidateUsers: string[];
  candidateGroups: string[];
  /** BPMN id of the user task. */
  taskDefinitionKey: string;
  /** Of the task listener that asks; null elsewhere. */
  eventName: string | null;
  /** In task listeners only. */
  change?: WritableTask;
}
export interface WritableTask {
  /** Dates as `Ports.dueDate` takes them. @throws Failure `NUMBER_INVALID`, `TIMER_INVALID` */
  set(property: 'name' | 'description' | 'assignee' | 'owner' | 'priority' | 'dueDate' | 'followUpDate', value: unknown): void;
  addCandidates(kind: 'candidateUsers' | 'candidateGroups', names: string[]): void;
  deleteCandidate(kind: 'candidateUsers' | 'candidateGroups', name: string): void;
}
/** An external task at the moment its worker reports. */
export interface ExternalTaskView {
  id: string;
  topicName: string;
  workerId: string | null;
  /** Before this report; null until the first failure. */
  retries: number | null;
  priority: number;
  errorMessage: string | null;
  errorDetails: string | null;
}

export interface DecisionOutcome {
  record: DecisionRecord;
  /** One entry per result row; each maps output name → plain value. */
  results: Record<string, unknown>[];
}

export interface Actor {
  /** Account or API client name; null for the engine itself. */
  id: string | null;
  kind: 'user' | 'client' | 'engine';
}

/** The instances of one call-activity tree, as loaded for a command. */
export interface RootState {
  instances: Map<number, InstanceState>;
}

export type { VariableType };
