import { notAuthenticated, notFound, RequestError } from '#engine/errors.ts';
import {
  accountByUsername,
  accountNames,
  accountsIn,
  demoAccounts,
  insertAccount,
  setAccountLocale,
  setAccountPassword,
  setAccountStatus,
  type AccountRow,
} from '#engine/store/account-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { createApiClients, type ApiClients } from './api-clients.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { createLoginLimits } from './login-limits.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import type { Principal, Role } from './principal.ts';
import type { Scope } from './scope.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSetup, type Setup } from './setup.ts';

export interface NewAccount {
  username: string;
  name: string;
  password: string;
  tenant: string;
  tenantName: string;
  roles: Role[];
  /** Candidate groups besides the role names, e.g. `provider-001`. */
  groups?: string[];
  areas: string[];
  locale?: 'zh-CN' | 'en';
  /** Shown with its password on the login page of a demo. */
  demo?: boolean;
}

export interface Identity {
  sessions: Sessions;
  clients: ApiClients;
  setup: Setup;
  /** @throws RequestError 409 when the name is taken. */
  createAccount(account: NewAccount): Promise<void>;
  /** @throws RequestError 401 `LOGIN_FAILED` (same text and time for an unknown user), 429 `LOGIN_LOCKED` */
  login(username: string, password: string, ip: string): Promise<{ token: string; csrfToken: string }>;
  /** `Authorization: Basic` of API clients. @throws RequestError 401, 429 */
  basic(id: string, password: string, ip: string): Promise<Principal> | Principal;
  setLocale(principal: Principal, locale: 'zh-CN' | 'en'): Promise<void>;
  /** Ends all sessions of the account. */
  disable(username: string): Promise<void>;
  setPassword(username: string, password: string): Promise<void>;
  demoAccounts(): Promise<AccountRow[]>;
  /** The accounts that someone with this scope may manage: those of the district that stand wholly within the areas. */
  accountsIn(scope: Scope): Promise<AccountRow[]>;
  /** Display names of the tenant's accounts by user name. */
  names(tenant: string): Promise<ReadonlyMap<string, string>>;
}

const NAMES_CACHE_MS = 30_000;

/** Accounts, sessions and API clients over the store. One per server. */
export function createIdentity({ store, passwords = createPasswords() }: { store: Store; passwords?: Passwords }): Identity {
  const sessions = createSessions(store);
  const clients = createApiClients({ store, passwords });
  const limits = createLoginLimits(store);
  const names = createExpiringCache<ReadonlyMap<string, string>>({ ttlMs: NAMES_CACHE_MS, max: 100, now: () => store.clock.now() });

  async function existing(username: string): Promise<AccountRow> {
    const account = await store.query(accountByUsername(username));
    if (!account) throw notFound('account', username);
    return account;
  }

  async function basicVerified(id: string, password: string, ip: string): Promise<Principal> {
    await limits.check(`client ${id}`, ip);
    const principal = await clients.byPassword(id, password);
    if (principal) return principal;
    await limits.failed(`client ${id}`, ip);
    throw notAuthenticated();
  }

  return {
    sessions,
    clients,
    setup: createSetup({ store, passwords, sessions, limits, done: () => names.clear() }),
    async createAccount(input) {
      const passwordHash = await passwords.hash(input.password);
      await store.ids.ready(1);
      const account = newRow(store.ids.next(), input, passwordHash);
      await store.batcher.run({ key: `account:${input.username}`, name: 'create-account' }, function* (writes) {
        if (yield* accountByUsername(input.username)) throw nameTaken(input.username);
        insertAccount(writes, account, store.clock.now());
      });
      names.clear();
    },
    async login(username, password, ip) {
      await limits.check(username, ip);
      const account = await store.query(accountByUsername(username));
      const usable = account?.status === 'active' ? account : null;
      const matches = await passwords.verify(usable?.passwordHash ?? null, password);
      if (!usable || !matches) {
        await limits.failed(username, ip);
        throw new RequestError(401, 'LOGIN_FAILED', 'Expected a known user name and its password, but they do not match');
      }
      await limits.succeeded(username);
      return sessions.open(usable.id, ip);
    },
    basic: (id, password, ip) => clients.cached(id, password) ?? basicVerified(id, password, ip),
    async setLocale(principal, locale) {
      const account = await existing(principal.id);
      await store.batcher.run({ key: `account:${account.id}`, name: 'set-locale' }, function* (writes) {
        setAccountLocale(writes, account.id, locale, store.clock.now());
      });
      sessions.forget();
    },
    async disable(username) {
      const account = await existing(username);
      await store.batcher.run({ key: `account:${account.id}`, name: 'disable-account' }, function* (writes) {
        setAccountStatus(writes, account.id, 'disabled', store.clock.now());
      });
      await sessions.closeAllOf(account.id);
    },
    async setPassword(username, password) {
      const account = await existing(username);
      const passwordHash = await passwords.hash(password);
      await store.batcher.run({ key: `account:${account.id}`, name: 'set-password' }, function* (writes) {
        setAccountPassword(writes, account.id, passwordHash, store.clock.now());
      });
      await sessions.closeAllOf(account.id);
    },
    demoAccounts: () => store.query(demoAccounts()),
    accountsIn: (scope) => store.query(accountsIn(scope)),
    async names(tenant) {
      const cached = names.get(tenant);
      if (cached) return cached;
      const loaded = await store.query(accountNames(tenant));
      names.set(tenant, loaded);
      return loaded;
    },
  };
}

function newRow(id: number, input: NewAccount, passwordHash: string): AccountRow {
  return {
    id,
    username: input.username,
    name: input.name,
    passwordHash,
    tenant: input.tenant,
    tenantName: input.tenantName,
    roles: input.roles,
    groups: input.groups ?? [],
    areas: input.areas,
    locale: input.locale ?? 'zh-CN',
    status: 'active',
    demo: input.demo ?? false,
  };
}

const nameTaken = (username: string) =>
  new RequestError(409, 'ACCOUNT_EXISTS', `Expected the user name ${username} to be free, but an account has it`);
