import type { TaskState } from '#engine/core/state.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

/** Camunda's TaskDto. */
export function presentTask(row: Row) {
  return {
    id: wireId(row.id),
    name: wireText(row.name),
    assignee: wireText(row.assignee),
    created: wireTime(row.created_at),
    lastUpdated: null,
    due: wireTime(row.due_at),
    followUp: wireTime(row.follow_up_at),
    delegationState: null,
    description: wireText(row.description),
    executionId: wireId(row.id),
    owner: wireText(row.owner),
    parentTaskId: null,
    priority: Number(row.priority),
    processDefinitionId: wireId(row.definition_id),
    processInstanceId: wireId(row.instance_id),
    taskDefinitionKey: wireText(row.element),
    caseExecutionId: null,
    caseInstanceId: null,
    caseDefinitionId: null,
    suspended: row.status === 'suspended',
    formKey: wireText(row.form_key),
    camundaFormRef: null,
    tenantId: wireTenant(row.tenant),
    taskState: 'Created',
  };
}

export function presentIdentityLinks(task: TaskState) {
  const user = (userId: string, type: string) => ({ userId, groupId: null, type });
  return [
    ...(task.assignee === null ? [] : [user(task.assignee, 'assignee')]),
    ...(task.owner === null ? [] : [user(task.owner, 'owner')]),
    ...task.candidateUsers.map((userId) => user(userId, 'candidate')),
    ...task.candidateGroups.map((groupId) => ({ userId: null, groupId, type: 'candidate' })),
  ];
}
