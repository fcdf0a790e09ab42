import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { RequestError, TransientError } from '#engine/errors.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import type { JsonObject, ServiceTaskCall, ServiceTaskOutcome } from '#plugins/api.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine } from '#test/support/test-engine.ts';
import type { ActivePlugin } from './load-plugins.ts';
import { createPluginHost, type PluginHost, type PluginHostInput } from './plugin-host.ts';

const calls = { name: 'calls.bpmn', content: readFileSync(new URL('./plugin-host.calls.bpmn', import.meta.url), 'utf8') };
const log = pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' });

type Run = (call: ServiceTaskCall<JsonObject>) => Promise<ServiceTaskOutcome>;

/** A plugin whose only rule is that `text`, when it is there, is a text. */
function aPlugin(run: Run, id = 'test'): ActivePlugin {
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

const completed = (output: JsonObject): ServiceTaskOutcome => ({ kind: 'completed', output });

/** Waits for what happens in the background. */
async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 8_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) assert.fail(`expected ${what} within 8 s`);
    await sleep(10);
  }
}

for (const dialect of dialects()) {
  dialect.describe('plugin host', () => {
    let url: string;
    let test: TestEngine;
    const hosts: PluginHost[] = [];
    before(async () => {
      url = await dialect.newDatabase();
      test = await aTestEngine(dialect, url);
      await test.deploy(calls);
    });
    afterEach(async () => {
      for (const host of hosts.splice(0)) await host.stop(0);
      for (const { id } of await test.store.read('SELECT id FROM process_instance'))
        await test.engine.runtime.delete(Number(id), null, ACTOR);
    });
    after(() => test.close());

    function host(run: Run, more: Partial<PluginHostInput> = {}, of: TestEngine = test): PluginHost {
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
    }
    const isAt = (instanceId: number, element: string) =>
      eventually(`instance ${instanceId} at ${element}`, async () =>
        (await test.tasks(instanceId)).some((task) => task.element === element),
      );
    async function variables(instanceId: number): Promise<Record<string, unknown>> {
      const loaded = await test.store.query(loadByInstance(instanceId));
      return Object.fromEntries(
        Object.entries(loaded?.instances.get(instanceId)?.state.elements[0]?.variables ?? {}).map(([name, { value }]) => [name, value]),
      );
    }
    const incident = (instanceId: number) =>
      eventually('an incident', async () => (await test.store.read('SELECT message FROM incident WHERE instance_id = ?', [instanceId]))[0]);
    const taskRow = async (instanceId: number) =>
      (
        await test.store.read('SELECT id, retries, worker_id, available_at, error_message FROM external_task WHERE instance_id = ?', [
          instanceId,
        ])
      )[0];

    describe('when a task of its plugin is created', () => {
      it('calls the plugin with evaluated options, variables and a key, and completes the task with its output', async () => {
        // given
        const seen: ServiceTaskCall<JsonObject>[] = [];
        host((call) => {
          seen.push(call);
          return Promise.resolve(completed({ id: 7, list: ['a'] }));
        });

        // when
        const { id } = await test.start('ask', { name: '王秀英' }, 'WO-1');
        await isAt(id, 'look');

        // then
        assert.deepEqual((await variables(id))['answer'], { id: 7, list: ['a'] });
        const [call] = seen;
        assert.equal(seen.length, 1);
        assert.deepEqual(call?.options, { text: 'Hello 王秀英', size: 2, flags: [true, null, 3] });
        assert.equal(call.variables['name'], '王秀英');
        assert.match(call.idempotencyKey, new RegExp(`^songbai-${TENANT}-${id}-\\d+$`));
        assert.deepEqual(
          [call.attempt, call.tenant, call.businessKey, call.processKey, call.elementId],
          [1, TENANT, 'WO-1', 'ask', 'call'],
        );
      });

      it('is woken at once instead of looking later', async () => {
        host(() => Promise.resolve(completed({})));
        await test.start('ask', { name: 'a' }).then(({ id }) => isAt(id, 'look'));
        const startedAt = performance.now();
        for (let i = 0; i < 5; i++) await test.start('ask', { name: 'b' }).then(({ id }) => isAt(id, 'look'));
        assert.ok(performance.now() - startedAt < 2_500, `five took ${performance.now() - startedAt} ms, as if each had waited for a look`);
      });

      it('works the same for send tasks, business rule tasks and message events', async () => {
        const seen: unknown[] = [];
        host((call) => {
          seen.push([call.elementId, call.options]);
          return Promise.resolve(completed({ to: '139' }));
        });

        const { id } = await test.start('places', { pluginOptions: { text: 'not from the model' } });
        await isAt(id, 'after');

        assert.deepEqual(seen, [
          ['send', { text: 'Hi' }],
          ['rule', {}],
          ['thrown', { text: 'event' }],
        ]);
        assert.equal((await variables(id))['sentTo'], '139');
        assert.equal('pluginResult' in (await variables(id)), false);
      });
    });

    describe('when the plugin throws a BPMN error', () => {
      it('goes on at the boundary event with its message and variables', async () => {
        host(() => Promise.resolve({ kind: 'bpmnError', code: 'BUSY', message: 'line busy', variables: { line: 3 } }));
        const { id } = await test.start('ask', { name: 'a' });
        await isAt(id, 'busy');
        const { why, line } = await variables(id);
        assert.deepEqual([why, line], ['line busy', 3]);
      });
    });

    describe('when the plugin fails', () => {
      it('tries again with the same key as often as the model says, then makes an incident', async () => {
        const seen: [number, string][] = [];
        host((call) => {
          seen.push([call.attempt, call.idempotencyKey]);
          return Promise.reject(new Error(`no answer ${seen.length}`));
        });

        const { id } = await test.start('ask', { name: 'a' });
        const { message } = await incident(id);

        assert.equal(message, 'no answer 3');
        assert.deepEqual(
          seen.map(([attempt]) => attempt),
          [1, 2, 3],
        );
        assert.equal(new Set(seen.map(([, key]) => key)).size, 1);
      });

      it('makes an incident at once when trying again cannot help, and goes on after somebody gave it retries', async () => {
        let isRepaired = false;
        host(() => Promise.resolve(isRepaired ? completed({}) : { kind: 'failed', message: 'no such number', retry: false }));
        const { id } = await test.start('ask', { name: 'a' });
        assert.equal((await incident(id))['message'], 'no such number');

        isRepaired = true;
        await test.engine.externalTasks.setRetries(Number((await taskRow(id))?.['id']), 1, ACTOR);

        await isAt(id, 'look');
        assert.equal((await test.store.read('SELECT id FROM incident WHERE instance_id = ?', [id])).length, 0);
      });

      it('waits before the next try at least as long as the plugin asks', async () => {
        host(() => Promise.resolve({ kind: 'failed', message: 'slow down', retryAfterMs: 60_000 }));
        const { id } = await test.start('ask', { name: 'a' });
        const row = await eventually('a failed try', async () => {
          const found = await taskRow(id);
          return found?.['error_message'] === 'slow down' && found;
        });
        assert.equal(row['retries'], 2);
        assert.ok(Number(row['available_at']) - test.store.clock.now() > 50_000);
      });
    });

    describe('when an option turns out wrong at run time', () => {
      it('makes an incident that names it, without calling the plugin', async () => {
        let count = 0;
        const wrong = { name: 'wrong.bpmn', content: calls.content.replace('"Hello ${name}"', '"${name}"') };
        await test.deploy(wrong);
        host(() => Promise.resolve(completed({ count: ++count })));

        const { id } = await test.start('ask', { name: 42 });

        assert.equal((await incident(id))['message'], 'Expected the options of plugin test to fit its schema, but: /text is no text');
        assert.equal(count, 0);
        await test.deploy(calls);
      });
    });

    describe('when the plugin answers nonsense', () => {
      const deep: JsonObject = {};
      for (let at = deep, i = 0; i < 100; i++) at = at['a'] = {};
      for (const [title, answer] of [
        ['nothing', undefined],
        ['an unknown kind', { kind: 'done' }],
        ['a text as output', completed('x' as never)],
        ['output that is too deep', completed(deep)],
        ['a forbidden key', completed(JSON.parse('{"a":{"__proto__":1}}') as JsonObject)],
        ['too much', completed({ text: 'x'.repeat(1_100_000) })],
        ['no JSON', completed({ big: 1n as never })],
      ] as const)
        it(`makes an incident of ${title}`, async () => {
          host(() => Promise.resolve(answer as never));
          const { id } = await test.start('ask', { name: 'a' });
          assert.match(String((await incident(id))['message']), /^Expected plugin test to answer an outcome, but /);
        });
    });

    describe('when the step behind the task fails', () => {
      it('fails the task with that message and changes nothing else', async () => {
        host(() => Promise.resolve(completed({})));
        const { id } = await test.start('brittle');
        assert.match(String((await incident(id))['message']), /ready/);
        assert.equal((await taskRow(id))?.['retries'], 0);
      });
    });

    describe('when one plugin hangs', () => {
      it('works the tasks of the others', async () => {
        const other = aPlugin(() => new Promise(() => undefined), 'other');
        host(() => Promise.reject(new Error('unused')), { plugins: [other, aPlugin(() => Promise.resolve(completed({})))] });
        const hanging = {
          name: 'other.bpmn',
          content: calls.content
            .replaceAll('songbai:plugin="test"', 'songbai:plugin="other"')
            .replaceAll('id="ask"', 'id="hang"')
            .replaceAll('id="places"', 'id="places2"')
            .replaceAll('id="brittle"', 'id="brittle2"'),
        };
        await test.deploy(hanging);
        for (let i = 0; i < 12; i++) await test.start('hang', { name: 'a' });
        const { id } = await test.start('ask', { name: 'a' });
        await isAt(id, 'look');
      });

      it('gives it no more than the time limit', async () => {
        host(() => new Promise(() => undefined), { timeLimitMs: 50 });
        const { id } = await test.start('ask', { name: 'a' });
        assert.equal((await incident(id))['message'], 'Expected plugin test to be done within 50 ms, but it was not');
      });
    });

    describe('when there are more tasks than it may work at a time', () => {
      it('never goes above its limit and works them all', async () => {
        let now = 0;
        let most = 0;
        host(
          async () => {
            most = Math.max(most, ++now);
            await sleep(20 + 20 * (now % 3));
            now--;
            return completed({});
          },
          { concurrency: 3 },
        );
        const started = await Promise.all(Array.from({ length: 12 }, () => test.start('ask', { name: 'a' })));
        for (const { id } of started) await isAt(id, 'look');
        assert.equal(most, 3);
      });
    });

    describe('when a call takes longer than a lock', () => {
      it('renews the lock, so that nobody else gets the task', async () => {
        let count = 0;
        const run: Run = async () => {
          count++;
          await sleep(700);
          return completed({});
        };
        host(run, { lockDurationMs: 200 });
        host(run, { lockDurationMs: 200, nodeId: 'n2' });
        const { id } = await test.start('ask', { name: 'a' });
        await isAt(id, 'look');
        assert.equal(count, 1);
      });
    });

    describe('when the task is cancelled during the call', () => {
      it('aborts the call', async () => {
        let reason: unknown;
        host(
          ({ signal }) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => {
                reason = signal.reason;
                reject(new Error('aborted'));
              }),
            ),
          { lockDurationMs: 300 },
        );
        const { id } = await test.start('ask', { name: 'a' });
        await eventually('a locked task', async () => (await taskRow(id))?.['worker_id'] === 'plugin@n1');
        await test.engine.runtime.delete(id, null, ACTOR);
        await eventually('an abort', () => Promise.resolve(reason !== undefined));
      });
    });

    describe('when the engine stops during a call', () => {
      it('waits for it as long as it may', async () => {
        const stopped = host(async () => {
          await sleep(100);
          return completed({});
        });
        const { id } = await test.start('ask', { name: 'a' });
        await eventually('a locked task', async () => (await taskRow(id))?.['worker_id'] === 'plugin@n1');
        await stopped.stop();
        assert.equal((await test.tasks(id))[0]?.element, 'look');
      });

      it('aborts it then and frees the task, which another node takes at once with the same key', async () => {
        const keys: string[] = [];
        const first = host(({ idempotencyKey }) => {
          keys.push(idempotencyKey);
          return new Promise(() => undefined);
        });
        const { id } = await test.start('ask', { name: 'a' });
        await eventually('a call', () => Promise.resolve(keys.length === 1));
        await first.stop(0);
        assert.equal((await taskRow(id))?.['worker_id'], null);
        host(
          ({ idempotencyKey }) => {
            keys.push(idempotencyKey);
            return Promise.resolve(completed({}));
          },
          { nodeId: 'n2' },
        );
        await isAt(id, 'look');
        assert.equal(keys[0], keys[1]);
      });
    });

    describe('when the node that had the task died', () => {
      it('is called again when the lock is over, with the same key', async () => {
        const { id } = await test.start('ask', { name: 'a' });
        const fetched = await test.engine.externalTasks.fetchAndLock({
          workerId: 'plugin@dead',
          maxTasks: 1,
          usePriority: true,
          topics: [{ topicName: 'plugin:test', lockDurationMs: 400 }],
          tenant: '',
        });
        assert.equal(fetched.length, 1);
        const keys: string[] = [];
        host(({ idempotencyKey }) => {
          keys.push(idempotencyKey);
          return Promise.resolve(completed({}));
        });
        await isAt(id, 'look');
        assert.deepEqual(keys, [`songbai-${TENANT}-${id}-${fetched[0]?.id}`]);
      });
    });

    describe('when the database is away for a moment', () => {
      it('records the answer later instead of calling the plugin twice, and goes on fetching', async () => {
        const { externalTasks } = test.engine;
        const failing = { complete: 2, fetchAndLock: 1 };
        const flaky = <K extends keyof typeof failing>(name: K) =>
          ((...args: never[]) => {
            if (failing[name]-- > 0) return Promise.reject(new TransientError('DATABASE_UNREACHABLE', 'gone'));
            return (externalTasks[name] as (...args: never[]) => Promise<unknown>)(...args);
          }) as never;
        let count = 0;
        host(() => Promise.resolve(completed({ count: ++count })), {
          externalTasks: { ...externalTasks, complete: flaky('complete'), fetchAndLock: flaky('fetchAndLock') },
        });

        const { id } = await test.start('ask', { name: 'a' });
        await isAt(id, 'look');

        assert.deepEqual([count, failing.complete < 0, failing.fetchAndLock < 0], [1, true, true]);
      });
    });

    describe('when the instance is suspended during the call', () => {
      it('drops the answer without using up a try; the task comes again after the activation', async () => {
        const attempts: number[] = [];
        const { externalTasks } = test.engine;
        let isSuspended = true;
        const refusing = {
          ...externalTasks,
          complete: (...args: Parameters<typeof externalTasks.complete>) =>
            isSuspended ? Promise.reject(new RequestError(409, 'INSTANCE_SUSPENDED', 'suspended')) : externalTasks.complete(...args),
        };
        host(
          ({ attempt }) => {
            attempts.push(attempt);
            return Promise.resolve(completed({}));
          },
          { externalTasks: refusing, lockDurationMs: 300 },
        );
        const { id } = await test.start('ask', { name: 'a' });
        await eventually('a call', () => Promise.resolve(attempts.length === 1));
        isSuspended = false;
        await isAt(id, 'look');
        assert.deepEqual(attempts, [1, 1]);
      });
    });

    describe('when several nodes work on one database', () => {
      it('shares the tasks: each is called once, by one of them', async () => {
        const second = dialect.name === 'MariaDB' ? await aTestEngine(dialect, url) : null;
        const by: Record<string, string[]> = { n1: [], n2: [] };
        const run =
          (node: string) =>
          async ({ idempotencyKey }: { idempotencyKey: string }) => {
            by[node]?.push(idempotencyKey);
            await sleep(300);
            return completed({});
          };
        host(run('n1'), { concurrency: 2 });
        const other = host(run('n2'), { concurrency: 2, nodeId: 'n2' }, second ?? test);
        try {
          const started = await Promise.all(Array.from({ length: 16 }, () => test.start('ask', { name: 'a' })));
          for (const { id } of started) await isAt(id, 'look');
          const all = Object.values(by).flat();
          assert.equal(all.length, 16);
          assert.equal(new Set(all).size, 16);
          for (const [node, keys] of Object.entries(by)) assert.ok(keys.length > 0, `${node} got nothing`);
        } finally {
          await other.stop(0);
          await second?.close();
        }
      });
    });
  });
}
