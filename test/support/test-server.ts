import { pino } from 'pino';
import { compose, type Server } from '#engine/compose.ts';
import { readConfig } from '#engine/config.ts';
import { temporaryFolder } from './dialects.ts';

export interface TestServer extends Server {
  /** Basic credentials of the demo's API client `engine`. */
  authorization: string;
  /** Signs in as a demo account; the answer adds cookie and CSRF token to requests. */
  signIn(username: string, password?: string): Promise<TestClient>;
}
export interface TestClient {
  get(path: string): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  delete(path: string): Promise<Response>;
  cookie: string;
  csrfToken: string;
}

/** The whole server in this process on free ports and a temporary directory, with the demo district; no flow runtime unless asked for. */
export async function createTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const config = readConfig({ SONGBAI_DATA_DIR: temporaryFolder(), SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: 'test', ...env, SONGBAI_PORT: '0' });
  const server = await compose(config, pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' }), env);
  return {
    ...server,
    authorization: `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`,
    signIn: (username, password = 'songbai-demo') => signIn(server.url, username, password),
  };
}

async function signIn(url: string, username: string, password: string): Promise<TestClient> {
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) });
  if (!response.ok) throw new Error(`Expected ${username} to sign in, but the server answered ${response.status}: ${await response.text()}`);
  const cookie = response.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: { cookie, 'x-csrf-token': csrfToken, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { get: (path) => send('GET', path), post: (path, body, headers) => send('POST', path, body ?? {}, headers), delete: (path) => send('DELETE', path), cookie, csrfToken };
}
