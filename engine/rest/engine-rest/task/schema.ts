import type { FilterKinds } from '../list-parameters.ts';
import { wireVariablesSchema, type WireVariables } from '../variable-values.ts';

/** The words of Camunda's task query that are served; others are refused. */
export const taskFilters: FilterKinds = {
  taskId: 'id',
  taskIdIn: 'ids',
  processInstanceId: 'id',
  processInstanceIdIn: 'ids',
  processInstanceBusinessKey: 'text',
  processInstanceBusinessKeyIn: 'texts',
  processInstanceBusinessKeyLike: 'text',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  processDefinitionKeyIn: 'texts',
  executionId: 'id',
  assignee: 'text',
  assigneeIn: 'texts',
  assigneeNotIn: 'texts',
  assigneeLike: 'text',
  owner: 'text',
  assigned: 'flag',
  unassigned: 'flag',
  candidateGroup: 'text',
  candidateGroups: 'texts',
  candidateUser: 'text',
  taskDefinitionKey: 'text',
  taskDefinitionKeyIn: 'texts',
  taskDefinitionKeyNotIn: 'texts',
  taskDefinitionKeyLike: 'text',
  name: 'text',
  nameNotEqual: 'text',
  nameLike: 'text',
  description: 'text',
  descriptionLike: 'text',
  priority: 'number',
  minPriority: 'number',
  maxPriority: 'number',
  dueDate: 'time',
  dueAfter: 'time',
  dueBefore: 'time',
  withoutDueDate: 'flag',
  followUpDate: 'time',
  followUpAfter: 'time',
  followUpBefore: 'time',
  createdOn: 'time',
  createdAfter: 'time',
  createdBefore: 'time',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  active: 'flag',
  suspended: 'flag',
  processVariables: 'variables',
};

export const userBody = {
  type: 'object',
  additionalProperties: false,
  required: ['userId'],
  properties: { userId: { type: ['string', 'null'], maxLength: 190 } },
};
export interface UserBody {
  userId: string | null;
}

export const completeBody = {
  type: 'object',
  additionalProperties: false,
  properties: { variables: wireVariablesSchema, withVariablesInReturn: { type: 'boolean' }, businessKey: { type: ['string', 'null'] } },
};
export interface CompleteBody {
  variables?: WireVariables | null;
  withVariablesInReturn?: boolean;
}

const code = { type: 'string', minLength: 1, maxLength: 255 };

export const errorBody = {
  type: 'object',
  additionalProperties: false,
  required: ['errorCode'],
  properties: { errorCode: code, errorMessage: { type: ['string', 'null'], maxLength: 4000 }, variables: wireVariablesSchema },
};
export interface ErrorBody {
  errorCode: string;
  errorMessage?: string | null;
  variables?: WireVariables | null;
}

export const escalationBody = {
  type: 'object',
  additionalProperties: false,
  required: ['escalationCode'],
  properties: { escalationCode: code, variables: wireVariablesSchema },
};
export interface EscalationBody {
  escalationCode: string;
  variables?: WireVariables | null;
}

export const variablesQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    variableNames: { type: 'string', maxLength: 4000 },
    deserializeValues: { enum: ['true', 'false'] },
    deserializeValue: { enum: ['true', 'false'] },
  },
};
