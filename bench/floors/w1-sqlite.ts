// Floor F3, frozen: W1 (start → synchronous service → user task → complete → end, full history) as hand-written SQL in process
// on SQLite, synchronous=FULL: 16 starts in one COMMIT, then 16 completions in one COMMIT, each in its own savepoint. No BPMN.
// Rows: instance, task, candidate; history of instance, activities, log. Change the file name when you change a row.
import { DatabaseSync } from 'node:sqlite';

const GROUP = 7;
/** Tasks that are open all the time, as in a server that runs. */
const OPEN = 2_000;

export interface W1Floor {
  /** Starts a group of instances, and completes as many that were started before. */
  run(group: number): void;
  close(): void;
}

export function openW1SqliteFloor(file: string): W1Floor {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY;
    CREATE TABLE instance (id INTEGER PRIMARY KEY, definition INT, business_key TEXT, tenant INT, state TEXT, rev INT, started_at INT);
    CREATE INDEX instance_business_key ON instance (business_key);
    CREATE INDEX instance_definition ON instance (definition);
    CREATE TABLE task (id INTEGER PRIMARY KEY, instance INT, definition INT, element TEXT, name TEXT, assignee TEXT, priority INT, created_at INT, tenant INT, rev INT);
    CREATE INDEX task_instance ON task (instance);
    CREATE INDEX task_assignee ON task (assignee, created_at);
    CREATE TABLE task_candidate (grp INT, created_at INT, task INT, PRIMARY KEY (grp, created_at, task)) WITHOUT ROWID;
    CREATE TABLE history_instance (id INTEGER PRIMARY KEY, definition INT, business_key TEXT, tenant INT, started_at INT, ended_at INT, state INT, variables TEXT);
    CREATE INDEX history_instance_ended ON history_instance (ended_at);
    CREATE INDEX history_instance_business_key ON history_instance (business_key);
    CREATE INDEX history_instance_definition ON history_instance (definition, started_at);
    CREATE TABLE history_activity (instance INT, seq INT, element TEXT, type INT, task INT, who TEXT, started_at INT, ended_at INT, PRIMARY KEY (instance, seq)) WITHOUT ROWID;
    CREATE TABLE history_log (instance INT, seq INT, at INT, who TEXT, operation TEXT, data TEXT, PRIMARY KEY (instance, seq)) WITHOUT ROWID;
  `);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT unit');
  const release = db.prepare('RELEASE unit');
  const insertInstance = db.prepare('INSERT INTO instance VALUES (?,?,?,?,?,?,?)');
  const insertTask = db.prepare('INSERT INTO task VALUES (?,?,?,?,?,?,?,?,?,?)');
  const insertCandidate = db.prepare('INSERT INTO task_candidate VALUES (?,?,?)');
  const insertHistory = db.prepare('INSERT INTO history_instance VALUES (?,?,?,?,?,?,?,?)');
  const insertActivity = db.prepare('INSERT INTO history_activity VALUES (?,?,?,?,?,?,?,?)');
  const insertLog = db.prepare('INSERT INTO history_log VALUES (?,?,?,?,?,?)');
  const selectTask = db.prepare('SELECT * FROM task WHERE id = ?');
  const selectInstance = db.prepare('SELECT * FROM instance WHERE id = ?');
  const deleteTask = db.prepare('DELETE FROM task WHERE id = ? AND rev = ?');
  const deleteCandidate = db.prepare('DELETE FROM task_candidate WHERE grp = ? AND created_at = ? AND task = ?');
  const deleteInstance = db.prepare('DELETE FROM instance WHERE id = ? AND rev = ?');
  const endHistory = db.prepare('UPDATE history_instance SET ended_at = ?, state = ?, variables = ? WHERE id = ?');
  let lastId = 0;
  const open: number[] = [];

  function start(): void {
    const id = ++lastId;
    const now = Date.now();
    const variables = { name: { t: 'string', v: '张三' }, age: { t: 'long', v: 82 } };
    const state = { tokens: [{ element: 'user', task: id, since: now }], variables, seq: 3, groups: [GROUP] };
    insertInstance.run(id, 1, `bk${id}`, 1, JSON.stringify(state), 1, now);
    insertTask.run(id, id, 1, 'user', '评估', null, 50, now, 1, 1);
    insertCandidate.run(GROUP, now, id);
    insertHistory.run(id, 1, `bk${id}`, 1, now, null, 1, null);
    insertActivity.run(id, 1, 'start', 1, null, null, now, now);
    insertActivity.run(id, 2, 'service', 2, null, null, now, now);
    insertLog.run(id, 1, now, 'u1', 'start', '{"vars":{"name":"张三","age":82}}');
    open.push(id);
  }

  function complete(id: number): void {
    const task = selectTask.get(id) as { instance: number; created_at: number; rev: number };
    const instance = selectInstance.get(task.instance) as { id: number; state: string; rev: number };
    const now = Date.now();
    const { variables } = JSON.parse(instance.state) as { variables: Record<string, { t: string; v: unknown }> };
    variables['name'] = { t: 'string', v: '李四' };
    variables['result'] = { t: 'string', v: 'ok' };
    insertActivity.run(instance.id, 3, 'user', 3, id, 'u1', task.created_at, now);
    insertActivity.run(instance.id, 4, 'end', 4, null, null, now, now);
    insertLog.run(instance.id, 2, now, 'u1', 'complete', '{"name":["张三","李四"],"result":"ok"}');
    endHistory.run(now, 2, JSON.stringify(variables), instance.id);
    deleteCandidate.run(GROUP, task.created_at, id);
    deleteTask.run(id, task.rev);
    deleteInstance.run(instance.id, instance.rev);
  }

  function inOneCommit(count: number, unit: () => void): void {
    begin.run();
    for (let at = 0; at < count; at++) {
      savepoint.run();
      unit();
      release.run();
    }
    commit.run();
  }

  inOneCommit(OPEN, start);
  return {
    run(group) {
      inOneCommit(group, start);
      inOneCommit(group, () => complete(open.shift() ?? 0));
    },
    close: () => db.close(),
  };
}
