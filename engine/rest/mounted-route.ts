import { policies, type Rule } from '#engine/identity/policies.ts';
import { DEFAULT_BODY_LIMIT } from './middleware/read-body.ts';
import { createCompiler, type Check } from './middleware/validate.ts';
import type { Route } from './route.ts';

/** A route with all that can be worked out before the first request. */
export interface MountedRoute {
  route: Route;
  rule: Rule;
  surface: 'camunda' | 'api';
  /** Changes state: needs the forgery checks and an audit row. */
  writes: boolean;
  audited: boolean;
  bodyLimit: number;
  checkQuery: Check;
  checkBody: Check | null;
}

const NO_QUERY = { type: 'object', additionalProperties: false };

/** @throws Error when a route has no policy row: it must never be served. */
export function mountRoutes(routes: readonly Route[]): MountedRoute[] {
  const compiler = createCompiler();
  const noQuery = compiler.query(NO_QUERY);
  const compiled = new Map<object, Check>();
  const once = (schema: object, compile: (schema: object) => Check): Check => {
    const check = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, check);
    return check;
  };
  return routes.map((route) => {
    const rule = policies[route.id];
    if (!rule) throw new Error(`Expected a policy row for route ${route.id}, but the table has none`);
    const writes = route.method !== 'GET';
    return {
      route,
      rule,
      surface: route.path.startsWith('/engine-rest') ? 'camunda' : 'api',
      writes,
      audited: writes && route.audited !== false,
      bodyLimit: route.bodyLimit ?? DEFAULT_BODY_LIMIT,
      checkQuery: route.query ? once(route.query, compiler.query) : noQuery,
      checkBody: route.body ? once(route.body, compiler.body) : null,
    };
  });
}
