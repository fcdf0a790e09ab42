import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { ActivePlugin } from '#engine/plugins/load-plugins.ts';
import { createPluginHost, type PluginHost, type PluginHostInput } from '#engine/plugins/plugin-host.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import type { JsonObject, ServiceTaskCall, ServiceTaskOutcome } from '#plugins/api.ts';
import type { Dialect } from './dialects.ts';
import { ACTOR, aTestEngine, type TestEngine } from './test-engine.ts';

const bpmn = new URL('../../engine/plugins/plugin-host.calls.bpmn', import.meta.url);
/** Processes `ask`, `places` and `brittle`, whose tasks are of the plugin `test`. */
export const calls = { name: 'calls.bpmn', content: readFileSync(bpmn, 'utf8') };
const log = pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' });

export type RunPlugin = (call: ServiceTaskCall<JsonObject>) => Promise<ServiceTaskOutcome>;

export const completed = (output: JsonObject): ServiceTaskOutcome => ({ kind: 'completed', output });

/** A plugin whose only rule is that `text`, when it is there, is a text. */
export function aPlugin(run: RunPlugin, id = 'test'): ActivePlugin {
  const texts = { title: id, fields: {} };
  return {
    manifest: { id, version: '1.0.0', engines: { songbai: '0.1' }, name: { 'zh-CN': id, en: id }, description: { 'zh-CN': id, en: id } },
    options: {
      schema: { type: 'object', properties: {} },
      ui: { type: 'VerticalLayout', elements: [] },
      messages: { 'zh-CN': texts, en: texts },
    },
    form: { hash: id, content: '', module: '' },
    checkOptions: (options) =>
      ['string', 'undefined'].includes(typeof (options as JsonObject)['text'])
        ? []
        : [{ pointer: '/text', message: { 'zh-CN': '不是文字', en: 'is no text' } }],
    kinds: ['serviceTask'],
    serviceTask: { run },
    dispose: () => Promise.resolve(),
  };
}

/** Waits for what happens in the background. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 8_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) assert.fail(`expected ${what} within 8 s`);
    await sleep(10);
  }
}

export interface PluginHostWorld {
  url: string;
  test: TestEngine;
  /** Starts a host; it is stopped after the test. */
  host(run: RunPlugin, more?: Partial<PluginHostInput>, of?: TestEngine): PluginHost;
  /** Waits until a user task of the instance is open at the element. */
  isAt(instanceId: number, element: string): Promise<true>;
  variables(instanceId: number): Promise<Record<string, unknown>>;
  /** Waits for it. */
  incident(instanceId: number): Promise<Record<string, unknown>>;
  taskRow(instanceId: number): Promise<Record<string, unknown> | undefined>;
  /** Waits until a node has locked the instance's task. */
  isLocked(instanceId: number): Promise<true>;
}

/** An engine on a new database with `calls` deployed, and no instances at the begin of each test; for use inside a `describe`. */
export function pluginHostWorld(dialect: Dialect): PluginHostWorld {
  const hosts: PluginHost[] = [];
  const world = {} as PluginHostWorld;
  before(async () => {
    world.url = await dialect.newDatabase();
    world.test = await aTestEngine(dialect, world.url);
    await world.test.deploy(calls);
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop(0);
    for (const { id } of await world.test.store.read('SELECT id FROM process_instance'))
      await world.test.engine.runtime.delete(Number(id), null, ACTOR);
  });
  after(() => world.test.close());
  const taskRow = async (instanceId: number) =>
    (
      await world.test.store.read('SELECT id, retries, worker_id, available_at, error_message FROM external_task WHERE instance_id = ?', [
        instanceId,
      ])
    )[0];

  return Object.assign(world, {
    host(run, more = {}, of = world.test) {
      const created = createPluginHost({
        plugins: [aPlugin(run)],
        externalTasks: of.engine.externalTasks,
        modelOf: async (id) => of.modelOf(id),
        nodeId: 'n1',
        log,
        ...more,
      });
      created.start();
      hosts.push(created);
      return created;
    },
    isAt: (instanceId, element) =>
      eventually(`instance ${instanceId} at ${element}`, async () =>
        (await world.test.tasks(instanceId)).some((task) => task.element === element),
      ),
    async variables(instanceId) {
      const loaded = await world.test.store.query(loadByInstance(instanceId));
      const own = loaded?.instances.get(instanceId)?.state.elements[0]?.variables ?? {};
      return Object.fromEntries(Object.entries(own).map(([name, { value }]) => [name, value]));
    },
    incident: (instanceId) =>
      eventually(
        'an incident',
        async () => (await world.test.store.read('SELECT message FROM incident WHERE instance_id = ?', [instanceId]))[0],
      ),
    taskRow,
    isLocked: (instanceId) => eventually('a locked task', async () => (await taskRow(instanceId))?.['worker_id'] === 'plugin@n1'),
  } satisfies Omit<PluginHostWorld, 'url' | 'test'>);
}
