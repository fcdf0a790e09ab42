import assert from 'node:assert/strict';
import { pino } from 'pino';
import { type AcquiredJob, createJobExecutor } from './job-executor.ts';

const log = pino({ level: 'silent' });

describe('job executor', () => {
  describe('when jobs are due', () => {
    it('runs the jobs of one instance in order and those of others beside them', async () => {
      // given
      const waiting: AcquiredJob[] = [
        { id: 1, rootId: 10, kind: 'timer' },
        { id: 2, rootId: 20, kind: 'timer' },
        { id: 3, rootId: 10, kind: 'timer' },
      ];
      const started: number[] = [];
      const finish = new Map<number, () => void>();
      const seen = Promise.withResolvers<void>();
      const all = Promise.withResolvers<void>();
      const executor = createJobExecutor({
        log,
        now: () => Date.now(),
        acquire: async () => waiting.splice(0),
        nextDueAt: async () => null,
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
        log,
        now: () => Date.now(),
        acquire: async () => (Date.now() >= dueAt ? [{ id: 7, rootId: 1, kind: 'timer' }] : []),
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

  describe('when a job throws', () => {
    it('goes on with the others', async () => {
      // given
      const jobs: AcquiredJob[] = [
        { id: 1, rootId: 1, kind: 'timer' },
        { id: 2, rootId: 2, kind: 'timer' },
      ];
      const ran = Promise.withResolvers<number>();
      const executor = createJobExecutor({
        log,
        now: () => Date.now(),
        acquire: async () => jobs.splice(0),
        nextDueAt: async () => null,
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
});
