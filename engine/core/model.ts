import type { VariableType } from './values.ts';

/**
 * The executable process: what `definitions/` makes of a BPMN file and what the core runs.
 * Frozen, JSON-serialisable (it is cached in the database by hash), elements and flows named by integer index.
 * `elements[0]` is the process itself.
 */
export interface ProcessModel {
  key: string;
  name?: string;
  versionTag?: string;
  historyTimeToLive?: string;
  /** Days or ISO text are kept as written; the store interprets them. */
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
  multiInstance?: MultiInstance;
  /** Boundary events attached here (element indexes). */
  boundaryEvents: number[];
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
  | { kind: 'list'; items: MappingValue[] }
  | { kind: 'map'; entries: Record<string, MappingValue> };

export interface MultiInstance {
  sequential: boolean;
  cardinality?: Expression;
  /** Variable name or expression of the collection. */
  collection?: Expression;
  elementVariable?: string;
  completionCondition?: Expression;
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
export type EventDefinition =
  | { type: 'none' }
  | ({ type: 'message' } & MessageDefinition & { implementation?: ServiceImplementation })
  | ({ type: 'timer' } & TimerDefinition)
  | ({ type: 'error' } & ErrorDefinition)
  | { type: 'terminate' };

/** Java classes and delegates never get this far: the deployment refuses them. */
export type ServiceImplementation =
  | { kind: 'external'; topic: Expression; priority?: Expression; errors: ExternalTaskError[] }
  | { kind: 'expression'; expression: Expression; resultVariable?: string }
  | { kind: 'decision'; ref: DecisionRef; resultVariable?: string; mapResult: DecisionResultMapping }
  | { kind: 'plugin'; plugin: string };

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
  type: 'bpmn:SubProcess';
  triggeredByEvent: boolean;
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
}
export interface ServiceTask extends ElementBase {
  type: 'bpmn:ServiceTask' | 'bpmn:BusinessRuleTask' | 'bpmn:SendTask';
  implementation?: ServiceImplementation;
  /** Send task without an implementation: the message it hands to the correlation job. */
  message?: MessageDefinition;
}
export interface ReceiveTask extends ElementBase {
  type: 'bpmn:ReceiveTask';
  message: MessageDefinition;
}
export interface ScriptTask extends ElementBase {
  type: 'bpmn:ScriptTask';
  script: Expression;
  resultVariable?: string;
}
export interface Gateway extends ElementBase {
  type: 'bpmn:ExclusiveGateway' | 'bpmn:ParallelGateway' | 'bpmn:EventBasedGateway';
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
  | CallActivity
  | PlainTask
  | UserTask
  | ServiceTask
  | ReceiveTask
  | ScriptTask
  | Gateway
  | StartEvent
  | BoundaryEvent
  | IntermediateEvent
  | EndEvent;

/** The element type behind an executable BPMN type, e.g. `ElementOf<'bpmn:UserTask'>` = `UserTask`. */
export type ElementOf<T extends ExecutableType> =
  Extract<Element, { type: T }> extends never ? Extract<Element, { type: string }> & { type: T } : Extract<Element, { type: T }>;

export type { VariableType };
