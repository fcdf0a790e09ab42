import assert from 'node:assert/strict';
import { pino } from 'pino';
import { BURST_MS } from './fair-share.ts';
import { type AcquiredJob, createJobExecutor } from './job-executor.ts';

const log = pino({ level: 'silent' });

const aJob = (id: number, rootId = id): AcquiredJob => ({ id, rootId, kind: 'timer', dueAt: 0, leasedUntil: 1000 });

/** Nothing waits and nothing is renewed unless the test says so. */
const quiet = {
  log,
  now: () => Date.now(),
  nextDueAt: async () => null,
  renew: async () => 1000,
  release: async () => undefined,
  renewEveryMs: 60_000,
};

describe('job executor', () => {
  describe('when jobs are due', () => {
    it('runs the jobs of one instance in order and those of others beside them', async () => {
      // given
      const waiting = [aJob(1, 10), aJob(2, 20), aJob(3, 10)];
      const started: number[] = [];
      const finish = new Map<number, () => void>();
      const seen = Promise.withResolvers<void>();
      const all = Promise.withResolvers<void>();
      const executor = createJobExecutor({
        ...quiet,
        acquire: async () => waiting.splice(0),
        execute: (job) => {
          started.push(job.id);
          if (started.length === 2) seen.resolve();
          if (started.length === 3) all.resolve();
          return new Promise((resolve) => finish.set(job.id, resolve));
        },
      });

      // when
      executor.start();
      await seen.promise;

      // then
      assert.deepEqual(started, [1, 2]);
      finish.get(1)?.();
      await all.promise;
      assert.deepEqual(started, [1, 2, 3]);
      finish.get(2)?.();
      finish.get(3)?.();
      await executor.stop();
    });
  });

  describe('when a job is announced for later', () => {
    it('looks again at its due time', async () => {
      // given
      const dueAt = Date.now() + 60;
      const ran = Promise.withResolvers<number>();
      const executor = createJobExecutor({
        ...quiet,
        acquire: async () => (Date.now() >= dueAt ? [aJob(7)] : []),
        nextDueAt: async () => dueAt,
        execute: async (job) => {
          ran.resolve(job.id);
        },
      });

      // when
      executor.start();
      executor.due(dueAt);

      // then
      assert.equal(await ran.promise, 7);
      assert.ok(Date.now() < dueAt + 1_500, 'woken by the due time, not by the regular look');
      await executor.stop();
    });
  });

  describe('when a tree has had more than its share of the processor', () => {
    it('gives its jobs back, asks for those of others only, and goes on when it has rested', async () => {
      // given
      const waiting = Array.from({ length: 4 }, (_, index) => aJob(index, 10));
      const released: number[] = [];
      const exceptions: number[][] = [];
      const rested = Promise.withResolvers<void>();
      const executor = createJobExecutor({
        ...quiet,
        othersWait: () => true,
        async acquire(_limit, except) {
          exceptions.push([...except]);
          return except.includes(10) ? [] : waiting.splice(0);
        },
        async execute() {
          const { user, system } = process.threadCpuUsage();
          const until = user + system + 1_000 * (BURST_MS / 2 + 5);
          for (let spent = 0; spent < until; ) {
            const now = process.threadCpuUsage();
            spent = now.user + now.system;
          }
        },
        async release(jobs) {
          released.push(...jobs.map(({ id }) => id));
          rested.resolve();
        },
      });
      // when
      executor.start();
      await rested.promise;
      executor.due(Date.now());
      while (exceptions.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await executor.stop();
      // then
      assert.deepEqual(released, [2, 3]);
      assert.deepEqual(exceptions.slice(0, 2), [[], [10]]);
    });
  });

  describe('when a job throws', () => {
    it('goes on with the others', async () => {
      // given
      const jobs = [aJob(1), aJob(2)];
      const ran = Promise.withResolvers<number>();
      const executor = createJobExecutor({
        ...quiet,
        acquire: async () => jobs.splice(0),
        execute: async (job) => {
          if (job.id === 1) throw new Error('database gone');
          ran.resolve(job.id);
        },
      });

      // when
      executor.start();

      // then
      assert.equal(await ran.promise, 2);
      await executor.stop();
    });
  });

  describe('when more jobs are due than one batch takes', () => {
    it('leases the next batch while one runs, and gives it back when it is stopped', async () => {
      // given
      const due = Array.from({ length: 500 }, (_, index) => aJob(index + 1));
      const events: string[] = [];
      const finish = Promise.withResolvers<void>();
      const began = Promise.withResolvers<void>();
      const released: number[] = [];
      const executor = createJobExecutor({
        ...quiet,
        async acquire(limit) {
          const jobs = due.splice(0, limit);
          events.push(`lease ${jobs[0]?.id}`);
          return jobs;
        },
        execute() {
          began.resolve();
          return finish.promise;
        },
        release: async (given) => void released.push(...given.map(({ id }) => id)),
      });

      // when
      executor.start();
      await began.promise;
      const stopped = executor.stop();
      finish.resolve();
      await stopped;

      // then
      assert.deepEqual(events, ['lease 1', 'lease 101']);
      assert.deepEqual([released.length, released[0], released.at(-1)], [100, 101, 200]);
    });
  });

  describe('when it is stopped in the middle of a batch', () => {
    it('finishes what runs and gives back what has not begun', async () => {
      // given
      const jobs = [aJob(1, 10), aJob(2, 10), aJob(3, 10)];
      const began = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const executed: number[] = [];
      const released: number[] = [];
      const executor = createJobExecutor({
        ...quiet,
        acquire: async () => jobs.splice(0),
        async execute({ id }) {
          executed.push(id);
          began.resolve();
          await finish.promise;
        },
        release: async (given) => void released.push(...given.map(({ id }) => id)),
      });
      executor.start();
      await began.promise;

      // when
      const stopped = executor.stop();
      finish.resolve();
      await stopped;

      // then
      assert.deepEqual([executed, released], [[1], [2, 3]]);
    });
  });

  describe('when a batch takes longer than its leases', () => {
    /** Three jobs of one instance; the first one takes until `finish`. */
    function aLongBatch(renew: (jobs: readonly AcquiredJob[]) => Promise<number>) {
      const jobs = [aJob(1, 10), aJob(2, 10), aJob(3, 10)];
      const finish = Promise.withResolvers<void>();
      const done = Promise.withResolvers<void>();
      const leases: [number, number][] = [];
      const executor = createJobExecutor({
        ...quiet,
        renewEveryMs: 1,
        renew,
        acquire: async () => jobs.splice(0),
        async execute({ id, leasedUntil }) {
          leases.push([id, leasedUntil]);
          if (id === 1) await finish.promise;
          if (id === 3) done.resolve();
        },
      });
      return { executor, finish, done: done.promise, leases };
    }

    it('renews the leases of those that wait, and they begin with the new end', async () => {
      // given
      const renewed: number[][] = [];
      const batch = aLongBatch(async (waiting) => {
        renewed.push(waiting.map(({ id }) => id));
        batch.finish.resolve();
        return 9000;
      });
      // when
      batch.executor.start();
      await batch.done;
      await batch.executor.stop();
      // then
      assert.deepEqual(renewed[0], [2, 3]);
      assert.deepEqual(batch.leases, [[1, 1000], [2, 9000], [3, 9000]]);
    });

    it('goes on when the database cannot renew them', async () => {
      // given
      const batch = aLongBatch(async () => {
        batch.finish.resolve();
        throw new Error('database gone');
      });
      // when
      batch.executor.start();
      await batch.done;
      await batch.executor.stop();
      // then
      assert.deepEqual(batch.leases, [[1, 1000], [2, 1000], [3, 1000]]);
    });
  });
});
