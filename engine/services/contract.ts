import type { ModifyInstanceInput } from '#engine/core/commands/modify-instance.ts';
import type { StartInstruction } from '#engine/core/modification/instructions.ts';
import type { ActivateAdHocInput } from '#engine/core/commands/activate-ad-hoc-elements.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Severity } from '#engine/definitions/problem.ts';
import type { Variables } from '#engine/core/values.ts';
import type { DecisionService } from './evaluate-decision.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { BatchService } from './batches.ts';
import type { MigrationService } from './migration.ts';
import type { SuspendDefinitions } from './definition-suspension.ts';
import type { JobAdministration } from './job-administration.ts';
import type { RestartConfiguration } from './restart.ts';

/**
 * Camunda's service names over the pure core: each method loads state, runs a core command, and records its events in
 * one transaction. `…Work` variants are generators, to be part of a larger transaction (raise alert = alert + start + ack).
 */
export interface ProcessEngine {
  repository: RepositoryService;
  runtime: RuntimeService;
  tasks: TaskService;
  externalTasks: ExternalTaskService;
  decisions: DecisionService;
  management: ManagementService;
  batches: BatchService;
  migration: MigrationService;
}

export interface DeployInput {
  name: string | null;
  source: string | null;
  /** null = standard content, shared by all districts. */
  tenant: string | null;
  resources: { name: string; content: Uint8Array }[];
  /** Camunda's `enable-duplicate-filtering` and `deploy-changed-only`. */
  duplicateFiltering?: boolean;
  changedOnly?: boolean;
  actor: Actor;
  /** Language of problem messages. */
  locale?: Locale;
}
export type Locale = 'zh-CN' | 'en';

export interface DeploymentResult {
  id: number;
  name: string | null;
  source: string | null;
  tenant: string | null;
  deployedAt: number;
  processDefinitions: DefinitionInfo[];
  decisionDefinitions: { id: number; key: string; version: number; name: string | null; resource: string }[];
  forms: { id: number; key: string; version: number; hash: string }[];
  /** What was deployed all the same: docs/bpmn-checks.md. */
  warnings: DeploymentProblem[];
}
export interface DeploymentProblem {
  resource: string;
  elementId: string | null;
  code: string;
  severity: Severity;
  /** In the caller's language. */
  message: string;
}
export interface DefinitionInfo {
  id: number;
  key: string;
  version: number;
  versionTag: string | null;
  name: string | null;
  tenant: string | null;
  deploymentId: number;
  resource: string;
  suspended: boolean;
  startFormKey: string | null;
  startableInTasklist: boolean;
}

export interface DeleteOptions {
  tenant: string;
  actor: Actor;
  /** Instances go too, running and ended. */
  cascade: boolean;
  skipListeners: boolean;
  skipIoMappings: boolean;
}

export interface RepositoryService {
  /** All or nothing. @throws RequestError 400 `DEPLOYMENT_REFUSED`, details.problems: DeploymentProblem[], warnings among them */
  deploy(input: DeployInput): Promise<DeploymentResult>;
  /** The district's own latest version, else the shared one. @throws RequestError 404 */
  latest(key: string, tenant: string): Promise<DefinitionInfo>;
  byId(id: number): Promise<DefinitionInfo>;
  /** @throws RequestError 404 for definitions that are not the district's own */
  suspend(input: SuspendDefinitions): Promise<void>;
  /** Removes a definition with its start events. @throws RequestError 409 `INSTANCES_RUNNING` without `cascade`; 404 */
  deleteDefinition(id: number, options: DeleteOptions): Promise<void>;
  /** The same for all that a deployment brought. */
  deleteDeployment(id: number, options: DeleteOptions): Promise<void>;
  xml(id: number): Promise<string>;
}

export interface StartInput {
  definition: { id: number } | { key: string };
  tenant: string;
  /** Area path of the instance; the caller's own when absent. */
  area: string;
  businessKey: string | null;
  variables: Variables;
  /** Begins at the start event of this message when the process has one, else as a start by key does. */
  startMessage?: string;
  /** Begins at these places instead of the start event. */
  instructions?: readonly StartInstruction[];
  skipListeners?: boolean;
  skipIoMappings?: boolean;
  actor: Actor;
  /** Same key and tenant within 7 days = the first answer again. */
  idempotencyKey?: string | null;
}
export interface StartedInstance {
  id: number;
  definitionId: number;
  definitionKey: string;
  businessKey: string | null;
  tenant: string;
  ended: boolean;
  variables: Variables;
}
export interface CorrelateInput {
  message: string;
  tenant: string;
  /** null = any area of the tenant. */
  area: string | null;
  businessKey?: string | null;
  processInstanceId?: number | null;
  correlationKeys?: Variables;
  localCorrelationKeys?: Variables;
  variables: Variables;
  variablesLocal?: Variables;
  all?: boolean;
  /** With `all`: nobody who waits is no error. */
  mayMatchNone?: boolean;
  actor: Actor;
  idempotencyKey?: string | null;
}
export interface SignalInput {
  name: string;
  tenant: string;
  /** Only instances of this area and those below get it, and those that it starts are of this area; null = the whole tenant. */
  area?: string | null;
  variables: Variables;
  /** Only this execution gets it. */
  executionId?: number | null;
  actor: Actor;
}
export interface EvaluateConditionsInput {
  tenant: string;
  /** Of the instances that are started. */
  area: string;
  businessKey: string | null;
  variables: Variables;
  /** Only this definition is looked at. */
  definitionId?: number | null;
  actor: Actor;
}
export type CorrelateResult = { kind: 'started'; instance: StartedInstance } | { kind: 'correlated'; instanceId: number; elementInstance: number; /** The process's after the command. */ variables: Variables };

export interface RuntimeService {
  start(input: StartInput): Promise<StartedInstance>;
  startWork(writes: Writes, input: StartInput): Work<StartedInstance>;
  /** @throws RequestError 400 `MISMATCHING_MESSAGE` when none, or (without `all`) more than one execution matches. */
  correlate(input: CorrelateInput): Promise<CorrelateResult[]>;
  correlateWork(writes: Writes, input: CorrelateInput): Work<CorrelateResult[]>;
  /** Lets a receive task without a message go on. @throws RequestError 404 when none waits there; 400 `EXECUTION_AMBIGUOUS` when several do */
  signalExecution(input: { executionId: number; tenant: string; area: string | null; variables: Variables; actor: Actor }): Promise<void>;
  /** Resolves when all who wait for the signal have it. @throws RequestError 404 when the one execution does not wait for it */
  signal(input: SignalInput): Promise<void>;
  /** Starts the processes whose conditional start event is true. @throws RequestError 400 `CONDITIONAL_START_MISSING` when there is no such event */
  evaluateConditions(input: EvaluateConditionsInput): Promise<StartedInstance[]>;
  /** `scope`: the element instance whose variables they are, set there even if an outer scope has them; the process's when absent. */
  setVariables(instanceId: number, changes: { set: Variables; remove: string[]; scope?: number }, actor: Actor): Promise<void>;
  /** Hands a message to the one execution that waits for it. @throws RequestError 404 `SUBSCRIPTION_NOT_FOUND` */
  triggerSubscription(subscriptionId: number, variables: Variables, actor: Actor): Promise<void>;
  /** `skipListeners`: execution and task listeners of what is canceled stay silent. */
  delete(instanceId: number, reason: string | null, actor: Actor, options?: { skipListeners: boolean; skipIoMappings?: boolean }): Promise<void>;
  /** Cancels and begins activities, all instructions or none. @throws RequestError 400 `MODIFICATION_INVALID`; 404 */
  modify(input: ModifyInstanceInput, actor: Actor): Promise<{ ended: boolean }>;
  /** Suspends or activates one instance. */
  setSuspended(instanceId: number, isSuspended: boolean, actor: Actor): Promise<void>;
  /** Begins an ended instance anew, as another one. @throws RequestError 400, 404 */
  restart(instanceId: number, configuration: RestartConfiguration, scope: { tenant: string; areas: readonly string[] }, actor: Actor): Promise<void>;
  /** Begins activities of an ad-hoc sub-process; `activated` = their element instances. @throws RequestError 400, 404, 409 */
  activateAdHoc(input: ActivateAdHocInput, actor: Actor): Promise<{ activated: number[] }>;
  completeAdHoc(where: { instanceId: number; elementInstance: number }, actor: Actor): Promise<void>;
}

export interface TaskService {
  /** @throws RequestError 409 `TASK_ALREADY_CLAIMED`; 404 */
  claim(taskId: number, userId: string, actor: Actor): Promise<void>;
  /** `owner`: refused with 409 `TASK_NOT_YOURS` unless this user has the task when it happens. */
  unclaim(taskId: number, actor: Actor, owner?: string): Promise<void>;
  assign(taskId: number, userId: string | null, actor: Actor): Promise<void>;
  complete(taskId: number, variables: Variables, actor: Actor, owner?: string): Promise<{ variables: Variables; ended: boolean }>;
  /** Ends the task with a BPMN error; where nobody catches it the path ends. @throws RequestError 404 */
  bpmnError(taskId: number, error: { code: string; message: string | null; variables: Variables }, actor: Actor): Promise<void>;
  /** The task stays open unless the catcher interrupts it. @throws RequestError 404; 500 `ESCALATION_NOT_CAUGHT` */
  bpmnEscalation(taskId: number, escalation: { code: string; variables: Variables }, actor: Actor): Promise<void>;
}

export interface FetchTopic {
  topicName: string;
  lockDurationMs: number;
  variables?: string[] | null;
  localVariables?: boolean;
  businessKey?: string;
  processDefinitionIdIn?: number[];
  processDefinitionKeyIn?: string[];
  processDefinitionVersionTag?: string;
  processVariables?: Record<string, unknown>;
  tenantIdIn?: string[];
  withoutTenantId?: boolean;
  includeExtensionProperties?: boolean;
}
export interface LockedTask {
  id: number;
  instanceId: number;
  definitionId: number;
  definitionKey: string;
  definitionVersionTag: string | null;
  businessKey: string | null;
  elementId: string;
  topic: string;
  workerId: string;
  lockExpiresAt: number;
  createdAt: number;
  retries: number | null;
  priority: number;
  errorMessage: string | null;
  errorDetails: string | null;
  tenant: string;
  variables: Variables;
  extensionProperties: Record<string, string> | null;
}
export interface ExternalTaskService {
  /** `waitMs` > 0 = long polling: resolves when something can be locked, or empty. */
  fetchAndLock(input: { workerId: string; maxTasks: number; usePriority: boolean; topics: FetchTopic[]; tenant: string; waitMs?: number; signal?: AbortSignal }): Promise<LockedTask[]>;
  /** All @throws RequestError 400 when locked by another worker, 404 when gone. */
  complete(id: number, input: { workerId: string; variables: Variables; localVariables: Variables }, actor: Actor): Promise<void>;
  failure(id: number, input: { workerId: string; errorMessage: string | null; errorDetails: string | null; retries: number; retryTimeoutMs: number; variables: Variables; localVariables: Variables }, actor: Actor): Promise<void>;
  bpmnError(id: number, input: { workerId: string; errorCode: string; errorMessage: string | null; variables: Variables }, actor: Actor): Promise<void>;
  lock(id: number, input: { workerId: string; lockDurationMs: number }): Promise<void>;
  extendLock(id: number, input: { workerId: string; newDurationMs: number }): Promise<void>;
  unlock(id: number): Promise<void>;
  setRetries(id: number, retries: number, actor: Actor): Promise<void>;
  setPriority(id: number, priority: number, actor: Actor): Promise<void>;
}

export interface ManagementService extends JobAdministration {
  /** Runs a job now, whether it is due or not. */
  executeJob(jobId: number, actor: Actor): Promise<void>;
}
