/** Fixed per kind of answer, so that a request costs no string building. */
type Headers = Readonly<Record<string, string>>;

const COMMON: Headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Scripts come from our own origin only: no inline script, no eval. `style-src-attr 'unsafe-inline'` is the one exception:
 * bpmn-js and Element Plus position their overlays by style attributes in markup; style elements stay forbidden.
 * The console may frame the flow editor (same origin), nobody may frame the console.
 */
const CONSOLE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The flow editor builds its dialogs from inline scripts and templates and talks over a websocket. */
export const FLOW_EDITOR_POLICY = [
  "default-src 'self' data: blob:",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

export interface SecurityHeaders {
  api: Headers;
  console: Headers;
  flowEditor: Headers;
}

export function createSecurityHeaders(https: boolean): SecurityHeaders {
  const common = https ? { ...COMMON, 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : COMMON;
  return {
    api: { ...common, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'cache-control': 'no-store' },
    console: { ...common, 'content-security-policy': CONSOLE_POLICY, 'x-frame-options': 'DENY' },
    flowEditor: { ...common, 'content-security-policy': FLOW_EDITOR_POLICY, 'x-frame-options': 'SAMEORIGIN' },
  };
}
