import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { batchList } from '#engine/store/read-models/batch-lists.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { suspensionBody, type SuspensionBody } from '../suspension-body.ts';
import { idOf } from '../wire-format.ts';
import { presentBatchRow, presentStatistics } from './presenter.ts';

const PATH = '/engine-rest/batch';
const filters: FilterKinds = {
  batchId: 'id',
  type: 'text',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  suspended: 'flag',
  createdBy: 'text',
  withFailures: 'flag',
  withoutFailures: 'flag',
};
/** Camunda answers 400 where there is no such batch. */
const GONE = { 404: 400 } as const;

export function batchRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function rowOf(principal: Principal, text: string | undefined): Promise<Row> {
    const id = idOf(text, 'batch');
    const [row] = await store.query(listRows(batchList, { scope: scopeOf(principal), filter: { batchId: id }, sort: [], offset: 0, limit: 1 }));
    if (!row) throw notFound('batch', id);
    return row;
  }

  return [
    ...listRoutes(context, { id: 'batch', path: PATH, kinds: filters, model: batchList, byPost: false, present: (rows) => rows.map(presentBatchRow) }),
    ...listRoutes(context, {
      id: 'batch.statistics',
      path: `${PATH}/statistics`,
      kinds: filters,
      model: batchList,
      byPost: false,
      present: (rows) => rows.map(presentStatistics),
    }),
    route({
      id: 'batch.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One batch that runs.',
      handler: async ({ principal, params }) => ({ body: presentBatchRow(await rowOf(principal, params['id'])) }),
    }),
    route<SuspensionBody>({
      id: 'batch.suspend',
      method: 'PUT',
      path: `${PATH}/:id/suspended`,
      summary: 'Stop a batch, or let it go on.',
      body: suspensionBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        await engine.batches.setSuspended(idOf(params['id'], 'batch'), principal.tenant, body.suspended);
        return {};
      },
    }),
    route({
      id: 'batch.delete',
      method: 'DELETE',
      path: `${PATH}/:id`,
      summary: 'Delete a batch; what is done stays done. `cascade`: its history, too.',
      query: { type: 'object', additionalProperties: false, properties: { cascade: { enum: ['true', 'false'] } } },
      camundaStatus: GONE,
      async handler({ principal, params, query }) {
        await engine.batches.delete(idOf(params['id'], 'batch'), principal.tenant, { cascade: query['cascade'] === 'true' });
        return {};
      },
    }),
  ];
}
