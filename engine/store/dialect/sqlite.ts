import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InvariantError, TransientError } from '#engine/errors.ts';
import { type Row, type SqlValue, UniqueViolation } from '../unit-of-work.ts';
import { createShapeCache, LostGuard, type Shape, type Write } from '../write-list.ts';

/** Primary result codes; the extended code's low byte. @see https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
const CONSTRAINT_PRIMARYKEY = 1555;
const CONSTRAINT_UNIQUE = 2067;

export interface SqliteConnection {
  readonly db: DatabaseSync;
  all(sql: string, params: SqlValue[]): Row[];
  close(): void;
}

/** Opens one connection with a statement cache. `synchronous=FULL`: an acknowledged commit survives power loss. */
export function openSqlite(file: string, options: { readOnly: boolean; busyTimeoutMs: number }): SqliteConnection {
  const db = new DatabaseSync(file, { readOnly: options.readOnly, timeout: options.busyTimeoutMs });
  try {
    if (!options.readOnly) db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000');
    db.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY');
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = new Map<string, StatementSync>();
  return {
    db,
    all(sql, params) {
      let statement = statements.get(sql);
      if (!statement) {
        if (statements.size >= 500) statements.delete(statements.keys().next().value ?? '');
        statements.set(sql, (statement = db.prepare(sql)));
      }
      for (const value of params) checkValue(value, sql);
      return statement.all(...params) as Row[];
    },
    close: () => db.close(),
  };
}

/** Rows of one INSERT at most: a process of many steps ends many activities in one command. */
const MAX_ROWS = 16;

interface Compiled {
  /** By number of rows; more than one for an insert only. */
  statements: (StatementSync | undefined)[];
  sql: string;
  /** Columns with text affinity: a number bound there would become '5.0'. */
  textAt: readonly boolean[];
}

/** Applies collected writes, in their order, on the write connection. @throws LostGuard, UniqueViolation */
export function createSqliteWriter({ db }: SqliteConnection): (writes: readonly Write[]) => void {
  const textColumns = new Map<string, Set<string>>();
  const textColumnsOf = (table: string) => {
    let columns = textColumns.get(table);
    if (!columns) {
      const rows = db.prepare('SELECT name, type FROM pragma_table_info(?)').all(table);
      columns = new Set(rows.filter((row) => /char|text|clob/i.test(String(row['type']))).map((row) => String(row['name'])));
      textColumns.set(table, columns);
    }
    return columns;
  };
  const shapeOf = createShapeCache<Compiled>((table, shape) => {
    const text = textColumnsOf(table);
    return { statements: [], sql: writeSql(table, shape), textAt: bindOrder(shape).map((name) => text.has(name)) };
  });

  /** How many inserts of this shape follow each other from there on. */
  function rowsAt(writes: readonly Write[], at: number, { table, kind }: Write, shape: Shape<Compiled>): number {
    if (kind !== 'insert') return 1;
    let rows = 1;
    for (
      let next = writes[at + 1];
      rows < MAX_ROWS && next?.kind === 'insert' && next.table === table && shapeOf(next) === shape;
      next = writes[at + rows]
    )
      rows++;
    return rows;
  }

  function statementOf({ statements, sql, textAt }: Compiled, rows: number): StatementSync {
    const more = `, (${textAt.map(() => '?').join(', ')})`.repeat(rows - 1);
    return (statements[rows] ??= db.prepare(sql + more));
  }

  return (writes) => {
    for (let at = 0, rows = 1; at < writes.length; at += rows) {
      const write = writes[at]!;
      const shape = shapeOf(write);
      rows = rowsAt(writes, at, write, shape);
      const values: SqlValue[] = [];
      for (let row = 0; row < rows; row++) bindAll(writes[at + row]!, shape.statement.textAt, values);
      let changes: number | bigint;
      try {
        changes = statementOf(shape.statement, rows).run(...values).changes;
      } catch (error) {
        throw readableError(error, write.table);
      }
      if (write.guard !== null && changes === 0) throw new LostGuard(write.table);
    }
  };
}

type Names = Omit<Shape<unknown>, 'statement'>;

function bindOrder({ kind, key, set, guard }: Names): string[] {
  return kind === 'upsert' ? [...key, ...set] : [...set, ...key, ...guard];
}

function writeSql(table: string, { kind, key, set, guard }: Names): string {
  const where = [...key.map((name) => `${name} = ?`), ...guard.map((name) => `${name} IS ?`)].join(' AND ');
  const all = [...key, ...set];
  const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`;
  switch (kind) {
    case 'insert':
      return insert;
    case 'insertIfAbsent':
      return `${insert} ON CONFLICT DO NOTHING`;
    case 'upsert':
      return `${insert} ON CONFLICT (${key.join(', ')}) DO ${set.length === 0 ? 'NOTHING' : `UPDATE SET ${set.map((name) => `${name} = excluded.${name}`).join(', ')}`}`;
    case 'update':
      return `UPDATE ${table} SET ${set.map((name) => `${name} = ?`).join(', ')} WHERE ${where}`;
    case 'add':
      return `UPDATE ${table} SET ${set.map((name) => `${name} = ${name} + ?`).join(', ')} WHERE ${where}`;
    case 'delete':
      return `DELETE FROM ${table} WHERE ${where}`;
  }
}

function bindAll(write: Write, textAt: readonly boolean[], values: SqlValue[]): void {
  const { kind, key, set, guard } = write;
  const first = values.length;
  for (const row of kind === 'upsert' ? [key, set] : [set, key, guard]) {
    for (const name in row) {
      const value = row[name] as SqlValue;
      if (textAt[values.length - first] && typeof value === 'number')
        throw new InvariantError(`Expected text for ${write.table}.${name}, but got the number ${value}`);
      checkValue(value, write.table, name);
      values.push(value);
    }
  }
}

/** node:sqlite takes an object as its bag of named parameters and shifts the other values silently; refuse all but plain values. */
function checkValue(value: unknown, where: string, name = ''): void {
  const type = typeof value;
  if (
    type === 'string' ||
    (type === 'number' && Number.isFinite(value)) ||
    value === null ||
    type === 'bigint' ||
    value instanceof Uint8Array
  )
    return;
  throw new InvariantError(
    `Expected text, number, bytes or null for ${where} ${name}, but got ${value instanceof Date ? 'a Date' : typeof value === 'number' ? String(value) : type}`,
  );
}

/** SQLite's error as one of ours; others as they are. */
export function readableError(error: unknown, table = 'a table'): unknown {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return error;
  if (code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARYKEY) return new UniqueViolation(table, { cause: error });
  switch (code & 0xff) {
    case SQLITE_BUSY:
      return new TransientError('DATABASE_BUSY', 'Expected the database to be free, but another process holds its lock', { cause: error });
    case SQLITE_FULL:
      return new TransientError('DATABASE_FULL', 'Expected room for the change, but the disk is full', { cause: error });
    case SQLITE_IOERR:
      return new TransientError('DATABASE_IO', 'Expected to read and write the database file, but the disk failed', { cause: error });
    default:
      return error;
  }
}
