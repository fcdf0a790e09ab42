import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import createKnex, { type Knex } from 'knex';
import type { Logger } from '#engine/log.ts';
import { createSqliteBatcher } from './batcher-sqlite.ts';
import { createLocalClock } from './clock.ts';
import { NodeSqliteClient } from './dialect/knex-node-sqlite.ts';
import { openSqlite, readableError } from './dialect/sqlite.ts';
import { createIds } from './ids.ts';
import { knexLog } from './knex-log.ts';
import { migrate } from './migrate.ts';
import type { OpenOptions, Store } from './open-store.ts';
import { runQuery } from './query.ts';
import { StartupError } from './startup-error.ts';
import type { SqlValue } from './unit-of-work.ts';

/** Opens the embedded database: one write connection for the batcher, read-only ones for everything else. */
export async function openSqliteStore({ url, dataDir, nodeId, log }: OpenOptions): Promise<Store> {
  const file = fileOf(url);
  for (const folder of [dataDir, path.dirname(file)]) if (folder) makeFolder(folder);
  const lock = lockFile(file);
  try {
    // Opened once before knex, which would log what is wrong with the file instead of leaving that to us.
    openSqlite(file, { readOnly: false, busyTimeoutMs: 1000 }).close();
    await migrateFile(file, log);
    const writer = openSqlite(file, { readOnly: false, busyTimeoutMs: 100 });
    const batcher = createSqliteBatcher(writer, log);
    await recordHolder(batcher, nodeId);
    const reader = openSqlite(file, { readOnly: true, busyTimeoutMs: 5000 });
    const knex = openKnex(file, true, log);
    const ids = createIds(batcher);
    await ids.ready(1);
    const read = async (sql: string, params: SqlValue[] = []) => reader.all(sql, params);
    return {
      kind: 'sqlite',
      nodeId,
      batcher,
      knex,
      read,
      query: (work) => runQuery(work, read),
      clock: createLocalClock(),
      ids,
      stats: batcher.stats,
      alone: (_name, work) => work(),
      async close() {
        await batcher.close();
        await knex.destroy();
        reader.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw asStartupError(error, file);
  }
}

function fileOf(url: string): string {
  const file = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (file === '' || file === ':memory:' || file.endsWith(path.sep)) {
    throw new StartupError('DATABASE_URL_INVALID', `Expected sqlite:<path> to name a file, but it names ${JSON.stringify(file)}`);
  }
  return path.resolve(file);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function notWritable(place: string, cause: unknown): StartupError {
  return new StartupError(
    'DATABASE_DIRECTORY_NOT_WRITABLE',
    `Expected to write in ${place}, but the system refused (${(cause as Error).message})`,
    { cause },
  );
}

/**
 * Holds an exclusive lock on a file beside the database: the operating system frees it when the process dies, however it dies.
 * It is SQLite's own lock on an empty database, because Node has no file locks.
 */
function lockFile(file: string): DatabaseSync {
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  } catch (error) {
    throw notWritable(path.dirname(file), error);
  }
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    const code = (readableError(error) as { code?: unknown }).code;
    if (code === 'DATABASE_BUSY') {
      throw new StartupError(
        'DATABASE_IN_USE',
        `Expected to be the only engine on ${file}, but ${holderOf(file)} is using it; stop it, or use MySQL for several nodes`,
        { cause: error },
      );
    }
    throw notWritable(path.dirname(file), error);
  }
}

function holderOf(file: string): string {
  let reader: DatabaseSync | undefined;
  try {
    reader = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
    const row = reader.prepare('SELECT node_id, pid, host FROM node_lock WHERE name = ?').get('engine');
    return row ? `node ${String(row['node_id'])} (process ${String(row['pid'])} on ${String(row['host'])})` : 'another process';
  } catch {
    // The other engine is only just starting: who it is adds nothing to the refusal.
    return 'another process';
  } finally {
    reader?.close();
  }
}

async function migrateFile(file: string, log: Logger): Promise<void> {
  const knex = openKnex(file, false, log);
  try {
    await migrate(knex);
  } finally {
    await knex.destroy();
  }
}

function openKnex(filename: string, readOnly: boolean, log: Logger): Knex {
  const connection = { filename, readOnly } as Knex.Sqlite3ConnectionConfig;
  return createKnex({ client: NodeSqliteClient, connection, useNullAsDefault: true, pool: { min: 0, max: 1 }, log: knexLog(log) });
}

async function recordHolder(batcher: ReturnType<typeof createSqliteBatcher>, nodeId: string): Promise<void> {
  const holder = { node_id: nodeId, pid: process.pid, host: hostname(), started_at: Date.now() };
  await batcher.run({ key: 'node-lock', name: 'record-holder' }, function* (writes) {
    writes.upsert('node_lock', { name: 'engine' }, holder);
  });
}

function asStartupError(error: unknown, file: string): unknown {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return error;
  const primary = code & 0xff;
  // 26 = not a database, 11 = corrupt, 8 = read-only, 14 = cannot open
  if (primary === 26 || primary === 11) {
    return new StartupError('DATABASE_FILE_INVALID', `Expected ${file} to be a SQLite database, but it is not, or it is damaged`, {
      cause: error,
    });
  }
  if (primary === 8 || primary === 14) return notWritable(path.dirname(file), error);
  return error;
}
