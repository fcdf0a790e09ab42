import { scopeOf } from '#engine/identity/scope.ts';
import { areaTree } from '#engine/registers/areas.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';

export const areaRoutes = ({ store }: RouteContext): Route[] => [
  route({
    id: 'api.area.tree',
    method: 'GET',
    path: '/api/areas',
    summary: 'The area tree at and below the areas of the caller.',
    handler: async ({ principal }) => ({ body: await store.query(areaTree(scopeOf(principal))) }),
  }),
];
