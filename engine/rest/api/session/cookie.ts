import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '#engine/rest/middleware/authenticate.ts';

/** Makes the `Set-Cookie` value for a session id. @param publicUrl where browsers find us; https gets the stricter cookie */
export function sessionCookie(publicUrl: string | null): (value: string, attributes?: string) => string {
  const https = publicUrl?.startsWith('https:') ?? false;
  return (value, attributes = '') =>
    `${https ? SECURE_SESSION_COOKIE : SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}${attributes}`;
}
