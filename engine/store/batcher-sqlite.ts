import { TransientError } from '#engine/errors.ts';
import type { Logger } from '#engine/log.ts';
import { createSqliteWriter, readableError, type SqliteConnection } from './dialect/sqlite.ts';
import { type BatcherStats, closedError, MAX_ATTEMPTS, RunAgain, tooManyConflicts } from './rerun.ts';
import { type Batcher, type UnitOptions, UniqueViolation, type Work, type Writes } from './unit-of-work.ts';
import { createWriteList, LostGuard } from './write-list.ts';

/** More wait for the next turn of the event loop, so that a flood does not hold up timers and sockets. */
const MAX_GROUP = 128;
/** While another process holds the file's lock (a backup, the sqlite3 shell): wait, try again, give up. */
const BUSY_RETRY_MS = 50;
const BUSY_TRIES = 100;

interface Waiting {
  options: UnitOptions;
  unit: (writes: Writes) => Work<unknown>;
  outcome: { value: unknown } | { error: unknown } | null;
  effects: (() => void)[];
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives within one turn of the event loop runs in one transaction, each unit on its own savepoint,
 * and is answered after COMMIT. Owns the process's only write connection, which is never open across an `await`.
 */
export function createSqliteBatcher(connection: SqliteConnection, log: Logger): Batcher & { stats: BatcherStats } {
  const { db } = connection;
  const apply = createSqliteWriter(connection);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT unit');
  const release = db.prepare('RELEASE unit');
  const rollbackUnit = db.prepare('ROLLBACK TO unit');
  const stats: BatcherStats = { groups: 0, units: 0, reruns: 0 };
  let queue: Waiting[] = [];
  let isScheduled = false;
  let isClosed = false;
  let busyTries = 0;
  let whenIdle: (() => void) | null = null;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    isScheduled = false;
    const group = queue.length > MAX_GROUP ? queue.splice(0, MAX_GROUP) : queue;
    if (group === queue) queue = [];
    try {
      begin.run();
    } catch (error) {
      waitForLock(group, readableError(error));
      return;
    }
    busyTries = 0;
    try {
      for (const waiting of group) runUnit(waiting);
      commit.run();
    } catch (error) {
      failGroup(group, readableError(error));
      group.length = 0;
    }
    stats.groups++;
    stats.units += group.length;
    for (const waiting of group) settle(waiting);
    if (queue.length > 0) schedule();
    else whenIdle?.();
  }

  /** Throws only what ends the whole group: a transaction that SQLite has rolled back by itself (disk full, I/O error). */
  function runUnit(waiting: Waiting): void {
    for (let attempt = 1; ; attempt++) {
      const writes = createWriteList();
      let value: unknown;
      try {
        value = drive(waiting.unit(writes));
      } catch (error) {
        waiting.outcome = { error: readableError(error) };
        return;
      }
      const error = writes.list.length === 0 ? null : applyAll(writes.list);
      if (!error) {
        waiting.outcome = { value };
        waiting.effects = writes.effects;
        return;
      }
      const isRace = error instanceof LostGuard || error instanceof UniqueViolation;
      if (!isRace || attempt === MAX_ATTEMPTS) {
        waiting.outcome = { error: isRace ? tooManyConflicts(waiting.options.name, error) : error };
        return;
      }
      stats.reruns++;
    }
  }

  function applyAll(list: ReturnType<typeof createWriteList>['list']): unknown {
    savepoint.run();
    try {
      for (const write of list) apply(write);
      release.run();
      return null;
    } catch (error) {
      if (!db.isTransaction) throw error;
      rollbackUnit.run();
      release.run();
      return error;
    }
  }

  function drive(work: Work<unknown>): unknown {
    let step = work.next();
    while (!step.done) {
      let rows: ReturnType<SqliteConnection['all']>;
      try {
        rows = connection.all(step.value.sql, step.value.params);
      } catch (error) {
        step = work.throw(readableError(error));
        continue;
      }
      step = work.next(rows);
    }
    return step.value;
  }

  function waitForLock(group: Waiting[], error: unknown): void {
    const isBusy = error instanceof TransientError && error.code === 'DATABASE_BUSY';
    if (!isBusy || ++busyTries > BUSY_TRIES) {
      busyTries = 0;
      for (const waiting of group) waiting.reject(error);
      if (queue.length > 0) schedule();
      else whenIdle?.();
      return;
    }
    queue = [...group, ...queue];
    isScheduled = true;
    setTimeout(flush, BUSY_RETRY_MS);
  }

  /** COMMIT failed, or SQLite gave the transaction up: nothing of the group is in the database. */
  function failGroup(group: Waiting[], error: unknown): void {
    // After disk-full SQLite has rolled back already, and a second ROLLBACK would hide the cause.
    if (db.isTransaction) db.exec('ROLLBACK');
    const failure =
      error instanceof TransientError
        ? error
        : new TransientError('COMMIT_FAILED', 'Expected the changes to be committed, but the database refused', { cause: error });
    log.error({ err: error, units: group.length }, 'commit failed');
    for (const waiting of group) waiting.reject(failure);
  }

  function settle(waiting: Waiting): void {
    const { outcome } = waiting;
    if (!outcome) return;
    if ('value' in outcome) {
      waiting.resolve(outcome.value);
      for (const effect of waiting.effects) runEffect(effect);
    } else if (outcome.error instanceof RunAgain) {
      waiting.outcome = null;
      outcome.error.ready.then(() => enqueue(waiting), waiting.reject);
    } else {
      waiting.reject(outcome.error);
    }
  }

  function runEffect(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      log.error({ err: error }, 'an effect after commit failed');
    }
  }

  function enqueue(waiting: Waiting): void {
    if (isClosed) {
      waiting.reject(closedError());
      return;
    }
    queue.push(waiting);
    schedule();
  }

  return {
    stats,
    run<T>(options: UnitOptions, unit: (writes: Writes) => Work<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        enqueue({ options, unit, outcome: null, effects: [], resolve: resolve as (value: unknown) => void, reject });
      });
    },
    async close() {
      isClosed = true;
      if (queue.length > 0 || isScheduled) await new Promise<void>((resolve) => (whenIdle = resolve));
      connection.close();
    },
  };
}
