import type { ExternalTaskLogEntry } from '#engine/history/external-task-log.ts';
import type { IdentityLinkEntry } from '#engine/history/identity-link-log.ts';
import type { JobLogEntry } from '#engine/history/job-log.ts';
import type { LogEntry } from '#engine/history/log.ts';
import type { UserOperation } from '#engine/history/user-operation-log.ts';
import type { VariableUpdate } from '#engine/history/variable-log.ts';
import { variableId } from '#engine/history/variables.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import { jobDefinitionId } from '../job-definition/find-job-definition.ts';
import { toWireValue } from '../variable-values.ts';
import { wireId, wireTenant, wireTime } from '../wire-format.ts';

/** What Camunda's history objects have in common. Removal times are those of the instance: `/history/process-instance`. */
function base({ instance }: LogEntry, definition: DefinitionRow | undefined) {
  return {
    processDefinitionKey: definition?.key ?? null,
    processDefinitionId: wireId(instance.definitionId),
    processInstanceId: wireId(instance.id),
    rootProcessInstanceId: wireId(instance.rootId),
    tenantId: wireTenant(instance.tenant),
    removalTime: null,
  };
}

const states = (state: JobLogEntry['state']) => ({
  creationLog: state === 'created',
  failureLog: state === 'failed',
  successLog: state === 'successful',
  deletionLog: state === 'deleted',
});

export function definitionOfJob({ kind, element, instance }: JobLogEntry): string | null {
  return kind === null || element === null ? null : jobDefinitionId({ definitionId: instance.definitionId, kind, element });
}

/** Camunda's HistoricJobLogDto. */
export function presentJobLog(entry: JobLogEntry, definition: DefinitionRow | undefined) {
  return {
    id: entry.id,
    timestamp: wireTime(entry.at),
    jobId: wireId(entry.job),
    jobDueDate: wireTime(entry.dueAt),
    jobRetries: entry.retries,
    jobPriority: entry.priority,
    jobExceptionMessage: entry.message,
    failedActivityId: entry.state === 'failed' ? entry.element : null,
    jobDefinitionId: definitionOfJob(entry),
    jobDefinitionType: entry.type,
    jobDefinitionConfiguration: entry.kind,
    activityId: entry.element,
    executionId: wireId(entry.owner),
    deploymentId: definition ? wireId(definition.deploymentId) : null,
    hostname: null,
    batchId: null,
    ...base(entry, definition),
    ...states(entry.state),
  };
}

/** Camunda's HistoricExternalTaskLogDto. */
export function presentExternalTaskLog(entry: ExternalTaskLogEntry, definition: DefinitionRow | undefined) {
  return {
    id: entry.id,
    timestamp: wireTime(entry.at),
    externalTaskId: wireId(entry.task),
    topicName: entry.topic,
    workerId: entry.worker,
    retries: entry.retries,
    priority: entry.priority,
    errorMessage: entry.message,
    activityId: entry.element,
    activityInstanceId: wireId(entry.task),
    executionId: wireId(entry.task),
    ...base(entry, definition),
    ...states(entry.state),
  };
}

/** Camunda's HistoricIdentityLinkLogDto. */
export function presentIdentityLink(entry: IdentityLinkEntry, definition: DefinitionRow | undefined) {
  const { processInstanceId: _, ...rest } = base(entry, definition);
  return {
    id: entry.id,
    time: wireTime(entry.at),
    type: entry.type,
    userId: entry.user,
    groupId: entry.group,
    taskId: wireId(entry.task),
    operationType: entry.operation,
    assignerId: entry.assigner,
    ...rest,
  };
}

/** Camunda's UserOperationLogEntryDto. */
export function presentUserOperation(entry: UserOperation, definition: DefinitionRow | undefined) {
  return {
    id: entry.id,
    operationId: entry.operationId,
    userId: entry.user,
    timestamp: wireTime(entry.at),
    operationType: entry.type,
    entityType: entry.entity,
    category: entry.category,
    annotation: null,
    property: entry.property,
    orgValue: entry.before,
    newValue: entry.now,
    deploymentId: definition ? wireId(definition.deploymentId) : null,
    executionId: null,
    caseDefinitionId: null,
    caseInstanceId: null,
    caseExecutionId: null,
    taskId: wireId(entry.task),
    externalTaskId: wireId(entry.externalTask),
    batchId: null,
    jobId: wireId(entry.job),
    jobDefinitionId: null,
    ...base(entry, definition),
  };
}

/** Camunda's HistoricVariableUpdateDto and HistoricFormFieldDto. */
export function presentDetail(entry: VariableUpdate, definition: DefinitionRow | undefined, query: Record<string, string | undefined>) {
  const value = toWireValue(entry.value ?? { type: 'Null', value: null }, query['deserializeValues'] !== 'false');
  const head = {
    id: entry.id,
    type: entry.kind,
    ...base(entry, definition),
    activityInstanceId: wireId(entry.scope),
    executionId: wireId(entry.scope),
    caseDefinitionKey: null,
    caseDefinitionId: null,
    caseInstanceId: null,
    caseExecutionId: null,
    taskId: wireId(entry.task),
    userOperationId: `${entry.instance.id}:${entry.command}`,
    time: wireTime(entry.at),
  };
  if (entry.kind === 'formField') return { ...head, fieldId: entry.name, fieldValue: value.value };
  return {
    ...head,
    variableName: entry.name,
    variableInstanceId: variableId(entry.instance.id, entry.scope, entry.name),
    variableType: value.type,
    value: value.value,
    valueInfo: value.valueInfo,
    initial: entry.initial,
    revision: entry.revision,
    errorMessage: null,
  };
}
