import { equals, flag, like, oneOf, type ListModel } from './filtered-list.ts';

const NEWEST =
  'NOT EXISTS (SELECT 1 FROM decision_definition n WHERE n.tenant = d.tenant AND n.decision_key = d.decision_key AND n.version > d.version)';

/** Decisions of a district and of the shared standard. */
export const decisionDefinitionList: ListModel = {
  columns: 'd.id, d.tenant, d.decision_key, d.version, d.version_tag, d.name, d.deployment_id, d.resource, d.model_hash',
  from: 'decision_definition d',
  tenant: 'd.tenant',
  area: null,
  includesShared: true,
  filters: {
    decisionDefinitionId: equals('d.id'),
    decisionDefinitionIdIn: oneOf('d.id'),
    name: equals('d.name'),
    nameLike: like('d.name'),
    deploymentId: equals('d.deployment_id'),
    key: equals('d.decision_key'),
    keyLike: like('d.decision_key'),
    version: equals('d.version'),
    latestVersion: flag(NEWEST, '1 = 1'),
    resourceName: equals('d.resource'),
    resourceNameLike: like('d.resource'),
    versionTag: equals('d.version_tag'),
    versionTagLike: like('d.version_tag'),
    tenantIdIn: oneOf('d.tenant'),
    withoutTenantId: flag("d.tenant = ''", '1 = 1'),
    includeDecisionDefinitionsWithoutTenantId: flag('1 = 1', '1 = 1'),
  },
  sorts: {
    id: 'd.id',
    key: 'd.decision_key',
    name: 'd.name',
    version: 'd.version',
    deploymentId: 'd.deployment_id',
    tenantId: 'd.tenant',
    versionTag: 'd.version_tag',
  },
  tieBreaker: 'd.id',
};
