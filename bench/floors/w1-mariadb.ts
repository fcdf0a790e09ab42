// Floor F3m, frozen: W1 (start → synchronous service → user task → complete → end, full history) as hand-written, set-based SQL on
// MariaDB: a group of starts is one message of multi-row INSERTs with one COMMIT, a group of completions one SELECT and one message.
// No BPMN, no compare-and-set. Rows as in w1-sqlite.ts. Change the file name when you change a row.
import mysql from 'mysql2/promise';

const GROUP = 7;

export interface W1MariaDbFloor {
  /** Starts a group of instances on one of the connections, and completes them. */
  run(lane: number, group: number): Promise<void>;
  close(): Promise<void>;
}

type Rows = (string | number | null)[][];
const insert = (table: string, rows: Rows) => mysql.format(`INSERT INTO ${table} VALUES ?`, [rows]);
const transaction = (...statements: string[]) => `START TRANSACTION;${statements.join(';')};COMMIT`;

/** @param url of a database that does not exist yet */
export async function openW1MariaDbFloor(url: string, lanes: number): Promise<W1MariaDbFloor> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  const options = { host, port: Number(port), user, password, multipleStatements: true };
  const creator = await mysql.createConnection(options);
  await creator.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE ${database};
    CREATE TABLE instance (id BIGINT PRIMARY KEY, definition INT, business_key VARCHAR(255), tenant INT, state MEDIUMTEXT, rev INT, started_at BIGINT, KEY (business_key), KEY (definition));
    CREATE TABLE task (id BIGINT PRIMARY KEY, instance BIGINT, definition INT, element VARCHAR(64), name VARCHAR(255), assignee VARCHAR(64), priority INT, created_at BIGINT, tenant INT, rev INT, KEY (instance), KEY (assignee, created_at));
    CREATE TABLE task_candidate (grp INT, created_at BIGINT, task BIGINT, PRIMARY KEY (grp, created_at, task), KEY (task));
    CREATE TABLE history_instance (id BIGINT PRIMARY KEY, definition INT, business_key VARCHAR(255), tenant INT, started_at BIGINT, ended_at BIGINT, state INT, variables MEDIUMTEXT, KEY (ended_at), KEY (business_key), KEY (definition, started_at));
    CREATE TABLE history_activity (instance BIGINT, seq INT, element VARCHAR(64), type INT, task BIGINT, who VARCHAR(64), started_at BIGINT, ended_at BIGINT, PRIMARY KEY (instance, seq));
    CREATE TABLE history_log (instance BIGINT, seq INT, at BIGINT, who VARCHAR(64), operation VARCHAR(32), data TEXT, PRIMARY KEY (instance, seq));`);
  await creator.end();
  const connections = await Promise.all(Array.from({ length: lanes }, () => mysql.createConnection({ ...options, database })));
  for (const connection of connections) await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  let lastId = 0;

  function starts(ids: number[]): string {
    const now = Date.now();
    const state = (task: number) =>
      JSON.stringify({
        tokens: [{ element: 'user', task, since: now }],
        variables: { name: { t: 'string', v: '张三' }, age: { t: 'long', v: 82 } },
        seq: 3,
        groups: [GROUP],
      });
    return transaction(
      insert(
        'instance',
        ids.map((id) => [id, 1, `bk${id}`, 1, state(id), 1, now]),
      ),
      insert(
        'task',
        ids.map((id) => [id, id, 1, 'user', '评估', null, 50, now, 1, 1]),
      ),
      insert(
        'task_candidate',
        ids.map((id) => [GROUP, now, id]),
      ),
      insert(
        'history_instance',
        ids.map((id) => [id, 1, `bk${id}`, 1, now, null, 1, null]),
      ),
      insert(
        'history_activity',
        ids.flatMap((id) => [
          [id, 1, 'start', 1, null, null, now, now],
          [id, 2, 'service', 2, null, null, now, now],
        ]),
      ),
      insert(
        'history_log',
        ids.map((id) => [id, 1, now, 'u1', 'start', '{"vars":{"name":"张三","age":82}}']),
      ),
    );
  }

  interface Waiting {
    id: number;
    task: number;
    created_at: number;
    definition: number;
    business_key: string;
    tenant: number;
    started_at: number;
    state: string;
  }

  function completes(rows: Waiting[]): string {
    const now = Date.now();
    const tasks = rows.map(({ task }) => task);
    const ended = rows.map((row) => {
      const { variables } = JSON.parse(row.state) as { variables: Record<string, { t: string; v: unknown }> };
      variables['name'] = { t: 'string', v: '李四' };
      variables['result'] = { t: 'string', v: 'ok' };
      return [row.id, row.definition, row.business_key, row.tenant, row.started_at, now, 2, JSON.stringify(variables)];
    });
    return transaction(
      insert(
        'history_activity',
        rows.flatMap(({ id, task, created_at }) => [
          [id, 3, 'user', 3, task, 'u1', created_at, now],
          [id, 4, 'end', 4, null, null, now, now],
        ]),
      ),
      insert(
        'history_log',
        rows.map(({ id }) => [id, 2, now, 'u1', 'complete', '{"name":["张三","李四"],"result":"ok"}']),
      ),
      `${insert('history_instance', ended)} ON DUPLICATE KEY UPDATE ended_at = VALUES(ended_at), state = VALUES(state), variables = VALUES(variables)`,
      mysql.format('DELETE FROM task_candidate WHERE task IN (?)', [tasks]),
      mysql.format('DELETE FROM task WHERE id IN (?)', [tasks]),
      mysql.format('DELETE FROM instance WHERE id IN (?)', [rows.map(({ id }) => id)]),
    );
  }

  return {
    async run(lane, group) {
      const connection = connections[lane];
      if (!connection) throw new Error(`Expected a lane below ${lanes}, but got ${lane}`);
      const ids = Array.from({ length: group }, () => ++lastId);
      await connection.query(starts(ids));
      const [rows] = await connection.query(
        'SELECT t.id AS task, t.created_at, t.rev AS task_rev, i.* FROM task t JOIN instance i ON i.id = t.instance WHERE t.id IN (?)',
        [ids],
      );
      await connection.query(completes(rows as Waiting[]));
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.end()));
    },
  };
}
