import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { countRows, listRows, type ListModel, type ListRequest } from '#engine/store/read-models/filtered-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listParameters, PAGING, wholePage, type FilterKinds, type ListBody } from './list-parameters.ts';

export interface ListOptions {
  /** Prefix of the route ids, e.g. `task`. */
  id: string;
  path: string;
  kinds: FilterKinds;
  model: ListModel;
  present: (rows: Row[], principal: Principal, query: Record<string, string | undefined>) => Promise<object[]> | object[];
  /** Without POST, Camunda has only the GET form of this list. */
  byPost: boolean;
  /** Conditions that hold whatever is asked for. */
  always?: ListRequest['filter'];
  /** Query parameters that only concern how rows are shown. */
  extraQuery?: Readonly<Record<string, object>>;
}

/** Camunda's four forms of a list: GET and POST, rows and count. */
export function listRoutes(context: RouteContext, { id, path, kinds, model, present, byPost, always = {}, extraQuery = {} }: ListOptions): Route[] {
  const { store } = context;
  const parameters = listParameters(kinds, model);
  const now = () => store.clock.now();
  const withExtra = (schema: object) => ({ ...schema, properties: { ...(schema as { properties: object }).properties, ...extraQuery } });
  const rows = async (request: ListRequest) => wholePage(await store.query(listRows(model, { ...request, filter: { ...request.filter, ...always } })), request);
  const count = async (request: ListRequest) => ({ body: { count: await store.query(countRows(model, { ...request, filter: { ...request.filter, ...always } })) } });
  const routes = [
    route({
      id: `${id}.list`,
      method: 'GET',
      path,
      summary: 'List by query parameters.',
      query: withExtra(parameters.query),
      async handler({ principal, query }) {
        return { body: await present(await rows(parameters.ofQuery(query, scopeOf(principal), now())), principal, query) };
      },
    }),
    route({
      id: `${id}.count`,
      method: 'GET',
      path: `${path}/count`,
      summary: 'Count by query parameters.',
      query: withExtra(parameters.countQuery),
      handler: ({ principal, query }) => count(parameters.ofQuery(query, scopeOf(principal), now())),
    }),
  ];
  if (!byPost) return routes;
  return [
    ...routes,
    route<ListBody>({
      id: `${id}.query`,
      method: 'POST',
      path,
      summary: 'List by a body.',
      query: { type: 'object', additionalProperties: false, properties: { ...PAGING, ...extraQuery } },
      body: parameters.body,
      audited: false,
      async handler({ principal, query, body }) {
        return { body: await present(await rows(parameters.ofBody(body, query, scopeOf(principal), now())), principal, query) };
      },
    }),
    route<ListBody>({
      id: `${id}.query-count`,
      method: 'POST',
      path: `${path}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      handler: ({ principal, body }) => count(parameters.ofBody(body, {}, scopeOf(principal), now())),
    }),
  ];
}

/** One row of a list by its id, in the caller's scope. @throws RequestError 404 */
export async function rowOf(
  context: RouteContext,
  model: ListModel,
  filterName: string,
  id: number,
  principal: Principal,
  what: string,
  always: ListRequest['filter'] = {},
): Promise<Row> {
  const [row] = await context.store.query(
    listRows(model, { scope: scopeOf(principal), filter: { [filterName]: id, ...always }, sort: [], offset: 0, limit: 1 }),
  );
  if (!row) throw notFound(what, id);
  return row;
}
