import { hash, randomBytes } from 'node:crypto';
import { accountById } from '#engine/store/account-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOf,
  insertSession,
  sessionByHash,
  touchSession,
} from '#engine/store/session-store.ts';
import { accountPrincipal, type AccountPrincipal } from './account-principal.ts';
import { createExpiringCache } from './expiring-cache.ts';

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
/** How stale another node's logout or a change of rights may be here. */
const CACHE_MS = 5_000;
/** `last_seen_at` is written at most this often per session. */
const TOUCH_MS = 60_000;

export interface Session {
  tokenHash: string;
  /** For the header `X-CSRF-Token`; follows from the session id, which scripts cannot read. */
  csrfToken: string;
  accountId: number;
  principal: AccountPrincipal;
}

export interface Sessions {
  /** @returns the id for the cookie, 256 random bits; only its SHA-256 is stored. */
  open(accountId: number, ip: string): Promise<{ token: string; csrfToken: string }>;
  /** null when unknown, idle for 30 minutes, older than 12 hours, or its account is disabled. */
  find(token: string): Promise<Session | null> | Session | null;
  /** Whether the session still lives, without prolonging it: an open stream is no activity. */
  isOpen(token: string): Promise<boolean>;
  close(tokenHash: string): Promise<void>;
  closeAllOf(accountId: number): Promise<void>;
  /** Rights or names changed: read them again. */
  forget(): void;
  removeExpired(): Promise<number>;
}

interface Cached extends Session {
  lastSeenAt: number;
  expiresAt: number;
}

export function createSessions(store: Store): Sessions {
  const now = () => store.clock.now();
  const cache = createExpiringCache<Cached>({ ttlMs: CACHE_MS, max: 20_000, now });

  async function load(token: string, tokenHash: string): Promise<Cached | null> {
    const row = await store.query(sessionByHash(tokenHash));
    if (!row) return null;
    const account = await store.query(accountById(row.accountId));
    if (!account || account.status !== 'active') return null;
    const { lastSeenAt, expiresAt } = row;
    const session = {
      tokenHash,
      csrfToken: csrfOf(token),
      accountId: account.id,
      principal: accountPrincipal(account),
      lastSeenAt,
      expiresAt,
    };
    if (!isAlive(session, now())) return null;
    cache.set(tokenHash, session);
    return session;
  }

  function seen(session: Cached): Session {
    const at = now();
    if (at - session.lastSeenAt > TOUCH_MS) {
      session.lastSeenAt = at;
      // Losing this write only shortens the idle time, so nobody waits for it.
      void store.batcher
        .run({ key: `session:${session.tokenHash}`, name: 'touch-session' }, function* (writes) {
          if (yield* sessionByHash(session.tokenHash)) touchSession(writes, session.tokenHash, at);
        })
        .catch(() => undefined);
    }
    return session;
  }

  return {
    async open(accountId, ip) {
      const token = randomBytes(32).toString('base64url');
      const at = now();
      const row = { tokenHash: hashOf(token), accountId, createdAt: at, lastSeenAt: at, expiresAt: at + ABSOLUTE_MS };
      await store.batcher.run({ key: null, name: 'open-session' }, function* (writes) {
        insertSession(writes, row, ip.slice(0, 64));
      });
      return { token, csrfToken: csrfOf(token) };
    },
    find(token) {
      if (token.length !== 43) return null;
      const tokenHash = hashOf(token);
      const cached = cache.get(tokenHash);
      if (cached) return isAlive(cached, now()) ? seen(cached) : null;
      return load(token, tokenHash).then((session) => session && seen(session));
    },
    async isOpen(token) {
      const tokenHash = hashOf(token);
      const session = cache.get(tokenHash) ?? (await load(token, tokenHash));
      return session !== null && isAlive(session, now());
    },
    async close(tokenHash) {
      await store.batcher.run({ key: `session:${tokenHash}`, name: 'close-session' }, function* (writes) {
        deleteSession(writes, tokenHash);
      });
      cache.delete(tokenHash);
    },
    async closeAllOf(accountId) {
      await store.batcher.run({ key: `account:${accountId}`, name: 'close-sessions' }, (writes) => deleteSessionsOf(writes, accountId));
      cache.clear();
    },
    forget: () => cache.clear(),
    removeExpired: () => store.batcher.run({ key: 'sessions', name: 'remove-sessions' }, (writes) => deleteExpiredSessions(writes, now())),
  };
}

const hashOf = (token: string): string => hash('sha256', token, 'hex');
const csrfOf = (token: string): string => hash('sha256', `csrf ${token}`, 'base64url');

function isAlive(session: Cached, at: number): boolean {
  return at < session.expiresAt && at - session.lastSeenAt < IDLE_MS;
}
