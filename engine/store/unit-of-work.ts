/**
 * A unit of work is a generator: it yields reads, collects writes, and returns a result.
 * The same source runs on both databases: on SQLite inside a savepoint of the group's transaction, on MariaDB/MySQL with
 * its writes merged into the set-based statements of the group. Writes are applied after the generator returns, so a unit
 * never sees its own writes. It may run more than once (lost compare-and-set, group split), so it has no effects but these.
 */
export type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface Read {
  sql: string;
  params: SqlValue[];
}

export type Work<T> = Generator<Read, T, Row[]>;

/** Collects the writes of one unit. Table and column names are those of `migrations/`. */
export interface Writes {
  insert(table: string, row: Row): void;
  /** Inserts, or leaves the row that has the same primary or unique key. */
  insertIfAbsent(table: string, row: Row): void;
  /** Inserts `{...key, ...set}`, or sets `set` on the row with the same primary key `key`. */
  upsert(table: string, key: Row, set: Row): void;
  /** `guard`: compare-and-set; when no row matches key and guard the unit runs again on fresh reads. */
  update(table: string, key: Row, set: Row, guard?: Row): void;
  delete(table: string, key: Row, guard?: Row): void;
  /** Atomic increment without a read, e.g. counters. */
  add(table: string, key: Row, increments: Row): void;
  /** Runs after COMMIT, never on rollback: waking jobs, pushing to streams. */
  afterCommit(effect: () => void): void;
}

export interface UnitOptions {
  /** Units with the same key run one after the other in this process: the root instance's id, the device, the account. */
  key: string | number | null;
  /** For error messages and metrics, e.g. `complete-task`. */
  name: string;
}

export interface Batcher {
  /** Resolves after COMMIT. @throws what the unit throws; `TransientError` after 5 lost compare-and-sets or a broken connection. */
  run<T>(options: UnitOptions, unit: (writes: Writes) => Work<T>): Promise<T>;
  close(): Promise<void>;
}

/** `const rows = yield* read(sql, params)`. */
export function* read(sql: string, params: SqlValue[] = []): Work<Row[]> {
  return yield { sql, params };
}

/** A unique key was taken by someone else since the unit's reads: thrown into the unit's re-run handling, never to callers. */
export class UniqueViolation extends Error {
  readonly table: string;

  constructor(table: string, options?: { cause?: unknown }) {
    super(`Expected a new key in ${table}, but it is taken`, options);
    this.name = 'UniqueViolation';
    this.table = table;
  }
}
