import assert from 'node:assert/strict';
import { createTestServer, type TestClient, type TestServer } from './test-server.ts';

export type Json = Record<string, unknown>;

/** A demo server with some processes deployed, asked over /engine-rest by the client `engine`. */
export interface HistoryWorld {
  server: TestServer;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** Expects 2xx. */
  ok(method: string, path: string, body?: unknown): Promise<Response>;
  get<T = Json>(path: string): Promise<T>;
  text(path: string): Promise<string>;
  start(key: string, variables?: Json): Promise<string>;
  /** The instance's only open task. */
  task(instance: string): Promise<string>;
  lock(topic: string): Promise<string[]>;
  definitionId(key: string): Promise<string>;
  /** Somebody of another district. */
  elsewhere(): Promise<{ client: TestClient }>;
  until(holds: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

export async function historyWorld(url: string, files: Readonly<Record<string, string>>, env: Record<string, string> = {}): Promise<HistoryWorld> {
  const server = await createTestServer({ SONGBAI_DATABASE_URL: url, ...env });
  const call: HistoryWorld['call'] = (method, path, body) =>
    fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization: server.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ok: HistoryWorld['ok'] = async (method, path, body) => {
    const answer = await call(method, path, body);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer;
  };
  const get = async <T = Json>(path: string) => (await (await ok('GET', path)).json()) as T;
  const form = new FormData();
  form.set('deployment-name', 'history');
  for (const [name, content] of Object.entries(files)) form.set(name, new Blob([content]), name);
  const deployed = await fetch(`${server.url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization: server.authorization }, body: form });
  assert.equal(deployed.status, 200, await deployed.text());
  return {
    server,
    call,
    ok,
    get,
    text: async (path) => (await ok('GET', path)).text(),
    start: async (key, variables = {}) => ((await (await ok('POST', `/process-definition/key/${key}/start`, { variables })).json()) as { id: string }).id,
    async task(instance) {
      const [task] = await get<{ id: string }[]>(`/task?processInstanceId=${instance}`);
      return task?.id ?? '';
    },
    async lock(topic) {
      const answer = await ok('POST', '/external-task/fetchAndLock', { workerId: 'w', maxTasks: 10, topics: [{ topicName: topic, lockDuration: 60_000 }] });
      return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
    },
    definitionId: async (key) => String((await get(`/process-definition/key/${key}`))['id']),
    elsewhere: async () => ({ client: await server.signIn('admin2') }),
    async until(holds) {
      for (let tries = 0; tries < 100; tries++) {
        if (await holds()) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('Expected the condition to hold within 5 s, but it does not');
    },
    stop: () => server.stop(),
  };
}
