import { invalidInput, notAllowed, notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { deploymentList } from '#engine/store/read-models/definition-lists.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import { listRoutes } from '../list-routes.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { idOf } from '../wire-format.ts';
import { deploymentContentRoutes } from './content-routes.ts';
import { presentDeployed, presentDeployment } from './presenter.ts';
import { readUpload } from './read-upload.ts';

const deploymentFilters: FilterKinds = {
  id: 'id',
  name: 'text',
  nameLike: 'text',
  source: 'text',
  withoutSource: 'flag',
  after: 'time',
  before: 'time',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  includeDeploymentsWithoutTenantId: 'flag',
};
/** Form fields that are about the deployment; every other part is a resource. */
const RESERVED = [
  'deployment-name',
  'deployment-source',
  'enable-duplicate-filtering',
  'deploy-changed-only',
  'tenant-id',
  'deployment-activation-time',
];
const UPLOAD_LIMIT = 10 * 1024 * 1024;

export function deploymentRoutes(context: RouteContext): Route[] {
  const { engine, store, modelOf } = context;
  return [
    route({
      id: 'deployment.create',
      method: 'POST',
      path: '/engine-rest/deployment/create',
      summary: 'Deploy BPMN, DMN and forms: all or nothing.',
      bodyKind: 'multipart',
      async handler({ principal, locale, koa }) {
        const { fields, files } = await readUpload(koa.req, UPLOAD_LIMIT);
        const unknown = [...fields.keys()].find((name) => !RESERVED.includes(name));
        if (unknown !== undefined)
          throw invalidInput(
            'MULTIPART_INVALID',
            `No file name found in the deployment resource described by form parameter '${unknown.slice(0, 60)}'.`,
          );
        if (files.length === 0) throw invalidInput('MULTIPART_INVALID', 'Expected at least one resource, but the upload has none');
        const changedOnly = fields.get('deploy-changed-only') === 'true';
        const result = await engine.repository.deploy({
          name: fields.get('deployment-name') ?? null,
          source: fields.get('deployment-source') ?? null,
          tenant: tenantOf(principal, fields.get('tenant-id')),
          resources: files,
          duplicateFiltering: changedOnly || fields.get('enable-duplicate-filtering') === 'true',
          changedOnly,
          actor: actorOf(principal),
          locale,
        });
        const models = await Promise.all(result.processDefinitions.map(async ({ id }) => [id, await modelOf(id)] as const));
        return {
          body: presentDeployed(result, new Map(models), context.originFor(koa)),
          audit: `deployment ${result.id}: ${files.map(({ name }) => name).join(', ')}`,
        };
      },
    }),
    ...listRoutes(context, {
      id: 'deployment',
      path: '/engine-rest/deployment',
      kinds: deploymentFilters,
      model: deploymentList,
      byPost: false,
      present: (rows) => rows.map(presentDeployment),
    }),
    route({
      id: 'deployment.get',
      method: 'GET',
      path: '/engine-rest/deployment/:id',
      summary: 'One deployment.',
      async handler({ principal, params }) {
        const id = idOf(params['id'], 'deployment');
        const [row] = await store.query(
          listRows(deploymentList, { scope: scopeOf(principal), filter: { id }, sort: [], offset: 0, limit: 1 }),
        );
        if (!row) throw notFound('deployment', id);
        return { body: presentDeployment(row) };
      },
    }),
    ...deploymentContentRoutes(context),
  ];
}

/** Without a tenant it goes to the caller's own district: nobody changes the shared standard over HTTP. */
function tenantOf(principal: Principal, field: string | undefined): string {
  if (field === undefined || field === '' || field === principal.tenant) return principal.tenant;
  throw notAllowed(`Expected the caller's own tenant ${principal.tenant}, but the deployment is for another`, { userId: principal.id });
}
