import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError, TransientError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { aPlugin, calls, completed, eventually, pluginHostWorld, type RunPlugin } from '#test/support/plugin-host-world.ts';
import { ACTOR, aTestEngine, TENANT } from '#test/support/test-engine.ts';

for (const dialect of dialects()) {
  dialect.describe('plugin host when things go wrong or at the same time', () => {
    const world = pluginHostWorld(dialect);
    const { host, isAt, incident, taskRow, isLocked } = world;

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
        await world.test.deploy(hanging);
        for (let i = 0; i < 12; i++) await world.test.start('hang', { name: 'a' });
        const { id } = await world.test.start('ask', { name: 'a' });
        await isAt(id, 'look');
      });

      it('gives it no more than the time limit', async () => {
        host(() => new Promise(() => undefined), { timeLimitMs: 50 });
        const { id } = await world.test.start('ask', { name: 'a' });
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
        const started = await Promise.all(Array.from({ length: 12 }, () => world.test.start('ask', { name: 'a' })));
        for (const { id } of started) await isAt(id, 'look');
        assert.equal(most, 3);
      });
    });

    describe('when a call takes longer than a lock', () => {
      it('renews the lock, so that nobody else gets the task', async () => {
        let count = 0;
        const run: RunPlugin = async () => {
          count++;
          await sleep(700);
          return completed({});
        };
        host(run, { lockDurationMs: 200 });
        host(run, { lockDurationMs: 200, nodeId: 'n2' });
        const { id } = await world.test.start('ask', { name: 'a' });
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
        const { id } = await world.test.start('ask', { name: 'a' });
        await isLocked(id);
        await world.test.engine.runtime.delete(id, null, ACTOR);
        await eventually('an abort', () => Promise.resolve(reason !== undefined));
      });
    });

    describe('when the engine stops during a call', () => {
      it('waits for it as long as it may', async () => {
        const stopped = host(async () => {
          await sleep(100);
          return completed({});
        });
        const { id } = await world.test.start('ask', { name: 'a' });
        await isLocked(id);
        await stopped.stop();
        assert.equal((await world.test.tasks(id))[0]?.element, 'look');
      });

      it('aborts it then and frees the task, which another node takes at once with the same key', async () => {
        const keys: string[] = [];
        const first = host(({ idempotencyKey }) => {
          keys.push(idempotencyKey);
          return new Promise(() => undefined);
        });
        const { id } = await world.test.start('ask', { name: 'a' });
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
        const { id } = await world.test.start('ask', { name: 'a' });
        const fetched = await world.test.engine.externalTasks.fetchAndLock({
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
        const { externalTasks } = world.test.engine;
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

        const { id } = await world.test.start('ask', { name: 'a' });
        await isAt(id, 'look');

        assert.deepEqual([count, failing.complete < 0, failing.fetchAndLock < 0], [1, true, true]);
      });
    });

    describe('when the instance is suspended during the call', () => {
      it('drops the answer without using up a try; the task comes again after the activation', async () => {
        const attempts: number[] = [];
        const { externalTasks } = world.test.engine;
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
        const { id } = await world.test.start('ask', { name: 'a' });
        await eventually('a call', () => Promise.resolve(attempts.length === 1));
        isSuspended = false;
        await isAt(id, 'look');
        assert.deepEqual(attempts, [1, 1]);
      });
    });

    describe('when several nodes work on one database', () => {
      it('shares the tasks: each is called once, by one of them', async () => {
        const second = dialect.name === 'MariaDB' ? await aTestEngine(dialect, world.url) : null;
        const by: Record<string, string[]> = { n1: [], n2: [] };
        const run =
          (node: string) =>
          async ({ idempotencyKey }: { idempotencyKey: string }) => {
            by[node]?.push(idempotencyKey);
            await sleep(300);
            return completed({});
          };
        host(run('n1'), { concurrency: 2 });
        const other = host(run('n2'), { concurrency: 2, nodeId: 'n2' }, second ?? world.test);
        try {
          const started = await Promise.all(Array.from({ length: 16 }, () => world.test.start('ask', { name: 'a' })));
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
