import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Context } from 'koa';
import { authorize } from '#engine/identity/authorize.ts';
import { policies } from '#engine/identity/policies.ts';
import { notAllowed, TransientError } from '#engine/errors.ts';
import type { AppContext } from './app-context.ts';
import type { EditorHandles } from './editor-handles.ts';
import { localeOf } from './messages/message-text.ts';
import { authenticate } from './middleware/authenticate.ts';
import { problemDetails, toWireError } from './middleware/error-reply.ts';
import { isOwnOrigin } from './middleware/forgery.ts';
import { send } from './middleware/send.ts';

const PREFIX = '/node-red';
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host'];

export interface NodeRedProxy {
  owns(path: string): boolean;
  forward(ctx: Context, requestId: string): Promise<void>;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/**
 * Pipes `/node-red/*` to the flow runtime's process. Only signed-in people with a role of the `node-red.open` row get
 * through, by their console session; what they may do there is decided by the runtime's own authentication, whose bearer
 * token travels in `Authorization` and is passed on. In the session's place the runtime gets a handle that it can only ask us about.
 */
export function createNodeRedProxy(context: AppContext, headers: Readonly<Record<string, string>>, handles: EditorHandles): NodeRedProxy {
  const { identity, settings, log } = context;
  const ownOrigin = settings.publicUrl ? new URL(settings.publicUrl).origin : null;

  /** @throws RequestError 401, 403; TransientError while the runtime is down. */
  async function admit(req: IncomingMessage, ip: string): Promise<number> {
    const { authorization: _editorToken, ...rest } = req.headers;
    const caller = await authenticate(identity, { headers: rest }, ip);
    authorize(caller.principal, policies['node-red.open'] ?? 'public', 'node-red.open');
    const port = settings.nodeRedPort();
    if (port === null) throw new TransientError('NODE_RED_DOWN', 'Expected the flow runtime to run, but it is off or starting');
    return port;
  }

  return {
    owns: (path) => path === PREFIX || path.startsWith(`${PREFIX}/`),
    async forward(ctx, requestId) {
      try {
        if (ctx.method !== 'GET' && !isOwnOrigin(ctx.req, ownOrigin))
          throw notAllowed('Expected a request of our own pages, but its Origin is another site');
        const port = await admit(ctx.req, ctx.ip);
        ctx.respond = false;
        pipe(ctx.req, ctx.res, { port, headers: forwarded(ctx.req, handles), policy: headers }, (error) =>
          log.warn({ err: error, requestId }, 'flow runtime did not answer'),
        );
      } catch (error) {
        const wire = toWireError(error);
        const body = problemDetails(wire, localeOf(ctx.req.headers['accept-language']), requestId);
        send(ctx, { status: wire.status, body, type: 'application/problem+json' }, headers, requestId);
      }
    },
    async upgrade(req, socket, head) {
      socket.on('error', () => socket.destroy());
      if (!req.url?.startsWith(`${PREFIX}/`)) return refuse(socket, 404, 'Not Found');
      if (!isOwnOrigin(req, ownOrigin)) return refuse(socket, 403, 'Forbidden');
      try {
        const port = await admit(req, req.socket.remoteAddress ?? '');
        tunnel(req, socket, head, { port, headers: forwarded(req, handles) });
      } catch (error) {
        const { status } = toWireError(error);
        refuse(socket, status, status === 401 ? 'Unauthorized' : status === 403 ? 'Forbidden' : 'Service Unavailable');
      }
    },
  };
}

interface Target {
  port: number;
  headers: OutgoingHttpHeaders;
}

function pipe(
  req: IncomingMessage,
  res: ServerResponse,
  { port, headers, policy }: Target & { policy: Readonly<Record<string, string>> },
  failed: (error: Error) => void,
): void {
  const upstream = httpRequest({ host: '127.0.0.1', port, method: req.method, path: req.url, headers });
  upstream.on('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, { ...withoutOurCookies(withoutHops(answer.headers)), ...policy });
    answer.pipe(res);
    answer.on('error', () => res.destroy());
  });
  upstream.on('error', (error) => {
    failed(error);
    if (res.headersSent) res.destroy();
    else res.writeHead(502, { ...policy, 'content-type': 'text/plain' }).end('The flow runtime does not answer.');
  });
  res.on('close', () => upstream.destroy());
  req.pipe(upstream);
}

function tunnel(req: IncomingMessage, socket: Duplex, head: Buffer, { port, headers }: Target): void {
  const upstream = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'GET',
    path: req.url,
    headers: { ...headers, connection: 'Upgrade', upgrade: req.headers.upgrade ?? 'websocket' },
  });
  upstream.on('upgrade', (answer, far, farHead) => {
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
    if (farHead.length > 0) socket.write(farHead);
    if (head.length > 0) far.write(head);
    far.on('error', () => socket.destroy());
    far.on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
    far.pipe(socket).pipe(far);
  });
  upstream.on('response', (answer) => {
    answer.resume();
    refuse(socket, answer.statusCode ?? 502, answer.statusMessage ?? 'Refused');
  });
  upstream.on('error', () => refuse(socket, 502, 'Bad Gateway'));
  upstream.end();
}

function refuse(socket: Duplex, status: number, text: string): void {
  if (!socket.writable) return;
  const body = JSON.stringify({ status, title: text });
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function forwarded(req: IncomingMessage, handles: EditorHandles): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...withoutHops(req.headers), host: req.headers.host, 'x-forwarded-for': req.socket.remoteAddress };
  if (req.headers.cookie !== undefined) headers['cookie'] = handles.forRuntime(req.headers.cookie);
  // Credentials of ours are none of the runtime's business; its own token is a bearer.
  if (!/^bearer /i.test(req.headers.authorization ?? '')) delete headers['authorization'];
  return headers;
}

/** The runtime may set cookies of its own, but never a session of ours. */
function withoutOurCookies(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const cookies = headers['set-cookie'];
  if (!Array.isArray(cookies)) return headers;
  return { ...headers, 'set-cookie': cookies.filter((cookie) => !/^\s*(__Host-)?songbai_session\s*=/i.test(cookie)) };
}

function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = { ...headers };
  for (const name of HOP_BY_HOP) delete kept[name];
  return kept;
}
