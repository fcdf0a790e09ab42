import { TransientError } from '#engine/errors.ts';
import type { Logger } from '#engine/log.ts';
import { createSqliteWriter, readableError, type SqliteConnection } from './dialect/sqlite.ts';
import { type BatcherStats, closedError, MAX_ATTEMPTS, RunAgain, tooManyConflicts } from './rerun.ts';
import { type Batcher, type UnitOptions, UniqueViolation, type Work, type Writes } from './unit-of-work.ts';
import { createWriteList, LostGuard, type Write } from './write-list.ts';

/** More wait for the next turn of the event loop, so that a flood does not hold up timers and sockets. */
const MAX_GROUP = 128;
/** While another process holds the file's lock (a backup, the sqlite3 shell): wait, try again, give up. */
const BUSY_RETRY_MS = 50;
const BUSY_TRIES = 100;

interface Waiting {
  options: UnitOptions;
  unit: (writes: Writes) => Work<unknown>;
  attempts: number;
  outcome: { value: unknown } | { error: unknown } | null;
  effects: (() => void)[];
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives within one turn of the event loop runs in one transaction and is answered after COMMIT. Owns the process's only write connection, which is never open across an `await`.
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
    try {
      if (!runTogether(group)) runApart(group);
      commit.run();
    } catch (error) {
      const failure = readableError(error);
      if (isLocked(failure)) {
        if (db.isTransaction) db.exec('ROLLBACK');
        waitForLock(group, failure);
        return;
      }
      failGroup(group, failure);
      group.length = 0;
    }
    busyTries = 0;
    stats.groups++;
    stats.units += group.length;
    for (const waiting of group) settle(waiting);
    if (queue.length > 0) schedule();
    else whenIdle?.();
  }

  /** Without savepoints, which cost a tenth of the whole; false = a write failed, nothing is done yet, and all have to run apart. */
  function runTogether(group: Waiting[]): boolean {
    for (const waiting of group) {
      const writes = decide(waiting);
      try {
        if (writes) apply(writes);
      } catch (error) {
        requireTransaction(error);
        db.exec('ROLLBACK');
        waiting.attempts++;
        return false;
      }
    }
    return true;
  }

  /** Each unit on its own savepoint: one that fails takes back only its own writes, and runs again when it lost a race. */
  function runApart(group: Waiting[]): void {
    begin.run();
    for (const waiting of group) runUnit(waiting);
  }

  function runUnit(waiting: Waiting): void {
    for (;;) {
      stats.reruns++;
      const writes = decide(waiting);
      const error = writes === null || writes.length === 0 ? null : applyAll(writes);
      if (!error) return;
      const isRace = error instanceof LostGuard || error instanceof UniqueViolation;
      if (!isRace || ++waiting.attempts >= MAX_ATTEMPTS) {
        waiting.outcome = { error: isRace ? tooManyConflicts(waiting.options.name, error) : error };
        return;
      }
    }
  }

  /** Runs the generator; its writes still have to be applied. null = it threw. */
  function decide(waiting: Waiting): Write[] | null {
    const writes = createWriteList();
    try {
      waiting.outcome = { value: drive(waiting.unit(writes)) };
      waiting.effects = writes.effects;
      return writes.list;
    } catch (error) {
      requireTransaction(error);
      waiting.outcome = { error: readableError(error) };
      return null;
    }
  }

  /** A transaction that SQLite has given up by itself (disk full, I/O error) ends the whole group. */
  function requireTransaction(error: unknown): void {
    if (!db.isTransaction) throw error;
  }

  function applyAll(list: readonly Write[]): unknown {
    savepoint.run();
    try {
      apply(list);
      release.run();
      return null;
    } catch (error) {
      requireTransaction(error);
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
    if (!isLocked(error) || ++busyTries > BUSY_TRIES) {
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

  const isLocked = (error: unknown) => error instanceof TransientError && error.code === 'DATABASE_BUSY';

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
        enqueue({ options, unit, attempts: 0, outcome: null, effects: [], resolve: resolve as (value: unknown) => void, reject });
      });
    },
    async close() {
      isClosed = true;
      if (queue.length > 0 || isScheduled) await new Promise<void>((resolve) => (whenIdle = resolve));
      connection.close();
    },
  };
}
