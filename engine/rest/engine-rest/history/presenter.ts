import type { ProcessModel } from '#engine/core/model.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import type { Row, SqlValue } from '#engine/store/unit-of-work.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';
import { activityType } from './activity-type.ts';

const duration = (from: SqlValue | undefined, to: SqlValue | undefined): number | null =>
  to === null || to === undefined ? null : Number(to) - Number(from);

/** Camunda's HistoricProcessInstanceDto. */
export function presentHistoricInstance(row: Row, definition: DefinitionRow | undefined, model: ProcessModel, removalTime: number | null) {
  const root = model.elements[0];
  const initial = root?.type === 'bpmn:Process' && root.initial !== undefined ? model.elements[root.initial] : undefined;
  return {
    id: wireId(row.id),
    businessKey: wireText(row.business_key),
    processDefinitionId: wireId(row.definition_id),
    processDefinitionKey: definition?.key ?? null,
    processDefinitionName: definition?.name ?? null,
    processDefinitionVersion: definition?.version ?? null,
    startTime: wireTime(row.started_at),
    endTime: wireTime(row.ended_at),
    removalTime: wireTime(removalTime),
    durationInMillis: duration(row.started_at, row.ended_at),
    startUserId: wireText(row.started_by),
    startActivityId: initial?.id ?? null,
    deleteReason: wireText(row.delete_reason),
    rootProcessInstanceId: wireId(row.root_id),
    superProcessInstanceId: wireId(row.super_id),
    superCaseInstanceId: null,
    caseInstanceId: null,
    tenantId: wireTenant(row.tenant),
    state: wireText(row.end_state),
    restartedProcessInstanceId: null,
  };
}

/** Camunda's HistoricTaskInstanceDto. */
export function presentHistoricTask(row: Row, definition: DefinitionRow | undefined) {
  const reason = wireText(row.reason);
  return {
    id: wireId(row.id),
    processDefinitionKey: definition?.key ?? null,
    processDefinitionId: wireId(row.definition_id),
    processInstanceId: wireId(row.instance_id),
    executionId: wireId(row.id),
    caseDefinitionKey: null,
    caseDefinitionId: null,
    caseInstanceId: null,
    caseExecutionId: null,
    activityInstanceId: wireId(row.id),
    name: wireText(row.name),
    description: wireText(row.description),
    deleteReason: reason === 'canceled' ? 'deleted' : reason,
    owner: wireText(row.owner),
    assignee: wireText(row.assignee),
    startTime: wireTime(row.created_at),
    endTime: wireTime(row.ended_at),
    duration: duration(row.created_at, row.ended_at),
    taskDefinitionKey: wireText(row.element),
    priority: Number(row.priority),
    due: wireTime(row.due_at),
    followUp: wireTime(row.follow_up_at),
    parentTaskId: null,
    tenantId: wireTenant(row.tenant),
    removalTime: null,
    rootProcessInstanceId: null,
    taskState: reason === null ? 'Created' : reason === 'completed' ? 'Completed' : 'Deleted',
  };
}

/** Camunda's HistoricActivityInstanceDto; a row of `historicActivityList`, or a running element in the same shape. */
export function presentActivity(row: Row, definition: DefinitionRow | undefined, model: ProcessModel) {
  const id = wireText(row.element) ?? '';
  const element = model.elements[model.indexById[id] ?? -1];
  return {
    id: wireId(row.element_instance),
    parentActivityInstanceId: null,
    activityId: row.element_type === 'multiInstanceBody' ? `${id}#multiInstanceBody` : id,
    activityName: element?.name ?? null,
    activityType: activityType(String(row.element_type), element),
    processDefinitionKey: definition?.key ?? null,
    processDefinitionId: wireId(row.definition_id),
    processInstanceId: wireId(row.instance_id),
    executionId: wireId(row.element_instance),
    taskId: wireId(row.task_id),
    assignee: wireText(row.assignee),
    calledProcessInstanceId: wireId(row.called_instance),
    calledCaseInstanceId: null,
    startTime: wireTime(row.started_at),
    endTime: wireTime(row.ended_at),
    durationInMillis: duration(row.started_at, row.ended_at),
    canceled: Number(row.canceled) === 1,
    completeScope: false,
    tenantId: wireTenant(row.tenant),
    removalTime: null,
    rootProcessInstanceId: wireId(row.root_id),
  };
}
