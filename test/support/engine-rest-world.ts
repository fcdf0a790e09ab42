import assert from 'node:assert/strict';
import { createTestServer, type TestClient, type TestServer } from './test-server.ts';

export type Json = Record<string, unknown>;
export interface File {
  name: string;
  content: string;
}
/** Camunda's ActivityInstanceDto, as far as tests read it. */
export interface Tree {
  id: string;
  activityId: string;
  activityType: string;
  parentActivityInstanceId: string | null;
  childActivityInstances: Tree[];
  executionIds: string[];
}

/** A demo server with some processes deployed, asked over /engine-rest by the client `engine`. */
export interface EngineRestWorld {
  server: TestServer;
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** Expects 2xx; `{}` for an answer without a body. */
  ok: <T = Json>(method: string, path: string, body?: unknown) => Promise<T>;
  get: <T = Json>(path: string) => Promise<T>;
  text: (path: string) => Promise<string>;
  /** Expects this status; gives the message. */
  refused: (status: number, method: string, path: string, body?: unknown) => Promise<string>;
  /** A part of a multipart form that is no file goes into `fields`. */
  upload: (files: readonly File[], fields?: Record<string, string>) => Promise<Response>;
  deploy: (...files: File[]) => Promise<{ id: string; deployedProcessDefinitions: Record<string, { id: string; version: number }> }>;
  /** `body` as in Camunda, e.g. `{ variables: … }`; the id of the instance. */
  start: (key: string, body?: Json) => Promise<string>;
  /** Keys of the instance's open tasks, sorted. */
  tasks: (instance: string) => Promise<string[]>;
  /** Id of the instance's only open task. */
  task: (instance: string) => Promise<string>;
  lock: (topic: string) => Promise<string[]>;
  tree: (instance: string) => Promise<Tree>;
  definitionId: (key: string) => Promise<string>;
  /** Somebody of another district. */
  elsewhere: () => Promise<{ client: TestClient }>;
  until: (holds: () => Promise<boolean>) => Promise<void>;
  /** A batch that is done is gone. */
  batchDone: (batch: Json) => Promise<void>;
  stop: () => Promise<void>;
}

export async function engineRestWorld(url: string, files: readonly File[], env: Record<string, string> = {}): Promise<EngineRestWorld> {
  const server = await createTestServer({ SONGBAI_DATABASE_URL: url, ...env });
  const { authorization } = server;
  const call: EngineRestWorld['call'] = (method, path, body, headers = {}) =>
    fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const answer = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await call(method, path, body);
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${response.ok ? '' : await response.text()}`);
    return response;
  };
  const ok: EngineRestWorld['ok'] = async (method, path, body) => {
    const response = await answer(method, path, body);
    return (response.status === 204 ? {} : await response.json()) as never;
  };
  const get: EngineRestWorld['get'] = async (path) => {
    const response = await answer('GET', path);
    assert.equal(response.headers.get('content-type'), 'application/json');
    return (await response.json()) as never;
  };
  const upload: EngineRestWorld['upload'] = (sources, fields = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ 'deployment-name': 'test', ...fields })) body.set(name, value);
    for (const { name, content } of sources) body.append('data', new Blob([content]), name);
    return fetch(`${server.url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization }, body });
  };
  const until: EngineRestWorld['until'] = async (holds) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Expected the condition to hold within 5 s, but it does not');
  };
  const world: EngineRestWorld = {
    server,
    call,
    ok,
    get,
    text: async (path) => (await answer('GET', path)).text(),
    async refused(status, method, path, body) {
      const response = await call(method, path, body);
      const text = await response.text();
      assert.equal(response.status, status, `${method} ${path}: ${text}`);
      return (JSON.parse(text) as { message: string }).message;
    },
    upload,
    async deploy(...sources) {
      const response = await upload(sources);
      assert.equal(response.status, 200, await response.clone().text());
      return (await response.json()) as never;
    },
    start: async (key, body = {}) => (await ok<{ id: string }>('POST', `/process-definition/key/${key}/start`, body)).id,
    tasks: async (instance) =>
      (await get<{ taskDefinitionKey: string }[]>(`/task?processInstanceId=${instance}`)).map((task) => task.taskDefinitionKey).sort(),
    async task(instance) {
      const [task] = await get<{ id: string }[]>(`/task?processInstanceId=${instance}`);
      return task?.id ?? '';
    },
    async lock(topic) {
      const locked = await ok<{ id: string }[]>('POST', '/external-task/fetchAndLock', {
        workerId: 'w',
        maxTasks: 10,
        topics: [{ topicName: topic, lockDuration: 60_000 }],
      });
      return locked.map(({ id }) => id);
    },
    tree: (instance) => get<Tree>(`/process-instance/${instance}/activity-instances`),
    definitionId: async (key) => (await get<{ id: string }>(`/process-definition/key/${key}`)).id,
    elsewhere: async () => ({ client: await server.signIn('admin2') }),
    until,
    batchDone: ({ id }) => until(async () => (await call('GET', `/batch/${String(id)}`)).status === 404),
    stop: () => server.stop(),
  };
  await world.deploy(...files);
  return world;
}
