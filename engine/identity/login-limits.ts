import { RequestError } from '#engine/errors.ts';
import { clearLoginAttempts, loginAttempts, setLoginAttempts, type LoginAttempts } from '#engine/store/login-attempt-store.ts';
import type { Store } from '#engine/store/open-store.ts';

/**
 * Failed logins per account and per address, kept in the database: they survive restarts and count across nodes.
 * GB/T 22239 level 2 asks for five failures and a lock; the lock grows to 15 minutes while failures go on.
 */
const ACCOUNT = { failures: 5, windowMs: 15 * 60_000, lockMs: 300_000, longestLockMs: 900_000 };
const ADDRESS = { failures: 50, windowMs: 10 * 60_000, lockMs: 600_000, longestLockMs: 600_000 };
type Limit = typeof ACCOUNT;

export interface LoginLimits {
  /** @throws RequestError 429 `LOGIN_LOCKED` while the account or the address is locked. */
  check(username: string, ip: string): Promise<void>;
  failed(username: string, ip: string): Promise<void>;
  succeeded(username: string): Promise<void>;
  /** The same per address alone, for doors that know no accounts. @throws RequestError 429 `LOGIN_LOCKED` */
  checkDoor(door: string, ip: string): Promise<void>;
  failedAtDoor(door: string, ip: string): Promise<void>;
}

export function createLoginLimits(store: Store): LoginLimits {
  const subjects = (username: string, ip: string): [string, Limit][] => [
    [accountSubject(username), ACCOUNT],
    [`ip:${ip}`.slice(0, 100), ADDRESS],
  ];
  const atDoor = (door: string, ip: string): [string, Limit][] => [[`${door}:${ip}`.slice(0, 100), ADDRESS]];

  async function refuseLocked(limits: [string, Limit][]): Promise<void> {
    const now = store.clock.now();
    const lockedUntil = await store.batcher.run({ key: null, name: 'check-login-limits' }, function* () {
      let latest = 0;
      for (const [subject] of limits) latest = Math.max(latest, (yield* loginAttempts(subject)).lockedUntil);
      return latest;
    });
    if (lockedUntil > now) throw locked(Math.ceil((lockedUntil - now) / 1000));
  }

  async function count(limits: [string, Limit][]): Promise<void> {
    const now = store.clock.now();
    for (const [subject, limit] of limits) {
      await store.batcher.run({ key: `login:${subject}`, name: 'count-failed-login' }, function* (writes) {
        setLoginAttempts(writes, subject, afterFailure(yield* loginAttempts(subject), limit, now));
      });
    }
  }

  return {
    check: (username, ip) => refuseLocked(subjects(username, ip)),
    failed: (username, ip) => count(subjects(username, ip)),
    checkDoor: (door, ip) => refuseLocked(atDoor(door, ip)),
    failedAtDoor: (door, ip) => count(atDoor(door, ip)),
    async succeeded(username) {
      const subject = accountSubject(username);
      await store.batcher.run({ key: `login:${subject}`, name: 'clear-failed-logins' }, function* (writes) {
        if ((yield* loginAttempts(subject)).failures > 0) clearLoginAttempts(writes, subject);
      });
    },
  };
}

const accountSubject = (username: string): string => `account:${username}`.slice(0, 100);

function afterFailure(before: LoginAttempts, limit: Limit, now: number): LoginAttempts {
  const fresh = now - before.firstAt > limit.windowMs && before.lockedUntil + limit.windowMs < now;
  const failures = fresh ? 1 : before.failures + 1;
  const firstAt = fresh ? now : before.firstAt;
  if (failures < limit.failures) return { failures, firstAt, lockedUntil: 0 };
  const rounds = Math.floor(failures / limit.failures);
  const lockMs = Math.min(limit.lockMs * rounds, limit.longestLockMs);
  return { failures, firstAt, lockedUntil: failures % limit.failures === 0 ? now + lockMs : before.lockedUntil };
}

const locked = (retryAfterS: number) =>
  new RequestError(429, 'LOGIN_LOCKED', `Expected fewer failed logins, but there were too many; try again in ${retryAfterS} s`, {
    retryAfterS,
  });
