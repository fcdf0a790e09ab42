import createKnex, { type Knex } from 'knex';
import mysql, { type ConnectionOptions, type Pool } from 'mysql2';
import type { Logger } from '#engine/log.ts';
import { createMysqlBatcher } from './batcher-mysql.ts';
import { createServerClock } from './clock.ts';
import { createLane, type Lane } from './dialect/mysql-lane.ts';
import {
  bindSql,
  connectMysql,
  isLostGuard,
  isPassing,
  mysqlConfig,
  type MysqlConnection,
  QUERY_TIMEOUT_MS,
  READ_TRIES,
  readableError,
  rowsOf,
  type ServerTraits,
  sessionSql,
  startupError,
} from './dialect/mysql.ts';
import { createIds } from './ids.ts';
import { knexLog } from './knex-log.ts';
import { migrate } from './migrate.ts';
import type { OpenOptions, Store } from './open-store.ts';
import { runQuery } from './query.ts';
import { StartupError } from './startup-error.ts';
import type { Row, SqlValue } from './unit-of-work.ts';

const LANES = 2;
const READERS = 8;
/** Longer than any command waits for the fate of its COMMIT. */
const KEEP_TX_MS = 60 * 60 * 1000;
const LOCK_TRIES = 12;
const CLEAN_EVERY_MS = 10 * 60 * 1000;

/** Opens a MySQL or MariaDB server: lanes for the batcher, a pool of read-only sessions for everything else. */
export async function openMysqlStore({ url, nodeId, log }: OpenOptions): Promise<Store> {
  const config = mysqlConfig(url);
  const { traits, isCheckEnforced } = await prepareServer(config, log);
  const readers = openReaders(config, traits);
  const read = (sql: string, params: SqlValue[] = []) => readRows(readers, sql, params);
  const clock = await createServerClock(() => read('SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS DOUBLE) AS now_ms'));
  const lanes = Array.from({ length: LANES }, () => createLane({ config, traits, isCheckEnforced, now: clock.now }));
  const batcher = createMysqlBatcher(lanes, log);
  const knex = openKnex(config, traits, log, 'SET SESSION TRANSACTION READ ONLY');
  const ids = createIds(batcher);
  await ids.ready(1);
  const cleaning = setInterval(
    () => void forgetTransactions(lanes[0], clock.now()).catch((error: unknown) => log.warn({ err: error }, 'cleaning command_tx failed')),
    CLEAN_EVERY_MS,
  ).unref();
  return {
    kind: 'mysql',
    nodeId,
    batcher,
    knex,
    read,
    query: (work) => runQuery(work, read),
    clock,
    ids,
    stats: batcher.stats,
    async alone(name, work) {
      const connection = await connectMysql(config, traits);
      try {
        return await alone(connection, `songbai-${name}-${config.database}`, work);
      } finally {
        connection.destroy();
      }
    },
    async close() {
      clearInterval(cleaning);
      clock.stop();
      await batcher.close();
      await knex.destroy();
      await new Promise<void>((resolve) => readers.end(() => resolve()));
    },
  };
}

/** Creates the database when it may, migrates it alone, and finds out what the server can do. @throws StartupError */
async function prepareServer(
  config: ConnectionOptions & { database: string },
  log: Logger,
): Promise<{ traits: ServerTraits; isCheckEnforced: boolean }> {
  try {
    const traits = await createDatabase(config);
    const connection = await connectMysql(config, traits);
    try {
      await migrateAlone(connection, config, traits, log);
      return { traits, isCheckEnforced: await enforcesChecks(connection) };
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw startupError(error, config);
  }
}

async function createDatabase(config: ConnectionOptions & { database: string }): Promise<ServerTraits> {
  const { database, ...server } = config;
  const connection = mysql.createConnection(server);
  connection.on('error', () => {});
  const query = (sql: string) =>
    new Promise<unknown>((resolve, reject) =>
      connection.query({ sql, timeout: QUERY_TIMEOUT_MS }, (error, result) => (error ? reject(error) : resolve(result))),
    );
  try {
    const version = String(rowsOf(await query('SELECT VERSION() AS version'))[0]?.['version']);
    const name = mysql.escapeId(database, true);
    // An account that may not create or alter finds the database as its administrator made it, or learns that it is missing.
    await query(`CREATE DATABASE IF NOT EXISTS ${name}`).catch(() => {});
    await query(`ALTER DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`).catch(() => {});
    await query(`USE ${name}`);
    const collation = String(rowsOf(await query('SELECT @@collation_database AS collation'))[0]?.['collation']);
    if (collation !== 'utf8mb4_bin')
      throw new StartupError(
        'DATABASE_COLLATION',
        `Expected the database ${database} to have the collation utf8mb4_bin, but it has ${collation}; let its administrator alter it`,
      );
    return { isMariaDb: /mariadb/i.test(version), version };
  } finally {
    connection.destroy();
  }
}

/** Nodes that start together migrate one after the other. */
async function migrateAlone(
  connection: MysqlConnection,
  config: ConnectionOptions & { database: string },
  traits: ServerTraits,
  log: Logger,
): Promise<void> {
  await alone(connection, `songbai-migrate-${config.database}`, async () => {
    const knex = openKnex(config, traits, log, null);
    try {
      await migrate(knex);
    } finally {
      await knex.destroy();
    }
  });
}

/** Holds a lock of the server while `work` runs; the server frees it when this process dies. @throws StartupError when another node keeps it for a minute */
async function alone<T>(connection: MysqlConnection, lock: string, work: () => Promise<T>): Promise<T> {
  const name = mysql.escape(lock.slice(0, 64));
  for (let tries = 0; !(await hasLock(connection, name)); tries++) {
    if (tries === LOCK_TRIES)
      throw new StartupError('DATABASE_IN_USE', 'Expected to prepare the database, but another node has been preparing it for a minute');
  }
  try {
    return await work();
  } finally {
    await connection.query(`SELECT RELEASE_LOCK(${name})`).catch(() => undefined);
  }
}

async function hasLock(connection: MysqlConnection, name: string): Promise<boolean> {
  const [rows] = await connection.query(`SELECT GET_LOCK(${name}, 5) AS locked`);
  return rowsOf(rows)[0]?.['locked'] === 1;
}

async function enforcesChecks(connection: MysqlConnection): Promise<boolean> {
  await connection.query('START TRANSACTION');
  try {
    await connection.query("INSERT INTO command_tx (id, expected, hit, created_at) VALUES ('probe', 1, 0, 0)");
    return false;
  } catch (error) {
    if (isLostGuard(error)) return true;
    throw error;
  } finally {
    await connection.query('ROLLBACK');
  }
}

function openReaders(config: ConnectionOptions, traits: ServerTraits): Pool {
  const pool = mysql.createPool({ ...config, connectionLimit: READERS });
  pool.on('connection', (connection) => {
    // A session that cannot be set up fails with its first query, too.
    connection.query(sessionSql(traits), () => {});
    connection.query('SET SESSION TRANSACTION READ ONLY', () => {});
  });
  return pool;
}

/** An idle connection of the pool may be broken without anybody knowing: its read is asked again on another one. */
async function readRows(pool: Pool, sql: string, params: readonly SqlValue[]): Promise<Row[]> {
  const bound = bindSql(sql, params);
  for (let tries = 1; ; tries++) {
    try {
      return await queryPool(pool, bound);
    } catch (error) {
      if (!isPassing(error) || tries === READ_TRIES) throw readableError(error);
    }
  }
}

function queryPool(pool: Pool, sql: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    pool.query({ sql, timeout: QUERY_TIMEOUT_MS }, (error, result) => {
      if (error) reject(error);
      else resolve(rowsOf(result));
    });
  });
}

function openKnex(config: ConnectionOptions, traits: ServerTraits, log: Logger, extra: string | null): Knex {
  // knex would write a charset, which is a collation here, into every CREATE TABLE: the database's default is the right one.
  const { charset: _charset, ...connection } = config;
  return createKnex({
    client: 'mysql2',
    log: knexLog(log),
    connection: connection as unknown as Knex.MySql2ConnectionConfig,
    pool: {
      min: 0,
      max: 4,
      afterCreate(
        connection: { query(sql: string, done: (error: Error | null) => void): void },
        done: (error: Error | null, connection: unknown) => void,
      ) {
        connection.query(sessionSql(traits), (error) => {
          if (error || extra === null) done(error, connection);
          else connection.query(extra, (second) => done(second, connection));
        });
      },
    },
  });
}

/** Rows that told the fate of a COMMIT long ago. */
async function forgetTransactions(lane: Lane | undefined, now: number): Promise<void> {
  await lane?.read([{ sql: 'DELETE FROM command_tx WHERE created_at < ? LIMIT 10000', params: [now - KEEP_TX_MS] }]);
}
