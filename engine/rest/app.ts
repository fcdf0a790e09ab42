import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import findMyWay from 'find-my-way';
import Koa, { type Context } from 'koa';
import type { AppContext } from './app-context.ts';
import { createDispatcher } from './dispatch.ts';
import { createEditorHandles } from './editor-handles.ts';
import { createHealth } from './health.ts';
import { localeOf } from './messages/message-text.ts';
import { camundaError, problemDetails, type WireError } from './middleware/error-reply.ts';
import { createSecurityHeaders } from './middleware/security-headers.ts';
import { send } from './middleware/send.ts';
import { mountRoutes, type MountedRoute } from './mounted-route.ts';
import { createNodeRedProxy } from './node-red-proxy.ts';
import type { Route } from './route.ts';
import { allRoutes } from './all-routes.ts';
import { createStaticFiles } from './static-files.ts';

export interface App {
  koa: Koa;
  /** For `http.createServer`. */
  handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** For the server's `upgrade` event: the flow editor's websocket. */
  upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  routes: readonly Route[];
  /** Ends open streams, so that a graceful stop does not wait for them. */
  close(): void;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const ENGINE_ALIAS = '/engine-rest/engine/default';

/** The whole HTTP surface in one Koa app; routes are looked up in one radix tree. */
export function createApp(context: AppContext, routes: readonly Route[] = allRoutes(context)): App {
  const { settings, log } = context;
  const https = settings.publicUrl?.startsWith('https:') ?? false;
  const headers = createSecurityHeaders(https);
  const handles = createEditorHandles();
  const dispatch = createDispatcher(context, headers, handles);
  const router = createRouter(mountRoutes(routes));
  const health = createHealth(settings);
  const files = createStaticFiles(settings.consoleDir, headers.console);
  const nodeRed = createNodeRedProxy(context, headers.flowEditor, handles);
  const koa = new Koa({ proxy: settings.trustedProxies > 0, maxIpsCount: settings.trustedProxies });
  koa.silent = true;
  koa.on('error', (error: unknown) => log.warn({ err: error }, 'connection problem'));
  let requests = 0;

  koa.use(async (ctx) => {
    const requestId = `${settings.nodeId}-${(requests += 1).toString(36)}`;
    const found = router.find(ctx.method === 'HEAD' ? 'GET' : ctx.method, ctx.path);
    if (found) return dispatch({ ctx, mounted: found.mounted, params: found.params, requestId });
    const healthy = health(ctx.path);
    if (healthy) return send(ctx, healthy, headers.api, requestId);
    if (nodeRed.owns(ctx.path)) return nodeRed.forward(ctx, requestId);
    if (isApiPath(ctx.path) || !files.serve(ctx)) sendMissing(ctx, requestId);
  });

  function sendMissing(ctx: Context, requestId: string): void {
    const allowed = METHODS.filter((method) => router.find(method, ctx.path));
    const wire: WireError = allowed.length > 0 ? methodMissing(ctx.method) : pathMissing(ctx.path);
    const extra: Record<string, string> = allowed.length > 0 ? { allow: allowed.join(', ') } : {};
    if (ctx.path.startsWith('/engine-rest')) return send(ctx, { ...camundaError(wire, undefined), headers: extra }, headers.api, requestId);
    const body = problemDetails(wire, localeOf(ctx.req.headers['accept-language']), requestId);
    send(ctx, { status: wire.status, body, type: 'application/problem+json', headers: extra }, headers.api, requestId);
  }

  const handle = koa.callback();
  return {
    koa,
    handle: (req, res) => void handle(req, res),
    upgrade: (req, socket, head) => void nodeRed.upgrade(req, socket, head),
    routes,
    close: () => context.hub.close(),
  };
}

interface Found {
  mounted: MountedRoute;
  params: Record<string, string>;
}

function createRouter(mounted: readonly MountedRoute[]): { find(method: string, path: string): Found | null } {
  const tree = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 500, caseSensitive: true });
  const noop = () => undefined;
  for (const entry of mounted) {
    const { method, path } = entry.route;
    tree.on(method, path, noop, entry);
    if (entry.surface === 'camunda' && path !== '/engine-rest/engine')
      tree.on(method, path.replace('/engine-rest', ENGINE_ALIAS), noop, entry);
  }
  return {
    find(method, path) {
      const found = isMethod(method) ? tree.find(method, path) : null;
      if (!found) return null;
      return { mounted: found.store as MountedRoute, params: found.params as Record<string, string> };
    },
  };
}

const isMethod = (method: string): method is (typeof METHODS)[number] => (METHODS as readonly string[]).includes(method);
const isApiPath = (path: string): boolean => path.startsWith('/api/') || path.startsWith('/engine-rest') || path.startsWith('/hooks/');

const pathMissing = (path: string): WireError => ({
  status: 404,
  code: 'ROUTE_NOT_FOUND',
  message: `Expected a known path, but ${path.slice(0, 200)} is none`,
  details: {},
  hidden: false,
});
const methodMissing = (method: string): WireError => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `Expected a method that this path supports, but it is ${method}`,
  details: { method },
  hidden: false,
});
