import type { Context } from 'koa';
import { authorize } from '#engine/identity/authorize.ts';
import { invalidInput } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { Session } from '#engine/identity/sessions.ts';
import type { Logger } from '#engine/log.ts';
import type { AppContext } from './app-context.ts';
import { isEditorHandle, type EditorHandles } from './editor-handles.ts';
import { localeOf, type Locale } from './messages/message-text.ts';
import { authenticate, type Caller } from './middleware/authenticate.ts';
import { camundaError, problemDetails, toWireError } from './middleware/error-reply.ts';
import { refuseForgery } from './middleware/forgery.ts';
import { refuseHostileJson } from './middleware/hostile-json.ts';
import { readJson } from './middleware/read-body.ts';
import type { SecurityHeaders } from './middleware/security-headers.ts';
import { send } from './middleware/send.ts';
import type { MountedRoute } from './mounted-route.ts';
import type { Reply, Request } from './route.ts';

/** What the frame leaves in Koa's state for the few handlers that need it. */
export interface RequestState {
  session?: Session | null;
}

export interface Exchange {
  ctx: Context;
  mounted: MountedRoute;
  params: Record<string, string>;
  requestId: string;
}

/** authenticate → forgery → authorize → validate → handler → audit → answer; the same order for every route. */
export function createDispatcher(context: AppContext, headers: SecurityHeaders, handles: EditorHandles) {
  const { identity, audit, log, settings } = context;
  const ownOrigin = settings.publicUrl ? new URL(settings.publicUrl).origin : null;

  /** The flow runtime may ask who a handle is, and nothing else with it. */
  const behindHandle = (token: string): string | null => (isEditorHandle(token) ? handles.tokenOf(token) : token);

  return async function dispatch(exchange: Exchange): Promise<void> {
    const { ctx, mounted, requestId } = exchange;
    let caller: Caller | null = null;
    let payload = '';
    try {
      caller = await authenticate(identity, ctx.req, ctx.ip, mounted.route.id === 'api.session.get' ? behindHandle : undefined);
      (ctx.state as RequestState).session = caller.session;
      // Signing in needs no token: whoever does it has none yet, or one of a session that ends here.
      if (mounted.writes) refuseForgery(ctx.req, mounted.rule === 'public' ? null : caller.session, ownOrigin);
      authorize(caller.principal, mounted.rule, mounted.route.id);
      const query = readQuery(ctx, mounted);
      let body: unknown;
      if (mounted.checkBody && mounted.route.bodyKind !== 'multipart') {
        const json = await readJson(ctx.req, mounted.bodyLimit);
        refuseHostileJson(json.value);
        mounted.checkBody(json.value);
        body = json.value;
        if (!mounted.route.secretBody) payload = json.text;
      }
      const request: Request = {
        principal: caller.principal,
        params: exchange.params,
        query,
        body,
        locale: localeFor(caller, ctx),
        koa: ctx,
      };
      const reply = await mounted.route.handler(request);
      if (mounted.audited) {
        const status = reply.status ?? (reply.body === undefined ? 204 : 200);
        const queued = record(exchange, reply.auditAs ?? caller.principal, payload, status, reply.audit ?? '');
        if (queued) await queued;
      }
      send(ctx, reply, headers.api, requestId);
    } catch (error) {
      const reply = errorReply(error, exchange, caller, log);
      if (mounted.audited && caller && (caller.principal.kind !== 'anonymous' || mounted.rule === 'public'))
        void record(exchange, caller.principal, payload, reply.status ?? 500, toWireError(error).code);
      send(ctx, reply, headers.api, requestId);
    }
  };

  function record({ ctx, mounted }: Exchange, who: Principal, payload: string, status: number, summary: string): Promise<void> | void {
    const { route } = mounted;
    const { tenant, id: actor, kind: actorKind } = who;
    return audit.record({
      tenant,
      actor,
      actorKind,
      ip: ctx.ip,
      route: route.id,
      method: route.method,
      path: ctx.path,
      status,
      summary,
      payload,
    });
  }
}

/** The answer for what went wrong, in the form of the route's surface. */
function errorReply(error: unknown, { ctx, mounted, requestId }: Exchange, caller: Caller | null, log: Logger): Reply {
  const wire = toWireError(error);
  if (wire.hidden) log.error({ err: error, requestId, route: mounted.route.id }, 'request failed');
  const headers: Record<string, string> = {};
  const retryAfterS = wire.details['retryAfterS'];
  if (wire.status === 503) headers['retry-after'] = '1';
  if (typeof retryAfterS === 'number') headers['retry-after'] = String(retryAfterS);
  if (mounted.surface === 'camunda') {
    // Only programs come here; under /api a Basic challenge would open the browser's own dialog.
    if (wire.status === 401) headers['www-authenticate'] = 'Basic realm="songbai"';
    return { ...camundaError(wire, mounted.route.camundaStatus), headers };
  }
  if (wire.status === 401) headers['www-authenticate'] = 'Bearer realm="songbai"';
  return { status: wire.status, body: problemDetails(wire, localeFor(caller, ctx), requestId), type: 'application/problem+json', headers };
}

const localeFor = (caller: Caller | null, ctx: Context): Locale =>
  caller?.principal.kind === 'user' ? caller.principal.locale : localeOf(ctx.req.headers['accept-language']);

/** A repeated parameter is refused: which one counts would depend on who reads it. */
function readQuery(ctx: Context, mounted: MountedRoute): Record<string, string | undefined> {
  if (!ctx.querystring) {
    mounted.checkQuery({});
    return {};
  }
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(ctx.query)) {
    if (typeof value !== 'string')
      throw invalidInput('QUERY_INVALID', `Expected the parameter ${name} once, but it is there more often`, { problem: name });
    refuseHostileJson({ [name]: value });
    query[name] = value;
  }
  mounted.checkQuery(query);
  return query;
}
