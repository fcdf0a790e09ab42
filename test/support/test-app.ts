import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditLog } from '#engine/audit/audit-log.ts';
import { createIdentity, type Identity, type NewAccount } from '#engine/identity/identity.ts';
import { createLogger } from '#engine/log.ts';
import { createStreamHub } from '#engine/rest/api/stream/hub.ts';
import type { AppContext, AppSettings } from '#engine/rest/app-context.ts';
import { createApp } from '#engine/rest/app.ts';
import type { Route } from '#engine/rest/route.ts';
import { startServer } from '#engine/rest/server.ts';
import { openStore } from '#engine/store/open-store.ts';

export const DISTRICT = '120103';
export const STREET = '120103/120103008';
export const PASSWORD = 'correct horse battery';

export interface TestApp {
  context: AppContext;
  identity: Identity;
  url: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** As the API client `engine` of the district. */
  asClient(path: string, init?: RequestInit): Promise<Response>;
  /** As a signed-in person, with cookie and CSRF header; a dispatcher of the street unless named. */
  asUser(path: string, init?: RequestInit, username?: string): Promise<Response>;
  signIn(username?: string): Promise<{ cookie: string; csrfToken: string }>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  routes?: Route[];
  settings?: Partial<AppSettings>;
  accounts?: Partial<NewAccount>[];
  /** What the test needs of engine and forms; anything else fails when it is used. */
  context?: Partial<AppContext>;
}

/** The real app on a real SQLite file and a free port. */
export async function createTestApp({ routes, settings = {}, accounts = [], context: given = {} }: TestAppOptions = {}): Promise<TestApp> {
  const dir = mkdtempSync(join(tmpdir(), 'songbai-rest-'));
  const log = createLogger('silent');
  const store = await openStore({ url: `sqlite:${dir}/test.sqlite`, dataDir: dir, nodeId: 'test', log });
  const identity = createIdentity({ store });
  await identity.clients.createBasic({
    id: 'engine',
    name: 'Engine',
    tenant: DISTRICT,
    areas: [DISTRICT],
    scopes: ['engine-rest'],
    password: PASSWORD,
  });
  const people: Partial<NewAccount>[] = [{ username: 'dispatcher', name: '王派单', roles: ['dispatcher'], areas: [STREET] }, ...accounts];
  for (const person of people) await identity.createAccount({ ...somebody(), ...person });
  const context: AppContext = {
    store,
    identity,
    log,
    audit: createAuditLog({ store, nodeId: 'test', log }),
    hub: createStreamHub({ epoch: 'test' }),
    engine: unavailable('engine'),
    forms: unavailable('forms'),
    modelOf: () => {
      throw new Error('Expected a test that needs no models');
    },
    settings: { ...defaults(), ...settings },
    ...given,
  };
  const app = routes ? createApp(context, routes) : createApp(context);
  const http = await startServer(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${http.port}`;
  const sessions = new Map<string, { cookie: string; csrfToken: string }>();
  const testApp: TestApp = {
    context,
    identity,
    url,
    fetch: (path, init) => fetch(url + path, init),
    asClient: (path, init = {}) => fetch(url + path, withHeaders(init, { authorization: `Basic ${btoa(`engine:${PASSWORD}`)}` })),
    async asUser(path, init = {}, username = 'dispatcher') {
      const session = sessions.get(username) ?? (await testApp.signIn(username));
      sessions.set(username, session);
      return fetch(url + path, withHeaders(init, { cookie: session.cookie, 'x-csrf-token': session.csrfToken }));
    },
    async signIn(username = 'dispatcher') {
      const { token, csrfToken } = await identity.login(username, PASSWORD, '127.0.0.1');
      return { cookie: `songbai_session=${token}`, csrfToken };
    },
    async close() {
      await http.close(100);
      await context.audit.flush();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return testApp;
}

export const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

function withHeaders(init: RequestInit, headers: Record<string, string>): RequestInit {
  return { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } };
}

const somebody = (): NewAccount => ({
  username: 'somebody',
  name: 'Somebody',
  password: PASSWORD,
  tenant: DISTRICT,
  tenantName: '河西区',
  roles: [],
  areas: [],
});

const defaults = (): AppSettings => ({
  publicUrl: null,
  trustedProxies: 0,
  nodeId: 'test',
  version: '0.0.0',
  consoleDir: null,
  nodeRedPort: () => null,
  demoPassword: null,
  isReady: () => true,
});

function unavailable<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: (_, name) => {
      throw new Error(`Expected a test that does not use ${what}.${String(name)}`);
    },
  });
}
