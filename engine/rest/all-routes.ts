import { areaRoutes } from './api/areas/routes.ts';
import { auditRoutes } from './api/audit/routes.ts';
import { sessionRoutes } from './api/session/routes.ts';
import { streamRoutes } from './api/stream/routes.ts';
import type { AppContext } from './app-context.ts';
import type { Route } from './route.ts';

/** Every route that is served, Camunda's first. */
export function allRoutes(context: AppContext): Route[] {
  return [...sessionRoutes(context), ...areaRoutes(context), ...auditRoutes(context), ...streamRoutes(context), ...(context.extraRoutes ?? [])];
}
