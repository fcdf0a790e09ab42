import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { elderCard, searchElders } from '#engine/registers/elders.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';

const query = { type: 'object', additionalProperties: false, properties: { search: { type: 'string', maxLength: 100 } } };

/** Elders of the caller's areas; whoever does not call elders sees masked numbers. */
export const elderRoutes = ({ store }: RouteContext): Route[] => [
  route({
    id: 'api.elder.list',
    method: 'GET',
    path: '/api/elders',
    summary: 'Elders by name, id, phone or address.',
    query,
    async handler({ principal, query: { search = '' }, locale }) {
      const viewer = { roles: principal.roles, now: store.clock.now(), locale };
      return { body: await store.query(searchElders(scopeOf(principal), search, viewer)) };
    },
  }),
  route({
    id: 'api.elder.get',
    method: 'GET',
    path: '/api/elders/:id',
    summary: 'One elder.',
    async handler({ principal, params, locale }) {
      const id = params['id'] ?? '';
      const card = await store.query(elderCard(scopeOf(principal), id, { roles: principal.roles, now: store.clock.now(), locale }));
      if (!card) throw notFound('elder', id.slice(0, 60));
      return { body: card };
    },
  }),
];
