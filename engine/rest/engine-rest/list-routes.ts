import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { countRows, listRows, type ListModel } from '#engine/store/read-models/filtered-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listParameters, PAGING, wholePage, type FilterKinds, type ListBody } from './list-parameters.ts';

export interface ListOptions {
  /** Prefix of the route ids, e.g. `task`. */
  id: string;
  path: string;
  kinds: FilterKinds;
  model: ListModel;
  present: (rows: Row[], principal: Principal) => Promise<object[]> | object[];
  /** Without POST, Camunda has only the GET form of this list. */
  byPost: boolean;
}

/** Camunda's four forms of a list: GET and POST, rows and count. */
export function listRoutes(context: RouteContext, { id, path, kinds, model, present, byPost }: ListOptions): Route[] {
  const { store } = context;
  const parameters = listParameters(kinds, model);
  const now = () => store.clock.now();
  const routes = [
    route({
      id: `${id}.list`,
      method: 'GET',
      path,
      summary: 'List by query parameters.',
      query: parameters.query,
      async handler({ principal, query }) {
        const request = parameters.ofQuery(query, scopeOf(principal), now());
        return { body: await present(wholePage(await store.query(listRows(model, request)), request), principal) };
      },
    }),
    route({
      id: `${id}.count`,
      method: 'GET',
      path: `${path}/count`,
      summary: 'Count by query parameters.',
      query: parameters.countQuery,
      async handler({ principal, query }) {
        return { body: { count: await store.query(countRows(model, parameters.ofQuery(query, scopeOf(principal), now()))) } };
      },
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
      query: { type: 'object', additionalProperties: false, properties: PAGING },
      body: parameters.body,
      audited: false,
      async handler({ principal, query, body }) {
        const request = parameters.ofBody(body, query, scopeOf(principal), now());
        return { body: await present(wholePage(await store.query(listRows(model, request)), request), principal) };
      },
    }),
    route<ListBody>({
      id: `${id}.query-count`,
      method: 'POST',
      path: `${path}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      async handler({ principal, body }) {
        return { body: { count: await store.query(countRows(model, parameters.ofBody(body, {}, scopeOf(principal), now()))) } };
      },
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
): Promise<Row> {
  const [row] = await context.store.query(
    listRows(model, { scope: scopeOf(principal), filter: { [filterName]: id }, sort: [], offset: 0, limit: 1 }),
  );
  if (!row) throw notFound(what, id);
  return row;
}
