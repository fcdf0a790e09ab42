import type { Devices } from '#engine/devices/devices.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { listInbox, type InboxStatus } from '#engine/store/inbox-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { presentInboxEntry } from '../device-events/presenter.ts';

const LIMIT = 100;
const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { status: { enum: ['new', 'done', 'dead', 'quarantined'] }, cursor: { type: 'string', pattern: '^[0-9]{1,16}$' } },
};

export const inboxRoutes = ({ devices, store }: { devices: Devices; store: { query<T>(work: Work<T>): Promise<T> } }): Route[] => [
  route<unknown, { status?: InboxStatus; cursor?: string }>({
    id: 'api.inbox.list',
    method: 'GET',
    path: '/api/inbox',
    summary: 'Device events as they came in below the areas of the caller, newest first.',
    query: listQuery,
    async handler({ principal, query }) {
      const beforeId = query.cursor === undefined ? null : Number(query.cursor);
      const rows = await store.query(listInbox({ ...scopeOf(principal), status: query.status ?? null, beforeId, limit: LIMIT }));
      return { body: { items: rows.map(presentInboxEntry), nextCursor: rows.length === LIMIT ? String(rows.at(-1)!.id) : null } };
    },
  }),
  route({
    id: 'api.inbox.replay',
    method: 'POST',
    path: '/api/inbox/:id/replay',
    summary: 'Gives a dead event to the flows again, or a quarantined message to its device.',
    handler: async ({ principal, params }) => ({ body: await devices.replay(Number(params['id']), scopeOf(principal)) }),
  }),
];
