import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RequestError } from '#engine/errors.ts';
import type { Session } from '#engine/identity/sessions.ts';

/**
 * Writes must come from our own pages: the browser's `Origin` has to be ours, whatever the credentials, and cookie sessions
 * need the token that only our page knows. @throws RequestError 403
 */
export function refuseForgery(req: IncomingMessage, session: Session | null, ownOrigin: string | null): void {
  if (!isOwnOrigin(req, ownOrigin))
    throw new RequestError(403, 'ORIGIN_NOT_ALLOWED', 'Expected a request of our own pages, but its Origin is another site');
  if (!session) return;
  const sent = req.headers['x-csrf-token'];
  if (typeof sent !== 'string' || !sameText(sent, session.csrfToken))
    throw new RequestError(403, 'CSRF_TOKEN_INVALID', 'Expected the X-CSRF-Token of this session, but it is missing or another');
}

/** Programs send no Origin; browsers always do on cross-site writes. */
export function isOwnOrigin(req: IncomingMessage, ownOrigin: string | null): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined) return req.headers['sec-fetch-site'] !== 'cross-site';
  if (ownOrigin) return origin === ownOrigin;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
