import type { FilterKinds } from '../list-parameters.ts';
import { startInstructionsSchema, type WireInstruction } from '../modification/instructions.ts';
import { wireVariablesSchema, type WireVariables } from '../variable-values.ts';

export const definitionFilters: FilterKinds = {
  processDefinitionId: 'id',
  processDefinitionIdIn: 'ids',
  name: 'text',
  nameLike: 'text',
  deploymentId: 'id',
  key: 'text',
  keysIn: 'texts',
  keyLike: 'text',
  version: 'number',
  latestVersion: 'flag',
  resourceName: 'text',
  resourceNameLike: 'text',
  active: 'flag',
  suspended: 'flag',
  versionTag: 'text',
  versionTagLike: 'text',
  withoutVersionTag: 'flag',
  startableInTasklist: 'flag',
  notStartableInTasklist: 'flag',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  includeProcessDefinitionsWithoutTenantId: 'flag',
};

export const startBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    businessKey: { type: ['string', 'null'], maxLength: 255 },
    variables: wireVariablesSchema,
    caseInstanceId: { type: 'null' },
    startInstructions: startInstructionsSchema,
    skipCustomListeners: { type: ['boolean', 'null'] },
    skipIoMappings: { type: ['boolean', 'null'] },
    withVariablesInReturn: { type: 'boolean' },
  },
};
export interface StartBody {
  businessKey?: string | null;
  variables?: WireVariables | null;
  startInstructions?: WireInstruction[] | null;
  skipCustomListeners?: boolean | null;
  skipIoMappings?: boolean | null;
  withVariablesInReturn?: boolean;
}
