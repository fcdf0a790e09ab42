import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { elderCard } from '#engine/registers/elders.ts';
import { idOf } from '#engine/rest/engine-rest/wire-format.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { eventsOf, finalVariables, incidentsOf, type EventRow } from '#engine/store/read-models/instance-history.ts';
import { calledInstances, instanceById, instancePage, type InstanceListRow } from '#engine/store/read-models/instance-pages.ts';
import { tasksOfInstances } from '#engine/store/read-models/task-queues.ts';
import { instanceIn, processVariables } from '#engine/store/read-models/visible-variables.ts';
import { plainData } from '../forms/form-data.ts';
import { isProviderOnly } from '../tasks/open-task.ts';
import { taskCards } from '../tasks/task-cards.ts';
import { instanceRows } from './instance-rows.ts';
import { masked, seesPersonalData } from './personal-data.ts';
import { listQuery, type ListQuery } from './schema.ts';
import { timelineOf, traceOf } from './traces.ts';
import { versionsOf } from './versions.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** A longer history is cut here; the newest part of it is still in the events table. */
const MAX_COMMANDS = 10_000;
const COMMANDS_PER_READ = 1_000;

export function instanceRoutes(context: RouteContext): Route[] {
  const { store, engine, identity } = context;

  /** @throws RequestError 404 */
  async function rowOf(principal: Principal, text: string | undefined): Promise<InstanceListRow> {
    const id = idOf(text, 'instance');
    const row = await store.query(instanceById(scopeOf(principal), id));
    if (!row) throw notFound('instance', id);
    return row;
  }

  async function page(principal: Principal, query: ListQuery, status: 'active' | 'ended' | 'all'): Promise<Reply> {
    const limit = Math.min(Number(query.limit ?? DEFAULT_LIMIT) || DEFAULT_LIMIT, MAX_LIMIT);
    const { key = null, businessKey = null, search = null, cursor = null } = query;
    const found = await store.query(instancePage({ scope: scopeOf(principal), status, key, businessKey, search, cursor, limit }));
    return { body: { items: await instanceRows(context, found.items, principal), nextCursor: found.nextCursor } };
  }

  return [
    route<unknown, ListQuery>({
      id: 'api.instance.list',
      method: 'GET',
      path: '/api/instances',
      summary: 'One page of instances, newest first.',
      query: listQuery,
      handler: ({ principal, query }) => page(principal, query, query.status ?? 'active'),
    }),
    route<unknown, ListQuery>({
      id: 'api.history.instances',
      method: 'GET',
      path: '/api/history/instances',
      summary: 'The same with all that has ended.',
      query: listQuery,
      handler: ({ principal, query }) => page(principal, query, query.status ?? 'all'),
    }),
    route({
      id: 'api.instance.get',
      method: 'GET',
      path: '/api/instances/:id',
      summary: 'An instance with its variables, its way so far, its tasks and incidents.',
      async handler({ principal, params, locale }) {
        const row = await rowOf(principal, params['id']);
        const [listed] = await instanceRows(context, [row], principal);
        return { body: { ...listed, ...(await detailOf(context, row, principal, locale)) } };
      },
    }),
    route({
      id: 'api.instance.diagram',
      method: 'GET',
      path: '/api/instances/:id/diagram',
      summary: 'Its BPMN.',
      async handler({ principal, params }) {
        if (isProviderOnly(principal)) throw notFound('instance', params['id'] ?? '');
        return { body: await engine.repository.xml((await rowOf(principal, params['id'])).definitionId), type: 'application/xml' };
      },
    }),
    route({
      id: 'api.instance.timeline',
      method: 'GET',
      path: '/api/instances/:id/timeline',
      summary: 'What happened, in its order.',
      async handler({ principal, params }) {
        const row = await rowOf(principal, params['id']);
        const [events, names] = await Promise.all([allEvents(context, row.id), identity.names(principal.tenant)]);
        return { body: timelineOf(await versionsOf(context.modelOf, events, row.definitionId), events, (user) => names.get(user) ?? user) };
      },
    }),
  ];
}

async function detailOf(context: RouteContext, row: InstanceListRow, principal: Principal, locale: 'zh-CN' | 'en') {
  const { store, modelOf } = context;
  const scope = scopeOf(principal);
  const root = await store.query(loadByInstance(row.id));
  const state = root ? instanceIn(root) : null;
  const variables = state ? processVariables(state) : ((await store.query(finalVariables(row.id))) ?? {});
  const plain = plainData(variables);
  const shown = seesPersonalData(principal) ? (value: unknown) => value : masked;
  const elderId = plain['elderId'];
  const events = await allEvents(context, row.id);
  const caller = row.superId === null ? null : await store.query(instanceById(scope, row.superId));
  const viewer = { roles: principal.roles, now: store.clock.now(), locale };
  return {
    variables: Object.entries(variables).map(([name, { type }]) => ({ name, type, value: shown(plain[name] ?? null) })),
    ...traceOf(await versionsOf(modelOf, events, row.definitionId), events, state),
    incidents: (await store.query(incidentsOf(row.id))).map(({ id, element, message, createdAt }) => ({
      id: String(id),
      elementId: element,
      message,
      at: createdAt,
    })),
    tasks: await taskCards(context, await store.query(tasksOfInstances(scope, [row.id])), principal),
    calledFrom: caller && linkTo(caller),
    called: (await store.query(calledInstances(scope, row))).map(linkTo),
    elderCard: typeof elderId === 'string' ? await store.query(elderCard(scope, elderId, viewer)) : null,
  };
}

const linkTo = ({ id, definitionKey, definitionName, businessKey, status }: InstanceListRow) => ({
  id: String(id),
  processKey: definitionKey,
  processName: definitionName ?? definitionKey,
  businessKey,
  status,
});

async function allEvents({ store }: RouteContext, id: number): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  while (rows.length < MAX_COMMANDS) {
    const next = await store.query(eventsOf(id, { afterSeq: rows.at(-1)?.seq ?? 0, limit: COMMANDS_PER_READ }));
    rows.push(...next);
    if (next.length < COMMANDS_PER_READ) break;
  }
  return rows;
}
