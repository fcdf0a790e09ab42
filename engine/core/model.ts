/**
 * The executable process: what `definitions/` makes of a BPMN file and what the core runs.
 * Frozen, JSON-serialisable (it is cached in the database by hash), elements and flows named by integer index.
 * `elements[0]` is the process itself.
 */
export interface ProcessModel {
  key: string;
  name?: string;
  versionTag?: string;
  /** Days or ISO text are kept as written; the store interprets them. */
  historyTimeToLive?: string;
  startableInTasklist: boolean;
  candidateStarterGroups: string[];
  candidateStarterUsers: string[];
  elements: readonly Element[];
  flows: readonly SequenceFlow[];
  /** BPMN id → index into `elements`. */
  indexById: Readonly<Record<string, number>>;
}

export interface SequenceFlow {
  index: number;
  id: string;
  name?: string;
  source: number;
  target: number;
  condition?: Expression;
  /** `camunda:executionListener` with event `take`; absent when there is none. */
  listeners?: Expression[];
}

/** `literal` needs no evaluation; `juel` is Camunda's `${…}`/`#{…}` (also as a template with text around it). */
export type Expression =
  | { language: 'literal'; value: string }
  | { language: 'juel'; source: string }
  | { language: 'feel'; source: string }
  | { language: 'javascript'; source: string };

export type ExecutableType =
  | 'bpmn:Process'
  | 'bpmn:SubProcess'
  | 'bpmn:Transaction'
  | 'bpmn:AdHocSubProcess'
  | 'bpmn:CallActivity'
  | 'bpmn:Task'
  | 'bpmn:ManualTask'
  | 'bpmn:UserTask'
  | 'bpmn:ServiceTask'
  | 'bpmn:SendTask'
  | 'bpmn:ReceiveTask'
  | 'bpmn:ScriptTask'
  | 'bpmn:BusinessRuleTask'
  | 'bpmn:ExclusiveGateway'
  | 'bpmn:ParallelGateway'
  | 'bpmn:InclusiveGateway'
  | 'bpmn:ComplexGateway'
  | 'bpmn:EventBasedGateway'
  | 'bpmn:StartEvent'
  | 'bpmn:IntermediateCatchEvent'
  | 'bpmn:IntermediateThrowEvent'
  | 'bpmn:BoundaryEvent'
  | 'bpmn:EndEvent';

interface ElementBase {
  index: number;
  id: string;
  name?: string;
  /** Index of the enclosing process or sub-process; -1 for the process itself. */
  parent: number;
  /** Flow indexes. */
  incoming: number[];
  outgoing: number[];
  defaultFlow?: number;
  asyncBefore: boolean;
  asyncAfter: boolean;
  /** `camunda:exclusive`, default true. */
  exclusive: boolean;
  jobPriority?: Expression;
  /** Waits before retry 1, 2, … in ms, from `camunda:failedJobRetryTimeCycle`; absent = 3 tries without wait. */
  retryWaitsMs?: number[];
  inputs: Mapping[];
  outputs: Mapping[];
  /** `camunda:executionListener`; absent when there is none. */
  listeners?: ExecutionListener[];
  multiInstance?: MultiInstance;
  standardLoop?: StandardLoop;
  /** Boundary events attached here (element indexes). */
  boundaryEvents: number[];
  /** The activity that undoes this one: associated with its compensation boundary event, no flow leads to it. */
  compensationHandler?: number;
  /** `isForCompensation`: this is such an activity. */
  isForCompensation?: boolean;
  /** `camunda:properties` and `songbai:*` attributes. */
  properties: Record<string, string>;
}

/** What a process and a sub-process have in common. */
export interface ScopeParts {
  /** Direct children that are flow nodes (element indexes), boundary events included. */
  children: number[];
  /** The none start event, or the only start event. */
  initial?: number;
  startEvents: number[];
  /** Children that are sub-processes with `triggeredByEvent`. */
  eventSubProcesses: number[];
}

/** `camunda:inputParameter` / `outputParameter`: text or expression, script, list, map. */
export interface Mapping {
  name: string;
  value: MappingValue;
}
export type MappingValue =
  | { kind: 'expression'; expression: Expression }
  /** Of a plugin's options, which are JSON; texts are expressions. */
  | { kind: 'value'; value: number | boolean | null }
  | { kind: 'list'; items: MappingValue[] }
  | { kind: 'map'; entries: Record<string, MappingValue> };

export interface ExecutionListener {
  event: 'start' | 'end';
  expression: Expression;
}

/** `camunda:taskListener`; only `timeout` has a timer. */
export interface TaskListener {
  event: TaskListenerEvent;
  expression: Expression;
  timer?: TimerDefinition;
}
export type TaskListenerEvent = 'create' | 'assignment' | 'update' | 'complete' | 'delete' | 'timeout';

export interface MultiInstance {
  sequential: boolean;
  cardinality?: Expression;
  /** Variable name or expression of the collection. */
  collection?: Expression;
  elementVariable?: string;
  completionCondition?: Expression;
  /** Async continuations of each item; those of the element itself stand around the whole body. */
  asyncBefore?: boolean;
  asyncAfter?: boolean;
  output?: LoopOutput;
}

/** What each item gives is collected in a list in the order of the items; null for an item that did not finish. */
export interface LoopOutput {
  /** Variable that receives the list when the body completes. */
  collection: string;
  /** Evaluated inside the item when it completes; a literal names a variable. */
  element: Expression;
}

/** BPMN's loop marker: the activity repeats as long as the condition is true, at most `maximum` times. */
export interface StandardLoop {
  /** true = the condition is asked before the first run too. */
  testBefore: boolean;
  condition?: Expression;
  maximum?: number;
}

export interface TimerDefinition {
  kind: 'date' | 'duration' | 'cycle';
  expression: Expression;
}
export interface MessageDefinition {
  name: Expression;
}
export interface ErrorDefinition {
  /** Absent on a catching event = catches every code. */
  code?: Expression;
  message?: Expression;
  /** `camunda:errorCodeVariable` / `camunda:errorMessageVariable`. */
  codeVariable?: string;
  messageVariable?: string;
}
export interface SignalDefinition {
  name: Expression;
  /** `camunda:in` of a throwing signal: what it carries. */
  in?: CallMapping[];
  /** For the instances that it starts. */
  businessKey?: Expression;
  /** `camunda:async`: those in the same tree get it like all others, in a transaction of their own. */
  async?: boolean;
}
export interface EscalationDefinition {
  /** Absent on a catching event = catches every code. */
  code?: Expression;
  /** `camunda:escalationCodeVariable`. */
  codeVariable?: string;
}
export interface ConditionalDefinition {
  condition: Expression;
  /** `camunda:variableName`: only changes of this variable count. */
  variableName?: string;
  /** `camunda:variableEvents`: only these changes count. */
  variableEvents?: VariableChange[];
}
export type VariableChange = 'create' | 'update' | 'delete';
/** `parallel` (catching only): all of them have to come; else any one. Throwing: all are thrown. */
export interface MultipleDefinition {
  type: 'multiple';
  parallel: boolean;
  definitions: Exclude<EventDefinition, MultipleDefinition>[];
}
export interface CompensationDefinition {
  /** Of a throwing event: the activity to compensate (element index); absent = all that are completed in the scope. */
  activityRef?: number;
  /** false: the throwing event goes on while the handlers run. */
  waitForCompletion: boolean;
}
export interface LinkDefinition {
  name: string;
  /** Of a throwing event: its catch event (element index). */
  target?: number;
}
export type EventDefinition =
  | { type: 'none' }
  | ({ type: 'message' } & MessageDefinition & { implementation?: ServiceImplementation })
  | ({ type: 'timer' } & TimerDefinition)
  | ({ type: 'error' } & ErrorDefinition)
  | ({ type: 'signal' } & SignalDefinition)
  | ({ type: 'escalation' } & EscalationDefinition)
  | ({ type: 'conditional' } & ConditionalDefinition)
  | MultipleDefinition
  | { type: 'terminate' }
  | ({ type: 'compensation' } & CompensationDefinition)
  | { type: 'cancel' }
  | ({ type: 'link' } & LinkDefinition);

/** Java classes and delegates never get this far: the deployment refuses them. */
export type ServiceImplementation =
  | { kind: 'external'; topic: Expression; priority?: Expression; errors: ExternalTaskError[] }
  | { kind: 'expression'; expression: Expression; resultVariable?: string }
  | { kind: 'decision'; ref: DecisionRef; resultVariable?: string; mapResult: DecisionResultMapping }
  | { kind: 'plugin'; plugin: string; options?: MappingValue; resultVariable?: string };

/** The local variable that holds a plugin task's evaluated options. */
export const PLUGIN_OPTIONS = 'pluginOptions';

/** `camunda:errorEventDefinition` on an external task. */
export interface ExternalTaskError {
  code?: Expression;
  expression: Expression;
}

export interface DecisionRef {
  key: Expression;
  binding: Binding;
}
export type DecisionResultMapping = 'singleEntry' | 'singleResult' | 'collectEntries' | 'resultList';

/** Camunda 7's bindings of call activities and decisions. */
export type Binding =
  | { kind: 'latest' }
  | { kind: 'deployment' }
  | { kind: 'version'; version: Expression }
  | { kind: 'versionTag'; versionTag: Expression };

/** `camunda:in` / `camunda:out`. */
export type CallMapping =
  | { kind: 'all'; local: boolean }
  | { kind: 'variable'; source: string; target: string; local: boolean }
  | { kind: 'expression'; expression: Expression; target: string; local: boolean };

export interface ProcessElement extends ElementBase, ScopeParts {
  type: 'bpmn:Process';
}
export interface SubProcess extends ElementBase, ScopeParts {
  type: 'bpmn:SubProcess' | 'bpmn:Transaction';
  triggeredByEvent: boolean;
}
/** Its activities begin on request, in any order and number; flows inside are followed. */
export interface AdHocSubProcess extends ElementBase, ScopeParts {
  type: 'bpmn:AdHocSubProcess';
  /** One activity at a time. */
  sequential: boolean;
  completionCondition?: Expression;
  /** What is still active when it completes is canceled; false = it completes after that. */
  cancelRemaining: boolean;
  /** Ids of the elements that begin at once: a list, or comma-separated text. */
  activeElements?: Expression;
}
export interface CallActivity extends ElementBase {
  type: 'bpmn:CallActivity';
  calledElement: Expression;
  binding: Binding;
  tenantId?: Expression;
  businessKey?: Expression;
  in: CallMapping[];
  out: CallMapping[];
}
export interface PlainTask extends ElementBase {
  type: 'bpmn:Task' | 'bpmn:ManualTask';
}
export interface UserTask extends ElementBase {
  type: 'bpmn:UserTask';
  assignee?: Expression;
  candidateUsers: Expression[];
  candidateGroups: Expression[];
  dueDate?: Expression;
  followUpDate?: Expression;
  priority?: Expression;
  formKey?: Expression;
  /** `camunda:formRef` with its binding; takes the place of `formKey` when present. */
  formRef?: { key: Expression; binding: Binding };
  description?: Expression;
  nameExpression?: Expression;
  /** Absent when there is none. */
  taskListeners?: TaskListener[];
}
export interface ServiceTask extends ElementBase {
  type: 'bpmn:ServiceTask' | 'bpmn:BusinessRuleTask' | 'bpmn:SendTask';
  implementation?: ServiceImplementation;
  /** Send task without an implementation: the message it hands to the correlation job. */
  message?: MessageDefinition;
}
export interface ReceiveTask extends ElementBase {
  type: 'bpmn:ReceiveTask';
  /** Absent: it waits until somebody signals its execution. */
  message?: MessageDefinition;
  /** Its message begins an instance here. */
  instantiate?: true;
}
export interface ScriptTask extends ElementBase {
  type: 'bpmn:ScriptTask';
  script: Expression;
  resultVariable?: string;
}
export interface Gateway extends ElementBase {
  type: 'bpmn:ExclusiveGateway' | 'bpmn:ParallelGateway' | 'bpmn:InclusiveGateway';
}
export interface ComplexGateway extends ElementBase {
  type: 'bpmn:ComplexGateway';
  /** Of a join: true when the tokens that have come are enough; sees `activationCount`. */
  activationCondition?: Expression;
}
export interface EventBasedGateway extends ElementBase {
  type: 'bpmn:EventBasedGateway';
  /** An instance begins at one of the messages behind it; `parallel`: it then waits for the others as well. */
  instantiate?: 'exclusive' | 'parallel';
}
export interface StartEvent extends ElementBase {
  type: 'bpmn:StartEvent';
  event: EventDefinition;
  /** Of an event sub-process's start event. */
  interrupting: boolean;
  formKey?: Expression;
  formRef?: { key: Expression; binding: Binding };
  /** `camunda:initiator`: variable that receives the starter's id. */
  initiator?: string;
}
export interface BoundaryEvent extends ElementBase {
  type: 'bpmn:BoundaryEvent';
  event: EventDefinition;
  attachedTo: number;
  interrupting: boolean;
}
export interface IntermediateEvent extends ElementBase {
  type: 'bpmn:IntermediateCatchEvent' | 'bpmn:IntermediateThrowEvent';
  event: EventDefinition;
}
export interface EndEvent extends ElementBase {
  type: 'bpmn:EndEvent';
  event: EventDefinition;
}

export type Element =
  | ProcessElement
  | SubProcess
  | AdHocSubProcess
  | CallActivity
  | PlainTask
  | UserTask
  | ServiceTask
  | ReceiveTask
  | ScriptTask
  | Gateway
  | ComplexGateway
  | EventBasedGateway
  | StartEvent
  | BoundaryEvent
  | IntermediateEvent
  | EndEvent;

/** The element type behind an executable BPMN type, e.g. `ElementOf<'bpmn:UserTask'>` = `UserTask`. */
export type ElementOf<T extends ExecutableType> =
  Extract<Element, { type: T }> extends never ? Extract<Element, { type: string }> & { type: T } : Extract<Element, { type: T }>;
