import type { Context } from 'koa';
import type { Reply } from '../route.ts';

/** Exactly this, without a charset: Camunda's JavaScript client ignores bodies of any other type. */
const JSON_TYPE = 'application/json';

/** Answers on the raw response: Koa's own way would add a charset and guess at types. */
export function send(ctx: Context, reply: Reply, headers: Readonly<Record<string, string>>, requestId: string): void {
  if (reply.handled) return;
  ctx.respond = false;
  const { res } = ctx;
  if (res.destroyed || res.headersSent) return;
  const own: Record<string, string | number> = { ...headers, 'x-request-id': requestId, ...reply.headers };
  if (reply.body === undefined) {
    res.writeHead(reply.status ?? 204, own).end();
    return;
  }
  const type = reply.type ?? JSON_TYPE;
  const bytes = bytesOf(reply.body, type);
  own['content-type'] = type;
  own['content-length'] = bytes.length;
  res.writeHead(reply.status ?? 200, own).end(bytes);
}

function bytesOf(body: unknown, type: string): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' && !type.includes('json') ? body : JSON.stringify(body));
}
