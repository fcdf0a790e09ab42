import { compares, equals, flag, like, oneOf, type ListModel } from './filtered-list.ts';

/** Deployments and definitions: a district's own and the shared standard. */

const NEWEST =
  'NOT EXISTS (SELECT 1 FROM process_definition n WHERE n.tenant = d.tenant AND n.def_key = d.def_key AND n.version > d.version AND n.deleted_at IS NULL)';

export const definitionList: ListModel = {
  columns: 'd.id, d.tenant, d.def_key, d.version, d.version_tag, d.name, d.deployment_id, d.resource, d.startable, d.suspended',
  from: '(SELECT * FROM process_definition WHERE deleted_at IS NULL) d',
  tenant: 'd.tenant',
  area: null,
  includesShared: true,
  filters: {
    processDefinitionId: equals('d.id'),
    processDefinitionIdIn: oneOf('d.id'),
    name: equals('d.name'),
    nameLike: like('d.name'),
    deploymentId: equals('d.deployment_id'),
    key: equals('d.def_key'),
    keysIn: oneOf('d.def_key'),
    keyLike: like('d.def_key'),
    version: equals('d.version'),
    latestVersion: flag(NEWEST, '1 = 1'),
    resourceName: equals('d.resource'),
    resourceNameLike: like('d.resource'),
    active: flag('d.suspended = 0', '1 = 1'),
    suspended: flag('d.suspended = 1', '1 = 1'),
    versionTag: equals('d.version_tag'),
    versionTagLike: like('d.version_tag'),
    withoutVersionTag: flag('d.version_tag IS NULL', '1 = 1'),
    startableInTasklist: flag('d.startable = 1', '1 = 1'),
    notStartableInTasklist: flag('d.startable = 0', '1 = 1'),
    tenantIdIn: oneOf('d.tenant'),
    withoutTenantId: flag("d.tenant = ''", '1 = 1'),
    includeProcessDefinitionsWithoutTenantId: flag('1 = 1', '1 = 1'),
  },
  sorts: {
    id: 'd.id',
    key: 'd.def_key',
    name: 'd.name',
    version: 'd.version',
    deploymentId: 'd.deployment_id',
    tenantId: 'd.tenant',
    versionTag: 'd.version_tag',
  },
  tieBreaker: 'd.id',
};

export const deploymentList: ListModel = {
  columns: 'd.id, d.tenant, d.name, d.source, d.created_at',
  from: 'deployment d',
  tenant: 'd.tenant',
  area: null,
  includesShared: true,
  filters: {
    id: equals('d.id'),
    name: equals('d.name'),
    nameLike: like('d.name'),
    source: equals('d.source'),
    withoutSource: flag('d.source IS NULL', '1 = 1'),
    after: compares('d.created_at', '>'),
    before: compares('d.created_at', '<'),
    tenantIdIn: oneOf('d.tenant'),
    withoutTenantId: flag("d.tenant = ''", '1 = 1'),
    includeDeploymentsWithoutTenantId: flag('1 = 1', '1 = 1'),
  },
  sorts: { id: 'd.id', name: 'd.name', deploymentTime: 'd.created_at', tenantId: 'd.tenant' },
  tieBreaker: 'd.id',
};
