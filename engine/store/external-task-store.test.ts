import assert from 'node:assert/strict';
import { failExternalTask } from '#engine/core/commands/fail-external-task.ts';
import { setExternalTaskRetries } from '#engine/core/commands/set-external-task-retries.ts';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, end, expr, externalTask, start } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, TENANT } from '#test/support/store-world.ts';
import { externalTaskById, type LockInput, lockedBy, lockExternalTasks, lockTasks, setExternalTaskLock } from './external-task-store.ts';
import { loadByExternalTask } from './instance-store.ts';
import type { Store } from './open-store.ts';
import type { Work } from './unit-of-work.ts';

const calling = aProcess('calling', { begin: start(), call: externalTask('phone'), finish: end() }, ['begin -> call -> finish']);
const urgent = aProcess(
  'urgent',
  {
    begin: start(),
    call: externalTask('phone', { implementation: { kind: 'external', topic: expr('phone'), priority: expr('${90}'), errors: [] } }),
    finish: end(),
  },
  ['begin -> call -> finish'],
);

for (const dialect of dialects()) {
  dialect.describe('external task store', () => {
    let store: Store;
    let world: StoreWorld;
    beforeEach(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [calling, urgent], { '${90}': () => 90 });
    });
    afterEach(() => store.close());

    const input = (changes: Partial<LockInput> = {}): LockInput => ({
      workerId: 'w1',
      maxTasks: 10,
      topics: [{ topic: 'phone', lockMs: 1000 }],
      tenants: [TENANT],
      now: 5_000_000,
      ...changes,
    });

    describe('when a worker fetches', () => {
      it('gets the highest priority first, then the oldest, with the instance they belong to', async () => {
        // given
        const first = await world.start({ name: '张' });
        const second = await world.start();
        const third = await world.start({}, { definitionId: 2 });

        // when
        const tasks = await lockExternalTasks(store, input());

        // then
        assert.deepEqual(
          tasks.map(({ instanceId }) => instanceId),
          [third.instanceId, first.instanceId, second.instanceId],
        );
        assert.equal(tasks[1]?.instance.elements[0]?.variables?.['name']?.value, '张');
        assert.deepEqual([tasks[1]?.workerId, tasks[1]?.availableAt], ['w1', 5_001_000]);
        assert.deepEqual(await lockExternalTasks(store, input({ workerId: 'w2' })), []);
      });

      it('gets only what its conditions allow', async () => {
        // given
        await world.start({}, { businessKey: 'a' });
        const wanted = await world.start({}, { businessKey: 'b' });
        const count = async (changes: Partial<LockInput>) => (await lockExternalTasks(store, input({ now: 0, ...changes }))).length;
        const topic = { topic: 'phone', lockMs: -1 };

        // then
        assert.equal(await count({ tenants: ['120104'] }), 0);
        assert.equal(await count({ topics: [{ ...topic, topic: 'other' }] }), 0);
        assert.equal(await count({ topics: [{ ...topic, definitionKeys: ['urgent'] }] }), 0);
        assert.equal(await count({ topics: [{ ...topic, definitionIds: [1] }], maxTasks: 1 }), 1);
        const [task] = await lockExternalTasks(store, input({ now: 0, topics: [{ ...topic, businessKey: 'b' }] }));
        assert.equal(task?.instanceId, wanted.instanceId);
      });

      it('gives a task to one of two workers that fetch at once', async () => {
        // given
        await Promise.all(Array.from({ length: 8 }, () => world.start()));
        const take = async (workerId: string) => {
          const tasks = await store.batcher.run({ key: workerId, name: 'lock' }, (writes) => lockTasks(writes, input({ workerId })));
          return store.query(lockedBy(workerId, tasks));
        };

        // when
        const [a, b] = await Promise.all([take('w1'), take('w2')]);

        // then
        const ids = [...a, ...b].map(({ id }) => id);
        assert.equal(ids.length, 8);
        assert.equal(new Set(ids).size, 8);
      });
    });

    describe('when a lock has run out', () => {
      it('gives the task to the next worker', async () => {
        await world.start();
        const [task] = await lockExternalTasks(store, input());
        const [again] = await lockExternalTasks(store, input({ workerId: 'w2', now: 5_001_000 }));
        assert.equal(again?.id, task?.id);
      });
    });

    describe('when a worker reports a failure', () => {
      it('hides the task until the retry is due, and for good without retries', async () => {
        // given
        await world.start();
        const [task] = await lockExternalTasks(store, input());
        assert.ok(task);
        const fail = (retries: number, retryTimeoutMs: number) =>
          world.perform(() => loadByExternalTask(task.id), failExternalTask, {
            taskId: task.id,
            workerId: 'w1',
            retries,
            retryTimeoutMs,
            message: 'busy',
            details: 'tone',
            variables: {},
            localVariables: {},
          });
        const dueAt = world.ports.now + 10_000;

        // when
        await fail(1, 10_000);
        const early = await lockExternalTasks(store, input({ now: dueAt - 1 }));
        const due = await lockExternalTasks(store, input({ now: dueAt }));
        await fail(0, 0);
        const never = await lockExternalTasks(store, input({ now: Number.MAX_SAFE_INTEGER }));

        // then
        assert.deepEqual([early.length, due.length, never.length], [0, 1, 0]);
        assert.deepEqual([due[0]?.errorMessage, due[0]?.errorDetails, due[0]?.retries], ['busy', 'tone', 1]);
        assert.equal((await world.rows('incident')).length, 1);
        await world.perform(() => loadByExternalTask(task.id), setExternalTaskRetries, { taskId: task.id, retries: 2 });
        assert.equal((await lockExternalTasks(store, input())).length, 1);
        assert.deepEqual(await world.rows('incident'), []);
        assert.equal((await world.rows('history_incident')).length, 1);
      });
    });

    describe('when a lock is prolonged or freed', () => {
      it('is written only if nobody else changed it', async () => {
        // given
        await world.start();
        const [task] = await lockExternalTasks(store, input());
        assert.ok(task);
        const setLock = (seen: typeof task, lock: { workerId: string | null; availableAt: number }) =>
          store.batcher.run(
            { key: null, name: 'lock' },
            function* (writes): Work<void> {
              setExternalTaskLock(writes, seen, lock);
            },
          );

        // when
        await setLock(task, { workerId: 'w1', availableAt: 9_000_000 });

        // then
        assert.equal((await store.query(externalTaskById(task.id)))?.availableAt, 9_000_000);
        await assert.rejects(setLock(task, { workerId: null, availableAt: 0 }), { code: 'CONFLICT' });
      });
    });
  });
}
