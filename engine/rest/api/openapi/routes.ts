import { policies } from '#engine/identity/policies.ts';
import { route, type Route } from '#engine/rest/route.ts';

/** The description of every route, made of the routes themselves: it cannot fall behind them. */
export function openApiRoute(routes: () => readonly Route[], version: string): Route {
  let document: object | null = null;
  return route({
    id: 'api.openapi.get',
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description.',
    handler: () => ({ body: (document ??= describeRoutes(routes(), version)) }),
  });
}

function describeRoutes(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[one.method.toLowerCase()] = operation(one);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Songbai', version },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'songbai_session' },
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation({ id, path, summary, query, body, bodyKind }: Route): object {
  const isOpen = policies[id] === 'public';
  const content =
    bodyKind === 'multipart' ? { 'multipart/form-data': { schema: { type: 'object' } } } : body && { 'application/json': { schema: body } };
  return {
    operationId: id,
    summary,
    tags: [path.startsWith('/engine-rest') ? 'engine-rest' : 'api'],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(content && { requestBody: { content } }),
    security: isOpen ? [] : [{ session: [] }, { basic: [] }, { bearer: [] }],
    responses: {
      '2XX': { description: 'Done.' },
      '4XX': { description: path.startsWith('/engine-rest') ? '{type, message, code}' : 'Problem details (RFC 9457).' },
    },
  };
}

const pathParameters = (path: string): object[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: object | undefined): object[] {
  const { properties = {}, required = [] } = (query ?? {}) as { properties?: Record<string, object>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}
