import type { Actor } from '#engine/core/ports.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import type { Devices } from '#engine/devices/devices.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { leaseFrom, tenantsOf } from './lease.ts';
import { presentEvent } from './presenter.ts';
import * as schema from './schema.ts';

/** What the flows take their work from: fetch leases, everything else answers for one leased event. */
export const deviceEventRoutes = ({ devices }: { devices: Devices }): Route[] => [
  route<schema.FetchBody>({
    id: 'api.device-event.fetch',
    method: 'POST',
    path: '/api/device-events/fetch',
    summary: 'Leases device events; waits up to waitMs for the first one.',
    body: schema.fetchBody,
    audited: false,
    async handler({ principal, body, koa }) {
      const gone = new AbortController();
      koa.res.once('close', () => gone.abort());
      const { waitMs = 0, capabilities = [], ...rest } = body;
      const events = await devices.inbox.fetch({ ...rest, waitMs, capabilities, tenants: tenantsOf(principal), signal: gone.signal });
      return { body: events.map(presentEvent) };
    },
  }),

  route<schema.AckBody>({
    id: 'api.device-event.ack',
    method: 'POST',
    path: '/api/device-events/:id/ack',
    summary: 'The event needs nothing more.',
    body: schema.ackBody,
    audited: false,
    async handler({ principal, params, body }) {
      await devices.inbox.acknowledge(leaseFrom(principal, params['id']!, body.leaseToken), `client:${principal.id}`.slice(0, 100));
      return {};
    },
  }),

  route<schema.FailBody>({
    id: 'api.device-event.fail',
    method: 'POST',
    path: '/api/device-events/:id/fail',
    summary: 'Gives the event back: again after a pause, dead after five deliveries.',
    body: schema.failBody,
    audited: false,
    handler: async ({ principal, params, body }) => ({ body: await devices.inbox.fail(leaseFrom(principal, params['id']!, body.leaseToken), body.error) }),
  }),

  route<schema.StartBody>({
    id: 'api.device-event.start',
    method: 'POST',
    path: '/api/device-events/:id/start',
    summary: 'Starts a process and acknowledges the event, in one transaction.',
    body: schema.startBody,
    async handler({ principal, params, body }) {
      const { processKey, businessKey = null, variables = {}, leaseToken } = body;
      const input = { processKey, businessKey, variables: typedAll(variables), actor: actorOf(principal) };
      const { instanceId } = await devices.inbox.start(leaseFrom(principal, params['id']!, leaseToken), input);
      return { status: 201, body: { instanceId: String(instanceId) }, audit: `started ${processKey} ${instanceId}` };
    },
  }),

  route<schema.CorrelateBody>({
    id: 'api.device-event.correlate',
    method: 'POST',
    path: '/api/device-events/:id/correlate',
    summary: 'Correlates a message and acknowledges the event.',
    body: schema.correlateBody,
    async handler({ principal, params, body }) {
      const { message, businessKey = null, correlationKeys = {}, variables = {}, leaseToken } = body;
      const input = { message, businessKey, correlationKeys: typedAll(correlationKeys), variables: typedAll(variables), actor: actorOf(principal) };
      const { instanceIds } = await devices.inbox.correlate(leaseFrom(principal, params['id']!, leaseToken), input);
      return { body: { instanceIds: instanceIds.map(String) } };
    },
  }),
];

const actorOf = (principal: Principal): Actor => ({ id: principal.id, kind: 'client' });

const typedAll = (values: Record<string, unknown>): Variables => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)]));
