import assert from 'node:assert/strict';
import { executeJob } from '#engine/core/commands/execute-job.ts';
import { failJob } from '#engine/core/commands/fail-job.ts';
import { activateInstance } from '#engine/core/commands/activate-instance.ts';
import { suspendInstance } from '#engine/core/commands/suspend-instance.ts';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, catchEvent, duration, end, start } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld } from '#test/support/store-world.ts';
import { loadByInstance, loadByJob } from './instance-store.ts';
import { acquireDue, acquired, freeAbandoned, giveBack, isLeaseMine, leaseDueJobs, nextDueAt, prolong, releaseJobs, renewLeases } from './job-store.ts';
import type { Store } from './open-store.ts';
import type { Work, Writes } from './unit-of-work.ts';

const waiting = aProcess('waiting', { begin: start(), wait: catchEvent(duration('PT10M')), finish: end() }, ['begin -> wait -> finish']);

for (const dialect of dialects()) {
  dialect.describe('job store', () => {
    let store: Store;
    let world: StoreWorld;
    beforeEach(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [waiting]);
      // Timers of the test begin in the database's past, so that they are due.
      world.ports.now = store.clock.now() - 3_600_000;
    });
    afterEach(() => store.close());

    const write = (change: (writes: Writes) => void) =>
      store.batcher.run(
        { key: null, name: 'test' },
        function* (writes): Work<void> {
          change(writes);
        },
      );
    const lease = { limit: 10, leaseMs: 60_000 };

    describe('when jobs are due', () => {
      it('leases them, the longest due first, and once', async () => {
        // given
        const first = await world.start();
        world.ports.now += 1000;
        await world.start();

        // when
        const jobs = await acquireDue(store, lease);

        // then
        assert.equal(jobs.length, 2);
        assert.deepEqual(
          [jobs[0]?.instanceId, jobs[0]?.rootId, jobs[0]?.kind, jobs[0]?.element],
          [first.instanceId, first.instanceId, 'timer', 'wait'],
        );
        assert.deepEqual(await acquireDue(store, lease), []);
      });

      it('leaves those of the roots that rest, and does not wake up for them', async () => {
        // given
        const first = await world.start();
        const second = await world.start();
        // when
        const jobs = await acquireDue(store, { ...lease, except: [first.instanceId] });
        // then
        assert.deepEqual(
          jobs.map(({ rootId }) => rootId),
          [second.instanceId],
        );
        assert.equal(await store.query(nextDueAt([first.instanceId, second.instanceId])), null);
        assert.equal((await acquireDue(store, lease)).length, 1);
      });

      it('takes no more than it was asked for, and nothing that is not due', async () => {
        // given
        await Promise.all([world.start(), world.start(), world.start()]);
        world.ports.now = store.clock.now();
        await world.start();

        // then
        assert.equal((await acquireDue(store, { ...lease, limit: 2 })).length, 2);
        assert.equal((await acquireDue(store, lease)).length, 1);
        assert.ok(((await store.query(nextDueAt())) ?? 0) > store.clock.now());
      });

      it('gives a job to one of two nodes that take it at once', async () => {
        // given
        await Promise.all(Array.from({ length: 8 }, () => world.start()));
        const now = store.clock.now();
        const of = (owner: string) => ({ owner, now, leaseMs: 60_000, limit: 100 });
        const take = async (owner: string) => {
          const jobs = await store.batcher.run({ key: owner, name: 'acquire' }, (writes) => leaseDueJobs(writes, of(owner)));
          return store.query(acquired(jobs, of(owner)));
        };

        // when
        const [a, b] = await Promise.all([take('node-a'), take('node-b')]);

        // then
        const ids = [...a, ...b].map(({ id }) => id);
        assert.equal(ids.length, 8);
        assert.equal(new Set(ids).size, 8);
      });
    });

    describe('when a lease is renewed, lost or given back', () => {
      it('tells the loaded row whose it is', async () => {
        // given
        await world.start();
        const [job] = await acquireDue(store, lease);
        assert.ok(job);
        const isMine = async (leasedUntil: number) => {
          const loaded = await store.query(loadByJob(job.id));
          return loaded ? isLeaseMine(loaded.found, { leasedUntil }, store.nodeId) : null;
        };

        // then
        assert.equal(await isMine(job.leasedUntil), true);
        const until = job.leasedUntil + 5000;
        await write((writes) => renewLeases(writes, [job], store.nodeId, until));
        assert.deepEqual([await isMine(job.leasedUntil), await isMine(until)], [false, true]);
        await write((writes) => releaseJobs(writes, [{ ...job, leasedUntil: until }], store.nodeId));
        assert.deepEqual(
          (await acquireDue(store, lease)).map(({ id }) => id),
          [job.id],
        );
      });

      it('lets others take the job when it has run out', async () => {
        // given
        await world.start();
        const [job] = await acquireDue(store, lease);

        // when
        store.clock.shift(61_000);

        // then
        assert.deepEqual(
          (await acquireDue(store, lease)).map(({ id }) => id),
          [job?.id],
        );
      });
    });

    describe('when the executor prolongs and gives back its leases', () => {
      it('keeps others out for as long, and then lets them in at once', async () => {
        // given
        await world.start();
        const [job] = await acquireDue(store, lease);
        assert.ok(job);

        // when
        const leasedUntil = await prolong(store, [job], 600_000);
        store.clock.shift(120_000);
        const meanwhile = await acquireDue(store, lease);
        await giveBack(store, [{ ...job, leasedUntil }]);

        // then
        assert.deepEqual(meanwhile, []);
        assert.equal((await acquireDue(store, lease)).length, 1);
      });
    });

    describe('when a node was killed and starts again', () => {
      it('has its leases back at once; those of another node stay unless there can be none', async () => {
        // given
        await Promise.all([world.start(), world.start()]);
        await acquireDue(store, { ...lease, limit: 1 });
        const other = { owner: 'other-node', now: store.clock.now(), leaseMs: 60_000, limit: 1 };
        await store.batcher.run({ key: null, name: 'acquire' }, (writes) => leaseDueJobs(writes, other));

        // when
        const freed = await freeAbandoned(store);

        // then
        const expected = store.kind === 'sqlite' ? 2 : 1;
        assert.equal(freed, expected);
        assert.equal((await acquireDue(store, lease)).length, expected);
      });
    });

    describe('when a job has run', () => {
      it('is gone', async () => {
        await world.start();
        const [job] = await acquireDue(store, lease);
        assert.ok(job);
        await world.perform(() => loadByJob(job.id), executeJob, { jobId: job.id });
        assert.deepEqual(await world.rows('job'), []);
      });
    });

    describe('when a job has used up its retries', () => {
      it('is out of reach, and an incident is open', async () => {
        // given
        await world.start();
        const [job] = await acquireDue(store, lease);
        assert.ok(job);

        // when
        for (let tries = 0; tries < 3; tries++)
          await world.perform(() => loadByJob(job.id), failJob, { jobId: job.id, message: 'broken', details: 'at x' });

        // then
        const [row] = await world.rows('job');
        assert.deepEqual(
          [row?.retries, row?.available_at, row?.lock_owner, row?.error, row?.error_details],
          [0, null, null, 'broken', 'at x'],
        );
        assert.deepEqual(
          (await world.rows('incident')).map(({ kind, source_id }) => [kind, source_id]),
          [['failedJob', job.id]],
        );
        assert.equal(await store.query(nextDueAt()), null);
      });
    });

    describe('when its instance is suspended', () => {
      it('is out of reach until the instance is activated', async () => {
        // given
        const { instanceId } = await world.start();

        // when
        await world.perform(() => loadByInstance(instanceId), suspendInstance, { instanceId });
        const whileSuspended = await acquireDue(store, lease);
        await world.perform(() => loadByInstance(instanceId), activateInstance, { instanceId });

        // then
        assert.deepEqual(whileSuspended, []);
        assert.equal((await acquireDue(store, lease)).length, 1);
      });
    });
  });
}
