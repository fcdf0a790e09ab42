import { notAllowed, notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { setRetention } from '#engine/store/history-store.ts';
import { idOf } from '../wire-format.ts';

const PATH = '/engine-rest/process-definition';
interface TimeToLive {
  historyTimeToLive?: number | null;
}
const body = { type: 'object', additionalProperties: false, properties: { historyTimeToLive: { type: ['integer', 'null'], minimum: 0, maximum: 999_999 } } };
const summary = 'How many days the history of a process is kept in the caller’s district, whatever its version; null = for ever.';

/** A district decides for itself, also of shared processes; it holds for the past as well. */
export function retentionRoutes({ store, engine, definition }: RouteContext): Route[] {
  async function decide(key: string, { tenant }: Principal, { historyTimeToLive = null }: TimeToLive): Promise<{ audit: string }> {
    await store.batcher.run({ key: 'history-retention', name: 'history.set-time-to-live' }, function* (writes) {
      setRetention(writes, { tenant, key, days: historyTimeToLive });
    });
    return { audit: `${key}: ${historyTimeToLive ?? 'for ever'}` };
  }
  return [
    route<TimeToLive>({
      id: 'process-definition.time-to-live',
      method: 'PUT',
      path: `${PATH}/:id/history-time-to-live`,
      summary,
      body,
      async handler({ principal, params, body: wanted }) {
        const id = idOf(params['id'], 'process definition');
        const row = await definition(id);
        if (!seesDefinition(principal, row)) throw notFound('process definition', id);
        return decide(row.key, principal, wanted);
      },
    }),
    route<TimeToLive>({
      id: 'process-definition.time-to-live-by-key',
      method: 'PUT',
      path: `${PATH}/key/:key/history-time-to-live`,
      summary,
      body,
      handler: async ({ principal, params, body: wanted }) => decide((await engine.repository.latest(params['key'] ?? '', principal.tenant)).key, principal, wanted),
    }),
    route<TimeToLive>({
      id: 'process-definition.time-to-live-by-key-and-tenant',
      method: 'PUT',
      path: `${PATH}/key/:key/tenant-id/:tenant/history-time-to-live`,
      summary,
      body,
      async handler({ principal, params, body: wanted }) {
        if (params['tenant'] !== principal.tenant) throw notAllowed('Expected the caller’s own district, but it is another one');
        return decide((await engine.repository.latest(params['key'] ?? '', principal.tenant)).key, principal, wanted);
      },
    }),
  ];
}
