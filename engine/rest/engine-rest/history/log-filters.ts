import type { FilterKinds } from '../list-parameters.ts';

/** Filters of instances, which every log has. */
const INSTANCE: FilterKinds = {
  processInstanceId: 'id',
  rootProcessInstanceId: 'id',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
};
const STATES: FilterKinds = { creationLog: 'flag', failureLog: 'flag', successLog: 'flag', deletionLog: 'flag' };

export const jobLogKinds: FilterKinds = {
  ...INSTANCE,
  ...STATES,
  logId: 'text',
  jobId: 'id',
  jobExceptionMessage: 'text',
  jobDefinitionId: 'text',
  jobDefinitionType: 'text',
  jobDefinitionConfiguration: 'text',
  activityIdIn: 'texts',
  failedActivityIdIn: 'texts',
  executionIdIn: 'ids',
  jobPriorityLowerThanOrEquals: 'number',
  jobPriorityHigherThanOrEquals: 'number',
};

export const externalTaskLogKinds: FilterKinds = {
  ...INSTANCE,
  ...STATES,
  logId: 'text',
  externalTaskId: 'id',
  topicName: 'text',
  workerId: 'text',
  errorMessage: 'text',
  activityIdIn: 'texts',
  activityInstanceIdIn: 'ids',
  executionIdIn: 'ids',
  priorityLowerThanOrEquals: 'number',
  priorityHigherThanOrEquals: 'number',
};

export const identityLinkKinds: FilterKinds = {
  ...INSTANCE,
  type: 'text',
  userId: 'text',
  groupId: 'text',
  dateBefore: 'time',
  dateAfter: 'time',
  taskId: 'id',
  operationType: 'text',
  assignerId: 'text',
};

export const userOperationKinds: FilterKinds = {
  ...INSTANCE,
  taskId: 'id',
  jobId: 'id',
  externalTaskId: 'id',
  userId: 'text',
  operationId: 'text',
  operationType: 'text',
  entityType: 'text',
  entityTypeIn: 'texts',
  category: 'text',
  categoryIn: 'texts',
  property: 'text',
  afterTimestamp: 'time',
  beforeTimestamp: 'time',
};

export const detailKinds: FilterKinds = {
  ...INSTANCE,
  processInstanceIdIn: 'ids',
  executionId: 'id',
  activityInstanceId: 'id',
  taskId: 'id',
  variableInstanceId: 'text',
  variableTypeIn: 'texts',
  variableNameLike: 'text',
  userOperationId: 'text',
  formFields: 'flag',
  variableUpdates: 'flag',
  excludeTaskDetails: 'flag',
  initial: 'flag',
  occurredBefore: 'time',
  occurredAfter: 'time',
};
