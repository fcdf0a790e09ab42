import { hash, randomBytes } from 'node:crypto';
import { apiClientById, apiClientBySecretHash, saveApiClient, type ApiClientRow } from '#engine/store/api-client-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { createExpiringCache } from './expiring-cache.ts';
import type { Passwords } from './passwords.ts';
import type { Principal } from './principal.ts';

/** How long a verified credential is trusted without asking the database again. */
const CACHE_MS = 30_000;

export interface NewApiClient {
  id: string;
  name: string;
  tenant: string;
  areas: string[];
  scopes: string[];
}

export interface ApiClients {
  createBasic(client: NewApiClient & { password: string }): Promise<void>;
  /** @returns the token, shown once; only its SHA-256 is stored. A client of the same id gets a new token. */
  createBearer(client: NewApiClient): Promise<string>;
  byPassword(id: string, password: string): Promise<Principal | null>;
  byToken(token: string): Promise<Principal | null> | Principal | null;
  /** A verified `id:password` of the last seconds; no hash is computed. */
  cached(id: string, password: string): Principal | undefined;
}

export function createApiClients({ store, passwords }: { store: Store; passwords: Passwords }): ApiClients {
  const cache = createExpiringCache<Principal>({ ttlMs: CACHE_MS, max: 1_000, now: () => store.clock.now() });
  const pending = new Map<string, Promise<Principal | null>>();
  // Cached credentials are kept as keyed hashes: a heap dump holds no passwords.
  // Prefixing the key is enough here, since nobody ever sees the hash, and costs a fifth of an HMAC on each request.
  const key = randomBytes(32).toString('base64');
  const fingerprint = (text: string) => hash('sha256', `${key}${text}`, 'base64');

  async function verified(id: string, password: string): Promise<Principal | null> {
    const row = await store.query(apiClientById(id));
    const usable = row?.kind === 'basic' && row.status === 'active' ? row : null;
    const matches = await passwords.verify(usable?.secretHash ?? null, password);
    return usable && matches ? clientPrincipal(usable) : null;
  }

  async function save(row: ApiClientRow): Promise<void> {
    await store.batcher.run({ key: `client:${row.id}`, name: 'save-api-client' }, function* (writes) {
      saveApiClient(writes, row, store.clock.now());
    });
    cache.clear();
  }

  return {
    async createBasic({ password, ...client }) {
      await save({ ...client, kind: 'basic', secretHash: await passwords.hash(password), status: 'active' });
    },
    async createBearer(client) {
      const token = randomBytes(32).toString('base64url');
      await save({ ...client, kind: 'bearer', secretHash: hash('sha256', token, 'hex'), status: 'active' });
      return token;
    },
    cached: (id, password) => cache.get(fingerprint(`${id}:${password}`)),
    byPassword(id, password) {
      const print = fingerprint(`${id}:${password}`);
      const hit = cache.get(print);
      if (hit) return Promise.resolve(hit);
      const running = pending.get(print);
      if (running) return running;
      const check = verified(id, password)
        .then((principal) => {
          if (principal) cache.set(print, principal);
          return principal;
        })
        .finally(() => pending.delete(print));
      pending.set(print, check);
      return check;
    },
    byToken(token) {
      const secretHash = hash('sha256', token, 'hex');
      const hit = cache.get(secretHash);
      if (hit) return hit;
      return store.query(apiClientBySecretHash(secretHash)).then((row) => {
        if (row?.status !== 'active') return null;
        const principal = clientPrincipal(row);
        cache.set(secretHash, principal);
        return principal;
      });
    },
  };
}

function clientPrincipal(client: ApiClientRow): Principal {
  return {
    kind: 'client',
    id: client.id,
    name: client.name,
    tenant: client.tenant,
    roles: [],
    groups: [],
    areas: client.areas,
    scopes: client.scopes,
    locale: 'en',
  };
}
