import type { AppContext } from '#engine/rest/app-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { auditPage } from '#engine/store/audit-store.ts';

const PAGE = 50;
const query = {
  type: 'object',
  additionalProperties: false,
  properties: { cursor: { type: 'string', pattern: '^[0-9]{1,15}$' }, limit: { type: 'string', pattern: '^[0-9]{1,3}$' } },
};

/** The operation log of the caller's district, newest first. */
export const auditRoutes = ({ store, identity }: AppContext): Route[] => [
  route({
    id: 'api.audit.list',
    method: 'GET',
    path: '/api/audit',
    summary: 'Who changed what when.',
    query,
    async handler({ principal, query: { cursor, limit } }) {
      const size = Math.min(Number(limit ?? PAGE) || PAGE, 200);
      const rows = await store.query(auditPage(principal.tenant, Number(cursor ?? Number.MAX_SAFE_INTEGER), size + 1));
      const names = await identity.names(principal.tenant);
      const items = rows.slice(0, size).map((row) => ({
        id: String(row.id),
        at: row.at,
        actor: { id: row.actor, name: names.get(row.actor) ?? row.actor },
        method: row.method,
        path: row.path,
        status: row.status,
        summary: row.summary === '' ? row.route : `${row.route}: ${row.summary}`,
      }));
      return { body: { items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null } };
    },
  }),
];
