import { hash, randomBytes } from 'node:crypto';
import { RequestError } from '#engine/errors.ts';
import { countAccounts, insertAccount } from '#engine/store/account-store.ts';
import { saveArea } from '#engine/store/area-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { closeSetup, firstSetup, openSetup, type FirstSetup } from '#engine/store/setup-store.ts';
import type { LoginLimits } from './login-limits.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';

/** How long the link from the terminal is good. */
const VALID_MS = 24 * 3_600_000;
const DOOR = 'setup';

export interface SetupInput {
  token: string;
  district: { code: string; name: string };
  account: { username: string; name: string; password: string };
  locale: 'zh-CN' | 'en';
}

/** The way in for the first administrator of a server without accounts; open once in the life of a database. */
export interface Setup {
  /** Makes a new token, which voids the one before. @returns the line for the terminal; null when there are accounts or ever were. */
  prepare(baseUrl: string): Promise<string | null>;
  /** @throws RequestError 404 for a token that is wrong, used up or expired, 429 after too many of them from one address */
  check(token: string, ip: string): Promise<void>;
  /**
   * Uses up the token: district, its area and its administrator in one transaction, then a session. The input has been checked.
   * @throws RequestError 404 when somebody was faster
   */
  complete(input: SetupInput, ip: string): Promise<{ token: string }>;
}

export interface SetupContext {
  store: Store;
  passwords: Passwords;
  sessions: Sessions;
  limits: LoginLimits;
  /** Called when the account is there. */
  done: () => void;
}

export function createSetup({ store, passwords, sessions, limits, done }: SetupContext): Setup {
  const hashOf = (token: string): string => hash('sha256', token, 'hex');
  const isGood = (row: FirstSetup | null, tokenHash: string): row is FirstSetup =>
    row !== null && row.closedAt === 0 && row.tokenHash === tokenHash && store.clock.now() < row.expiresAt;

  return {
    async prepare(baseUrl) {
      const token = randomBytes(32).toString('base64url');
      const isOpen = await store.batcher.run({ key: DOOR, name: 'prepare-setup' }, function* (writes) {
        const before = yield* firstSetup();
        if (before && before.closedAt !== 0) return false;
        const now = store.clock.now();
        // Accounts that came another way close it too: it must not open again when they are deleted.
        if ((yield* countAccounts()) > 0) {
          closeSetup(writes, before, now);
          return false;
        }
        openSetup(writes, before, hashOf(token), now + VALID_MS);
        return true;
      });
      return isOpen ? `first administrator: open ${baseUrl.replace(/\/$/, '')}/setup#${token} (valid once, 24 h)` : null;
    },
    async check(token, ip) {
      await limits.checkDoor(DOOR, ip);
      const [row, accounts] = [await store.query(firstSetup()), await store.query(countAccounts())];
      if (accounts === 0 && isGood(row, hashOf(token))) return;
      // Counted also when there is nothing to guess any more: the answers tell nobody whether there is.
      await limits.failedAtDoor(DOOR, ip);
      throw notThere();
    },
    async complete({ token, district, account, locale }, ip) {
      const passwordHash = await passwords.hash(account.password);
      await store.ids.ready(1);
      const id = store.ids.next();
      await store.batcher.run({ key: DOOR, name: 'first-setup' }, function* (writes) {
        const row = yield* firstSetup();
        const accounts = yield* countAccounts();
        if (accounts > 0 || !isGood(row, hashOf(token))) throw notThere();
        const now = store.clock.now();
        const { code, name: tenantName } = district;
        const { username, name } = account;
        closeSetup(writes, row, now);
        saveArea(writes, { tenant: code, code, parent: null, path: code, name: tenantName, level: 1 });
        const person = { id, username, name, passwordHash, tenant: code, tenantName, locale };
        insertAccount(writes, { ...person, roles: ['district-admin'], groups: [], areas: [code], status: 'active', demo: false }, now);
      });
      done();
      return sessions.open(id, ip);
    },
  };
}

/** The same as for an address that does not exist. */
const notThere = () => new RequestError(404, 'ROUTE_NOT_FOUND', 'Expected a known path, but /api/setup is none');
