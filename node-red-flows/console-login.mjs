import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';

/** What a console role may do in the flow editor; the best one counts. Everyone else may do nothing. */
const PERMISSIONS = /** @type {const} */ ([
  ['integrator', '*'],
  ['district-admin', 'read'],
  ['auditor', 'read'],
]);
/** How long an answer of the engine about a session is believed. Unit: ms. */
const BELIEVED_MS = 5000;
const TIMEOUT_MS = 3000;

/**
 * Node-RED's own authentication, bound to the console's session: signing in asks the engine who the browser's cookie is,
 * and every later request must still carry a session of that person. Signing out of the console signs out of the editor.
 * @param {{engineUrl: string, sessionSeconds: number}} options
 */
export function createConsoleLogin({ engineUrl, sessionSeconds }) {
  /** @type {AsyncLocalStorage<{cookie: string}>} */
  const request = new AsyncLocalStorage();
  /** @type {Map<string, {until: number, person: Promise<Person | null>}>} */
  const believed = new Map();
  /** Who signed in lately, for the websocket, which has no request of its own. @type {Map<string, {until: number, person: Person}>} */
  const seen = new Map();

  /** @typedef {{username: string, permissions: string}} Person */

  /** @param {string} cookie @returns {Promise<Person | null>} */
  function personOf(cookie) {
    const key = createHash('sha256').update(cookie).digest('base64');
    const known = believed.get(key);
    if (known && known.until > Date.now()) return known.person;
    if (believed.size > 500) believed.clear();
    const person = askEngine(engineUrl, cookie).catch(() => null);
    believed.set(key, { until: Date.now() + BELIEVED_MS, person });
    return person;
  }

  /** @param {string} username @returns {Promise<Person | null>} */
  async function users(username) {
    const current = request.getStore();
    if (!current) {
      const lately = seen.get(username);
      return lately && lately.until > Date.now() ? lately.person : null;
    }
    const person = await personOf(current.cookie);
    if (person?.username !== username) return null;
    seen.set(username, { until: Date.now() + 60_000, person });
    return person;
  }

  class SongbaiStrategy {
    name = 'songbai';
    /** @param {unknown} _options @param {(profile: {username: string}, done: (error: unknown, user?: unknown) => void) => void} verify */
    constructor(_options, verify) {
      this.verify = verify;
    }
    /**
     * Called by passport, which adds `success`, `fail` and `error`.
     * @this {any}
     * @param {import('node:http').IncomingMessage} req
     */
    authenticate(req) {
      personOf(req.headers.cookie ?? '').then(
        (person) => {
          if (!person) return this.fail({ message: 'no console session with a role for the flow editor' }, 401);
          this.verify(person, (/** @type {unknown} */ error, /** @type {unknown} */ user) => (error ? this.error(error) : user ? this.success(user) : this.fail(401)));
        },
        (error) => this.error(error),
      );
    }
  }

  return {
    adminAuth: {
      type: 'strategy',
      strategy: { name: 'songbai', label: '松柏控制台', strategy: SongbaiStrategy, options: {}, autoLogin: true },
      users,
      sessionExpiryTime: sessionSeconds,
    },
    /** Remembers whose request it is, and keeps other sites from framing the editor. */
    middleware(/** @type {any} */ req, /** @type {any} */ res, /** @type {() => void} */ next) {
      res.setHeader('content-security-policy', "frame-ancestors 'self'");
      res.setHeader('x-content-type-options', 'nosniff');
      request.run({ cookie: req.headers.cookie ?? '' }, next);
    },
  };
}

/** @param {string} engineUrl @param {string} cookie */
async function askEngine(engineUrl, cookie) {
  if (cookie === '') return null;
  const answer = await fetch(new URL('/api/session', engineUrl), { headers: { cookie }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status !== 200) return null;
  const { account } = await answer.json();
  const match = PERMISSIONS.find(([role]) => account.roles.includes(role));
  return match ? { username: String(account.username), permissions: match[1] } : null;
}
