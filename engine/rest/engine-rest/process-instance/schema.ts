import type { FilterKinds } from '../list-parameters.ts';
import { wireValueSchema, wireVariablesSchema, type WireValue, type WireVariables } from '../variable-values.ts';

export const processInstanceFilters: FilterKinds = {
  processInstanceIds: 'ids',
  businessKey: 'text',
  businessKeyLike: 'text',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  processDefinitionKeyIn: 'texts',
  superProcessInstance: 'id',
  subProcessInstance: 'id',
  rootProcessInstances: 'flag',
  active: 'flag',
  suspended: 'flag',
  withIncident: 'flag',
  incidentType: 'text',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  variables: 'variables',
};

export const deleteQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(['skipCustomListeners', 'skipIoMappings', 'failIfNotExists'].map((name) => [name, { enum: ['true', 'false'] }])),
    // Called instances always end with their caller.
    skipSubprocesses: { enum: ['false'] },
  },
};

export const modifyVariablesBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    modifications: wireVariablesSchema,
    deletions: { type: ['array', 'null'], maxItems: 1000, items: { type: 'string', maxLength: 190 } },
  },
};
export interface ModifyVariablesBody {
  modifications?: WireVariables | null;
  deletions?: string[] | null;
}

export const variableBody = wireValueSchema;
export type VariableBody = WireValue;
