import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { TransientError } from '#engine/errors.ts';
import type { Logger } from '#engine/log.ts';
import { groupSql, type GroupSql } from './dialect/mysql-group.ts';
import type { Lane } from './dialect/mysql-lane.ts';
import { isDuplicate, isLinkGone, isLostGuard, isPassing, isRetryable, READ_TRIES, readableError, unreachable } from './dialect/mysql.ts';
import { type BatcherStats, closedError, MAX_ATTEMPTS, RunAgain, tooManyConflicts } from './rerun.ts';
import type { Batcher, Read, Row, UnitOptions, Work, Writes } from './unit-of-work.ts';
import { createWriteList, type WriteList } from './write-list.ts';

const MAX_GROUP = 128;
/** So many waiting are worth another lane's work. */
const CROWD = 64;
/** Behind a slow group nobody waits longer for another lane. */
const HELP_AFTER_MS = 20;
/** Bytes of SQL in one message; servers take 16 MB by default. */
const MAX_MESSAGE = 4 * 1024 * 1024;

interface Waiting {
  options: UnitOptions;
  unit: (writes: Writes) => Work<unknown>;
  /** Runs that ended with somebody else being faster, and runs that the database cut short. */
  conflicts: number;
  faults: number;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** A unit that has read and decided, and whose writes wait for their group. */
interface Decided {
  waiting: Waiting;
  value: unknown;
  writes: WriteList;
}

/**
 * Group commit over a server: units decide on reads outside the transaction, their writes are merged into set-based statements
 * and go out in one message, guarded by compare-and-set. What waits goes out together as soon as one lane is free: large groups cost
 * the server half of what many small ones do. Another lane helps out when many wait, or when they wait long. Units with the same key
 * never run at the same time.
 */
export function createMysqlBatcher(lanes: readonly Lane[], log: Logger): Batcher & { stats: BatcherStats } {
  const stats: BatcherStats = { groups: 0, units: 0, reruns: 0 };
  const idle = lanes.map((lane) => createRunner(lane, { stats, log, enqueue }));
  const busyKeys = new Set<string | number>();
  let queue: Waiting[] = [];
  let isScheduled = false;
  let isClosed = false;
  let help: NodeJS.Timeout | null = null;
  let whenIdle: (() => void) | null = null;

  function enqueue(waiting: Waiting): void {
    queue.push(waiting);
    schedule();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    // What arrives within this turn of the event loop joins the group.
    setImmediate(() => {
      isScheduled = false;
      dispatch();
    });
  }

  function dispatch(isLate = false): void {
    if (queue.length === 0) return;
    const isAnyBusy = idle.length < lanes.length;
    if (isAnyBusy && queue.length < CROWD && !isLate) {
      help ??= setTimeout(() => {
        help = null;
        dispatch(true);
      }, HELP_AFTER_MS);
      return;
    }
    const runner = idle.pop();
    if (!runner) return;
    const group = takeGroup();
    if (group.length === 0) idle.push(runner);
    else {
      void work(runner, group);
      dispatch();
    }
  }

  async function work(runner: Runner, group: Waiting[]): Promise<void> {
    await runner.run(group);
    for (const { options } of group) if (options.key !== null) busyKeys.delete(options.key);
    idle.push(runner);
    if (queue.length > 0) schedule();
    else {
      if (help) clearTimeout(help);
      help = null;
      if (idle.length === lanes.length) whenIdle?.();
    }
  }

  function takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const waiting of queue) {
      const { key } = waiting.options;
      if (group.length === MAX_GROUP || (key !== null && busyKeys.has(key))) {
        rest.push(waiting);
        continue;
      }
      if (key !== null) busyKeys.add(key);
      group.push(waiting);
    }
    queue = rest;
    return group;
  }

  return {
    stats,
    run<T>(options: UnitOptions, unit: (writes: Writes) => Work<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (isClosed) reject(closedError());
        else enqueue({ options, unit, conflicts: 0, faults: 0, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    async close() {
      isClosed = true;
      if (queue.length > 0 || idle.length < lanes.length) await new Promise<void>((resolve) => (whenIdle = resolve));
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

interface Runner {
  /** Answers every unit of the group, or enqueues it again; never throws. */
  run(group: Waiting[]): Promise<void>;
}

function createRunner(lane: Lane, { stats, log, enqueue }: { stats: BatcherStats; log: Logger; enqueue(waiting: Waiting): void }): Runner {
  const prefix = randomBytes(6).toString('hex');
  let transactions = 0;

  /** Never throws: every unit is answered, or waits for its next run. */
  async function runGroup(group: Waiting[]): Promise<void> {
    let decided: Decided[];
    try {
      decided = (await decide(group)).filter((unit) => unit.writes.list.length > 0 || settle(unit));
      if (decided.length > 0) await commit(decided);
    } catch (error) {
      log.error({ err: error, units: group.length }, 'a group of units failed');
      for (const waiting of group) waiting.reject(readableError(error));
    }
  }

  /** Runs the generators side by side: the reads of one step go out together. */
  async function decide(group: Waiting[]): Promise<Decided[]> {
    const done: Decided[] = [];
    let running = group.map((waiting) => {
      const writes = createWriteList();
      return { waiting, writes, work: waiting.unit(writes), input: null as { rows: Row[] } | { error: unknown } | null };
    });
    while (running.length > 0) {
      const reads: Read[] = [];
      const readers: typeof running = [];
      for (const unit of running) {
        try {
          const { input, work } = unit;
          const step = input === null ? work.next() : 'rows' in input ? work.next(input.rows) : work.throw(input.error);
          if (step.done) done.push({ waiting: unit.waiting, writes: unit.writes, value: step.value });
          else {
            reads.push(step.value);
            readers.push(unit);
          }
        } catch (error) {
          fail(unit.waiting, error);
        }
      }
      if (reads.length > 0) {
        const answers = await readAll(reads);
        readers.forEach((unit, index) => (unit.input = answers[index] ?? null));
      }
      running = readers;
    }
    return done;
  }

  async function readAll(reads: readonly Read[], tries = 1): Promise<({ rows: Row[] } | { error: unknown })[]> {
    try {
      return (await lane.read(reads)).map((rows) => ({ rows }));
    } catch (error) {
      // Reads stand outside the transaction, so one that met a passing fault can be asked again.
      if (isPassing(error) && tries < READ_TRIES) return readAll(reads, tries + 1);
      if (reads.length === 1 || isLinkGone(error) || error instanceof TransientError)
        return reads.map(() => ({ error: readableError(error) }));
      // One wrong read must not fail the others: ask one by one.
      const answers: ({ rows: Row[] } | { error: unknown })[] = [];
      for (const read of reads) answers.push(...(await readAll([read])));
      return answers;
    }
  }

  async function commit(units: Decided[]): Promise<void> {
    let group: GroupSql;
    try {
      group = groupSql(units.map((unit) => unit.writes.list));
    } catch (error) {
      // A value that cannot be stored: whose it is shows when the unit stands alone.
      await recover(units, '', error);
      return;
    }
    if (units.length > 1 && messageSize(group.statements) > MAX_MESSAGE) {
      await split(units);
      return;
    }
    const txId = `${prefix}-${(++transactions).toString(36)}`;
    try {
      await lane.commit(txId, group);
    } catch (error) {
      await recover(units, txId, error);
      return;
    }
    committed(units);
  }

  function committed(units: Decided[]): void {
    stats.groups++;
    stats.units += units.length;
    for (const unit of units) settle(unit);
  }

  async function recover(units: Decided[], txId: string, error: unknown): Promise<void> {
    if (isLinkGone(error)) {
      let isCommitted: boolean;
      try {
        isCommitted = await lane.settleOutcome(txId);
      } catch (cause) {
        for (const { waiting } of units) waiting.reject(unreachable(cause));
        return;
      }
      if (isCommitted) committed(units);
      else await again(units, 'faults', unreachable(error), 0);
    } else if (isRetryable(error)) {
      await again(units, 'faults', readableError(error) as TransientError, 5 + Math.random() * 20);
    } else if (units.length > 1) {
      await split(units);
    } else if (isLostGuard(error) || isDuplicate(error)) {
      await again(units, 'conflicts', tooManyConflicts(units[0]?.waiting.options.name ?? 'the command', error), Math.random() * 5);
    } else {
      for (const { waiting } of units) waiting.reject(error);
    }
  }

  /** One unit of the group is at fault: the halves run again by themselves until it stands alone. */
  async function split(units: Decided[]): Promise<void> {
    const half = Math.ceil(units.length / 2);
    stats.reruns += units.length;
    await runGroup(units.slice(0, half).map(({ waiting }) => waiting));
    await runGroup(units.slice(half).map(({ waiting }) => waiting));
  }

  async function again(units: Decided[], counted: 'conflicts' | 'faults', lastError: TransientError, waitMs: number): Promise<void> {
    const rest: Waiting[] = [];
    for (const { waiting } of units) {
      if (++waiting[counted] < MAX_ATTEMPTS) rest.push(waiting);
      else waiting.reject(lastError);
    }
    if (rest.length === 0) return;
    stats.reruns += rest.length;
    if (waitMs > 0) await wait(waitMs);
    await runGroup(rest);
  }

  function fail(waiting: Waiting, error: unknown): void {
    if (error instanceof RunAgain) error.ready.then(() => enqueue(waiting), waiting.reject);
    else waiting.reject(error);
  }

  /** Always false, for use as a filter. */
  function settle({ waiting, value, writes }: Decided): false {
    waiting.resolve(value);
    for (const effect of writes.effects) {
      try {
        effect();
      } catch (error) {
        log.error({ err: error }, 'an effect after commit failed');
      }
    }
    return false;
  }

  return { run: runGroup };
}

function messageSize(statements: readonly string[]): number {
  let size = 0;
  for (const statement of statements) size += statement.length;
  return size;
}
