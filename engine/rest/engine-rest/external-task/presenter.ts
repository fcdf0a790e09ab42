import type { DefinitionRow } from '#engine/store/definition-store.ts';
import type { LockedTask } from '#engine/services/contract.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { toWireVariables } from '../variable-values.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

/** Camunda's LockedExternalTaskDto. */
export function presentLockedTask(task: LockedTask, deserialize: boolean) {
  const id = String(task.id);
  return {
    activityId: task.elementId,
    activityInstanceId: id,
    errorMessage: task.errorMessage,
    errorDetails: task.errorDetails,
    executionId: id,
    id,
    lockExpirationTime: wireTime(task.lockExpiresAt),
    createTime: wireTime(task.createdAt),
    processDefinitionId: String(task.definitionId),
    processDefinitionKey: task.definitionKey,
    processDefinitionVersionTag: task.definitionVersionTag,
    processInstanceId: String(task.instanceId),
    tenantId: wireTenant(task.tenant),
    retries: task.retries,
    suspended: false,
    workerId: task.workerId,
    priority: task.priority,
    topicName: task.topic,
    businessKey: task.businessKey,
    variables: toWireVariables(task.variables, deserialize),
    ...(task.extensionProperties && { extensionProperties: task.extensionProperties }),
  };
}

/** Camunda's ExternalTaskDto. */
export function presentExternalTask(row: Row, definition: DefinitionRow | undefined) {
  return {
    activityId: wireText(row.element),
    activityInstanceId: wireId(row.id),
    errorMessage: wireText(row.error_message),
    executionId: wireId(row.id),
    id: wireId(row.id),
    lockExpirationTime: row.worker_id === null ? null : wireTime(row.available_at),
    createTime: wireTime(row.created_at),
    processDefinitionId: wireId(row.definition_id),
    processDefinitionKey: definition?.key ?? null,
    processDefinitionVersionTag: definition?.versionTag ?? null,
    processInstanceId: wireId(row.instance_id),
    tenantId: wireTenant(row.tenant),
    retries: row.retries === null ? null : Number(row.retries),
    suspended: row.status === 'suspended',
    workerId: wireText(row.worker_id),
    priority: Number(row.priority),
    topicName: wireText(row.topic),
    businessKey: wireText(row.business_key),
  };
}
