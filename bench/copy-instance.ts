import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';

/** Runs statements on a database that no engine has open; answers the rows of the last one. */
export async function runSql(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length));
    db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
    for (const sql of statements.slice(0, -1)) db.exec(sql);
    const rows = db.prepare(statements.at(-1) ?? '').all();
    db.close();
    return rows;
  }
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const connection = await mysql.createConnection({
    host,
    port: Number(port),
    user,
    password,
    database: pathname.slice(1),
    decimalNumbers: true,
  });
  let rows: unknown;
  for (const sql of statements) [rows] = await connection.query(sql);
  await connection.end();
  return rows as Record<string, unknown>[];
}

/** Between the ids of one copy and the next; no instance that is copied has more. */
export const STRIDE = 100;
/** Ids of this length are found again in texts, where shorter ones could be part of another number. */
export const FIRST_ID = 10_000_000_000;
const CHUNK = 100_000;

const IDS = new Set(['id', 'instance_id', 'root_id', 'element_instance', 'task_id']);
const TEXTS = new Set(['state', 'payload']);
const TABLES = ['process_instance', 'task', 'task_candidate', 'job', 'subscription', 'search_variable', 'history_activity', 'event'];

export interface Copies {
  instance: number;
  /** Copies are numbered `first`, `first` + 1, …; copy n has the ids of the original + n × STRIDE. */
  first: number;
  count: number;
  /** SQL for the due date of copy n, epoch ms; its one job is due then. */
  dueAt?: string;
}

/**
 * Makes open instances by the million: rows of an instance that the engine started, again and again with other ids. Its ids must be
 * `FIRST_ID` and more. The hashes in `event` are those of the original.
 */
export async function copyInstance(url: string, { instance, first, count, dueAt }: Copies): Promise<void> {
  for (let from = first; from < first + count; from += CHUNK) {
    const size = Math.min(CHUNK, first + count - from);
    const numbers = url.startsWith('sqlite:')
      ? `(WITH RECURSIVE number (seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM number WHERE seq < ${size - 1}) SELECT ${from} + seq AS n FROM number)`
      : `(SELECT ${from} + seq AS n FROM seq_0_to_${size - 1})`;
    for (const table of TABLES) await copyRows(url, { table, instance, numbers, dueAt });
  }
  const next = `UPDATE id_block SET next = ${FIRST_ID + (first + count + 1) * STRIDE} WHERE name = 'engine'`;
  await runSql(url, next, 'SELECT 1');
}

async function copyRows(
  url: string,
  { table, instance, numbers, dueAt }: { table: string; instance: number; numbers: string; dueAt: string | undefined },
): Promise<void> {
  const where =
    table === 'task_candidate'
      ? `t.task_id BETWEEN ${instance} AND ${instance + STRIDE}`
      : `t.${table === 'process_instance' ? 'id' : 'instance_id'} = ${instance}`;
  const rows = await runSql(url, `SELECT t.* FROM ${table} t WHERE ${where}`);
  if (!rows[0]) return;
  const columns = Object.keys(rows[0]);
  const oldDue =
    dueAt === undefined ? undefined : (await runSql(url, `SELECT due_at FROM job WHERE instance_id = ${instance}`))[0]?.['due_at'];
  const value = (column: string): string => {
    if (IDS.has(column)) return `t.${column} + s.n * ${STRIDE}`;
    if (column === 'business_key') return `CONCAT(t.${column}, s.n)`;
    if ((column === 'due_at' || column === 'available_at') && oldDue !== undefined) return dueAt ?? '';
    if (!TEXTS.has(column)) return `t.${column}`;
    const ids = new Set(rows.flatMap((row) => String(row[column]).match(/\b10\d{9}\b/g) ?? []));
    const moved = [...ids].reduce((text, id) => `REPLACE(${text}, '${id}', ${id} + s.n * ${STRIDE})`, `t.${column}`);
    return oldDue === undefined ? moved : `REPLACE(${moved}, '${Number(oldDue)}', ${dueAt})`;
  };
  await runSql(
    url,
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map(value).join(', ')} FROM ${table} t CROSS JOIN ${numbers} s WHERE ${where}`,
    'SELECT 1',
  );
}
