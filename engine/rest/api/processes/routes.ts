import type { ProcessModel, StartEvent } from '#engine/core/model.ts';
import { RequestError, notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { isBelow } from '#engine/identity/scope.ts';
import { elderArea } from '#engine/registers/elders.ts';
import { actorOf, idempotencyKeyOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { latestDefinitions } from '#engine/store/definition-store.ts';
import { permissionsFrom } from '#forms/runtime/permissions.ts';
import { acceptedVariables, openForm, viewOf } from '../forms/form-data.ts';
import { caseNumber } from './case-number.ts';
import { startBody, type StartBody } from './schema.ts';

/** What people start by hand. */
export function processRoutes(context: RouteContext): Route[] {
  const { store, engine, modelOf } = context;

  /** @throws RequestError 404 when there is no such process, or this person may not start it. */
  async function startable(principal: Principal, key = '') {
    const info = await engine.repository.latest(key, principal.tenant);
    const model = await modelOf(info.id);
    const start = startEventOf(model);
    if (!info.startableInTasklist || info.suspended || !start || !mayStart(principal, model)) throw notFound('process', key.slice(0, 60));
    return { info, model, start };
  }

  return [
    route({
      id: 'api.process.list',
      method: 'GET',
      path: '/api/processes',
      summary: 'Processes that the caller may start.',
      async handler({ principal }) {
        const rows = (await store.query(latestDefinitions(principal.tenant))).filter((row) => row.isStartable && !row.isSuspended);
        const found = await Promise.all(rows.map(async (row) => ({ row, model: await modelOf(row.id) })));
        const items = found.filter(({ model }) => startEventOf(model) && mayStart(principal, model));
        return {
          body: items.map(({ row, model }) => ({
            key: row.key,
            name: row.name ?? row.key,
            version: row.version,
            description: model.elements[0]?.properties['documentation'] ?? null,
            category: model.elements[0]?.properties['songbai:category'] ?? null,
          })),
        };
      },
    }),
    route({
      id: 'api.process.start-form',
      method: 'GET',
      path: '/api/processes/:key/start-form',
      summary: 'The form of the start event.',
      async handler({ principal, params }) {
        const { info, start } = await startable(principal, params['key']);
        return { body: viewOf(await openForm(context, info.startFormKey, principal.tenant), {}, start.properties) };
      },
    }),
    route<StartBody>({
      id: 'api.process.start',
      method: 'POST',
      path: '/api/processes/:key/start',
      summary: 'Submit the start form and start. `Idempotency-Key`: the same key starts once.',
      body: startBody,
      async handler({ principal, params, body, locale, koa }) {
        const { info, start } = await startable(principal, params['key']);
        const form = await openForm(context, info.startFormKey, principal.tenant);
        const variables = acceptedVariables(form, body.data, {}, permissionsFrom(start.properties), { locale });
        const started = await engine.runtime.start({
          definition: { id: info.id },
          tenant: principal.tenant,
          area: await areaFor(principal, variables['elderId']?.value),
          businessKey: body.businessKey ?? (await nextCaseNumber(principal.tenant, info.key)),
          variables,
          actor: actorOf(principal),
          idempotencyKey: idempotencyKeyOf(koa.req),
        });
        return { status: 201, body: { id: String(started.id), businessKey: started.businessKey }, audit: `instance ${started.id}` };
      },
    }),
  ];

  /** A case about an elder belongs where the elder lives, any other to the starter's own area. */
  async function areaFor(principal: Principal, elderId: unknown): Promise<string> {
    const own = principal.areas[0] ?? principal.tenant;
    if (typeof elderId !== 'string') return own;
    const area = await store.query(elderArea(principal.tenant, elderId));
    if (area !== null && principal.areas.some((mine) => isBelow(area, mine))) return area;
    throw new RequestError(422, 'FORM_INVALID', `Expected an elder of the caller's areas, but ${elderId.slice(0, 60)} is none`, {
      errors: [{ pointer: '/elderId', keyword: 'notFound', message: elderId.slice(0, 60) }],
    });
  }

  async function nextCaseNumber(tenant: string, key: string): Promise<string> {
    await store.ids.ready(1);
    return caseNumber({ tenant, processKey: key, at: store.clock.now(), sequence: store.ids.next() });
  }
}

/** Where a start by hand begins: the one with the form, else the process's none start event. */
function startEventOf(model: ProcessModel): StartEvent | null {
  const [root] = model.elements;
  if (root?.type !== 'bpmn:Process' || root.initial === undefined) return null;
  const initial = model.elements[root.initial];
  return initial?.type === 'bpmn:StartEvent' ? initial : null;
}

function mayStart(principal: Principal, { candidateStarterGroups, candidateStarterUsers }: ProcessModel): boolean {
  if (candidateStarterGroups.length === 0 && candidateStarterUsers.length === 0) return true;
  return (
    principal.roles.includes('district-admin') ||
    candidateStarterUsers.includes(principal.id) ||
    candidateStarterGroups.some((group) => principal.groups.includes(group))
  );
}
