import { invalidInput, notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { resourceContent, resourcesOf } from '#engine/store/definition-store.ts';
import { deploymentList } from '#engine/store/read-models/definition-lists.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import { deleteOptions, deleteQuery } from '../process-definition/control-routes.ts';
import { idOf, wireText } from '../wire-format.ts';
import { presentDeployed } from './presenter.ts';

const PATH = '/engine-rest/deployment/:id';

interface RedeployBody {
  resourceIds?: string[] | null;
  resourceNames?: string[] | null;
  source?: string | null;
}
const NAMES = { type: ['array', 'null'], maxItems: 1000, items: { type: 'string', maxLength: 700 } };

/** The files of a deployment; a file's id is its name as base64url. */
export function deploymentContentRoutes(context: RouteContext): Route[] {
  const { engine, store, modelOf } = context;

  async function deployment(principal: Principal, text: string | undefined) {
    const id = idOf(text, 'deployment');
    const [row] = await store.query(listRows(deploymentList, { scope: scopeOf(principal), filter: { id }, sort: [], offset: 0, limit: 1 }));
    if (!row) throw notFound('deployment', id);
    return { id, name: wireText(row.name), source: wireText(row.source), tenant: String(row.tenant) };
  }

  async function resource(principal: Principal, id: string | undefined, resourceId = '') {
    const { id: deploymentId } = await deployment(principal, id);
    const name = nameOf(resourceId);
    if (!(await store.query(resourcesOf(deploymentId))).some((file) => file.name === name)) throw notFound('deployment resource', resourceId.slice(0, 60));
    return { deploymentId, name };
  }

  return [
    route({
      id: 'deployment.resources',
      method: 'GET',
      path: `${PATH}/resources`,
      summary: 'The files of a deployment.',
      async handler({ principal, params }) {
        const { id } = await deployment(principal, params['id']);
        return { body: (await store.query(resourcesOf(id))).map(({ name }) => presentResource(id, name)) };
      },
    }),
    route({
      id: 'deployment.resource',
      method: 'GET',
      path: `${PATH}/resources/:resourceId`,
      summary: 'One file of a deployment.',
      async handler({ principal, params }) {
        const { deploymentId, name } = await resource(principal, params['id'], params['resourceId']);
        return { body: presentResource(deploymentId, name) };
      },
    }),
    route({
      id: 'deployment.resource-data',
      method: 'GET',
      path: `${PATH}/resources/:resourceId/data`,
      summary: 'The content of one file.',
      async handler({ principal, params }) {
        const { deploymentId, name } = await resource(principal, params['id'], params['resourceId']);
        const content = await store.query(resourceContent(deploymentId, name));
        return {
          body: Buffer.from(content ?? []),
          type: 'application/octet-stream',
          headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`, 'content-security-policy': "default-src 'none'; sandbox" },
        };
      },
    }),
    route<RedeployBody>({
      id: 'deployment.redeploy',
      method: 'POST',
      path: `${PATH}/redeploy`,
      summary: 'Deploy the files of a deployment again, or some of them: new versions.',
      body: { type: 'object', additionalProperties: false, properties: { resourceIds: NAMES, resourceNames: NAMES, source: { type: ['string', 'null'], maxLength: 255 } } },
      async handler({ principal, params, body, locale, koa }) {
        const old = await deployment(principal, params['id']);
        const files = await store.query(resourcesOf(old.id));
        const wanted = [...(body.resourceNames ?? []), ...(body.resourceIds ?? []).map(nameOf)];
        const missing = wanted.find((name) => !files.some((file) => file.name === name));
        if (missing !== undefined) throw notFound('deployment resource', missing.slice(0, 60));
        const names = wanted.length > 0 ? files.filter(({ name }) => wanted.includes(name)) : files;
        if (names.length === 0) throw invalidInput('MULTIPART_INVALID', 'Expected at least one resource, but the deployment has none');
        const resources = await Promise.all(names.map(async ({ name }) => ({ name, content: (await store.query(resourceContent(old.id, name))) ?? new Uint8Array() })));
        const result = await engine.repository.deploy({
          name: old.name,
          source: body.source ?? 'process application',
          tenant: principal.tenant,
          resources,
          actor: actorOf(principal),
          locale,
        });
        const models = await Promise.all(result.processDefinitions.map(async ({ id }) => [id, await modelOf(id)] as const));
        return { body: presentDeployed(result, new Map(models), context.originFor(koa)), audit: `deployment ${result.id} from ${old.id}` };
      },
    }),
    route({
      id: 'deployment.delete',
      method: 'DELETE',
      path: PATH,
      summary: 'Delete a deployment with what it brought. With `cascade` its instances and their history go too.',
      query: deleteQuery,
      async handler({ principal, params, query }) {
        const { id } = await deployment(principal, params['id']);
        await engine.repository.deleteDeployment(id, deleteOptions(principal, query));
        return {};
      },
    }),
  ];
}

const presentResource = (deploymentId: number, name: string) => ({ id: Buffer.from(name).toString('base64url'), name, deploymentId: String(deploymentId) });
const nameOf = (resourceId: string) => Buffer.from(resourceId, 'base64url').toString('utf8');
