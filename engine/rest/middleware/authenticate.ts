import type { IncomingMessage } from 'node:http';
import { notAuthenticated } from '#engine/errors.ts';
import { ANONYMOUS } from '#engine/identity/account-principal.ts';
import type { Identity } from '#engine/identity/identity.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { Session } from '#engine/identity/sessions.ts';

/** `session` is there only for cookie sessions: those need the CSRF header on writes. */
export interface Caller {
  principal: Principal;
  session: Session | null;
}

const NOBODY: Caller = { principal: ANONYMOUS, session: null };
export const SESSION_COOKIE = 'songbai_session';
/** Over https the name's prefix makes browsers refuse the cookie from anywhere but this very host. */
export const SECURE_SESSION_COOKIE = '__Host-songbai_session';

/**
 * Who speaks: an `Authorization` header wins over the cookie, and one that is not valid is refused even where nobody has
 * to be signed in; a stale cookie is nobody. @throws RequestError 401, 429
 */
export async function authenticate(
  identity: Identity,
  req: Pick<IncomingMessage, 'headers'>,
  ip: string,
  resolve = asItIs,
): Promise<Caller> {
  const { authorization } = req.headers;
  if (authorization !== undefined) return { principal: await byHeader(identity, authorization, ip), session: null };
  const sent = sessionToken(req.headers.cookie);
  const token = sent && resolve(sent);
  if (!token) return NOBODY;
  const session = await identity.sessions.find(token);
  return session ? { principal: session.principal, session } : NOBODY;
}

/** What stands in the cookie is the session id, unless the caller of `authenticate` knows better. */
const asItIs = (token: string): string | null => token;

async function byHeader(identity: Identity, header: string, ip: string): Promise<Principal> {
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const credentials = header.slice(space + 1).trim();
  if (scheme === 'bearer' && credentials) {
    const principal = await identity.clients.byToken(credentials);
    if (principal) return principal;
  }
  if (scheme === 'basic') {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon > 0) return identity.basic(text.slice(0, colon), text.slice(colon + 1), ip);
  }
  throw notAuthenticated();
}

export function sessionToken(cookie: string | undefined): string | null {
  if (!cookie) return null;
  for (const part of cookie.split(';')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    if (name === SESSION_COOKIE || name === SECURE_SESSION_COOKIE) return part.slice(equals + 1).trim();
  }
  return null;
}
