// Floor of timers, frozen: the raw acquisition on MariaDB, four connections with batches of 50: SELECT … FOR UPDATE SKIP LOCKED, lease,
// COMMIT, DELETE. Nothing is fired. Change the file name when you change a row.
import mysql from 'mysql2/promise';

const LANES = 4;
const BATCH = 50;
const CHUNK = 10_000;

export interface JobsMariaDbFloor {
  /** Makes jobs that are due; not to be timed. */
  fill(count: number): Promise<void>;
  /** Takes one batch on each connection; answers how many. */
  acquire(): Promise<number>;
  close(): Promise<void>;
}

/** @param url of a database that does not exist yet */
export async function openJobsMariaDbFloor(url: string): Promise<JobsMariaDbFloor> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  const options = { host, port: Number(port), user, password, multipleStatements: true };
  const creator = await mysql.createConnection(options);
  await creator.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE ${database};
    CREATE TABLE job (id BIGINT PRIMARY KEY, available_at BIGINT, owner VARCHAR(64), instance BIGINT, element VARCHAR(64), retries INT, KEY (available_at), KEY (instance));`);
  const connections = await Promise.all(Array.from({ length: LANES }, () => mysql.createConnection({ ...options, database })));
  for (const connection of connections) await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  let lastId = 0;
  const now = 1_000_000_000;

  async function take(connection: mysql.Connection): Promise<number> {
    await connection.query('START TRANSACTION');
    const [rows] = await connection.query(
      `SELECT id FROM job WHERE available_at <= ${now} ORDER BY available_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    );
    const ids = (rows as { id: number }[]).map(({ id }) => id);
    if (ids.length === 0) throw new Error('Expected enough due jobs for the block, but they are used up');
    await connection.query(`UPDATE job SET available_at = ${now + 10_000_000}, owner = 'n1' WHERE id IN (${ids.join(',')});COMMIT`);
    await connection.query(`DELETE FROM job WHERE id IN (${ids.join(',')})`);
    return ids.length;
  }

  return {
    async fill(count) {
      for (let made = 0; made < count; made += CHUNK) {
        const rows = Array.from({ length: Math.min(CHUNK, count - made) }, () => [
          ++lastId,
          900_000_000 + lastId,
          null,
          lastId,
          'timer',
          3,
        ]);
        await creator.query(mysql.format('INSERT INTO job VALUES ?', [rows]));
      }
    },
    async acquire() {
      const taken = await Promise.all(connections.map(take));
      return taken.reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await Promise.all([creator, ...connections].map((connection) => connection.end()));
    },
  };
}
