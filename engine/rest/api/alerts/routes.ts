import type { Actor } from '#engine/core/ports.ts';
import type { Devices } from '#engine/devices/devices.ts';
import { notAllowed } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { leaseFrom } from '../device-events/lease.ts';
import { clearBody, listQuery, raiseBody, type ClearBody, type RaiseBody } from './schema.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

export const alertRoutes = ({ devices, now }: { devices: Devices; now: () => number }): Route[] => [
  route<unknown, { status?: string; cursor?: string; limit?: string }>({
    id: 'api.alert.list',
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts below the areas of the caller, newest first.',
    query: listQuery,
    async handler({ principal, query, locale }) {
      const limit = Math.min(Number(query.limit ?? DEFAULT_LIMIT), MAX_LIMIT);
      const beforeId = query.cursor === undefined ? null : Number(query.cursor);
      const items = await devices.alerts.list({ ...scopeOf(principal), activeOnly: query.status !== 'all', beforeId, limit }, locale);
      return { body: { items, nextCursor: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
    },
  }),

  route<RaiseBody>({
    id: 'api.alert.raise',
    method: 'POST',
    path: '/api/alerts',
    summary: 'Raises an alert, or counts it on the active one of the same subject and kind; acknowledges the leased event.',
    body: raiseBody,
    async handler({ principal, body, locale, koa }) {
      const { eventId, leaseToken, tenant: _tenant, at, ...alert } = body;
      const result = await devices.alerts.raise(
        {
          ...alert,
          ...whoAndWhere(principal, body),
          lease: leaseFrom(principal, eventId, leaseToken),
          at: timeOf(at, now()),
          idempotencyKey: koa.get('idempotency-key') || null,
        },
        locale,
      );
      return { status: result.outcome === 'created' ? 201 : 200, body: result, ...(result.alert ? { audit: `alert ${result.alert.number} ${result.outcome}` } : {}) };
    },
  }),

  route<ClearBody>({
    id: 'api.alert.clear',
    method: 'POST',
    path: '/api/alerts/clear',
    summary: 'The sensor is quiet again: closes an alert of level 3 or 4, marks one of level 1 or 2 as recovered.',
    body: clearBody,
    async handler({ principal, body, locale }) {
      const { eventId, leaseToken, tenant: _tenant, at, ...alert } = body;
      const { tenant } = whoAndWhere(principal, body);
      const input = { ...alert, tenant, lease: leaseFrom(principal, eventId, leaseToken), at: timeOf(at, now()) };
      return { body: await devices.alerts.recover(input, locale) };
    },
  }),
];

/** People act in their own district and areas; a client of the whole installation names the district or has a lease. */
function whoAndWhere(principal: Principal, body: ClearBody): { tenant: string; actor: Actor; areas?: string[] } {
  const actor: Actor = { id: principal.id, kind: principal.kind === 'user' ? 'user' : 'client' };
  if (principal.kind === 'user') return { tenant: principal.tenant, actor, areas: principal.areas };
  if (principal.tenant !== '' && body.tenant !== undefined && body.tenant !== principal.tenant)
    throw notAllowed(`Expected the client's own district ${principal.tenant}, but got ${body.tenant}`);
  return { tenant: principal.tenant === '' ? (body.tenant ?? '') : principal.tenant, actor };
}

const timeOf = (at: number | string | undefined, now: number): number => (at === undefined ? now : typeof at === 'number' ? at : Date.parse(at));
