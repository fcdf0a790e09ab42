import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';

/** The version of Camunda's API that we speak: clients decide by it what they may ask. */
const API_VERSION = '7.24.0';

export const versionRoutes = (_context: RouteContext): Route[] => [
  route({
    id: 'engine.list',
    method: 'GET',
    path: '/engine-rest/engine',
    summary: 'Names of the engines.',
    handler: () => ({ body: [{ name: 'default' }] }),
  }),
  route({
    id: 'version.get',
    method: 'GET',
    path: '/engine-rest/version',
    summary: 'Version of the REST API.',
    handler: () => ({ body: { version: API_VERSION } }),
  }),
];
