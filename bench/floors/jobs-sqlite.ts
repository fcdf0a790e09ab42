// Floor of timers, frozen: 100 due jobs are leased in one COMMIT and fired in the next, as hand-written SQL on SQLite, synchronous=FULL.
// Rows of one that fires: job deleted, next job, instance, task, activity in history. Change the file name when you change a row.
import { DatabaseSync } from 'node:sqlite';

const INSTANCES = 100_000;
const BATCH = 100;

/** Fires one batch; answers how many. */
export interface JobsFloor {
  fire(): number;
  close(): void;
}

export function openJobsSqliteFloor(file: string): JobsFloor {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY;
    CREATE TABLE instance (id INTEGER PRIMARY KEY, definition INT, business_key TEXT, tenant INT, state TEXT, rev INT, started_at INT);
    CREATE INDEX instance_business_key ON instance (business_key);
    CREATE TABLE job (id INTEGER PRIMARY KEY, available_at INT, owner TEXT, instance INT, element TEXT, retries INT);
    CREATE INDEX job_available_at ON job (available_at);
    CREATE INDEX job_instance ON job (instance);
    CREATE TABLE task (id INTEGER PRIMARY KEY, instance INT, definition INT, element TEXT, name TEXT, assignee TEXT, priority INT, created_at INT, tenant INT, rev INT);
    CREATE INDEX task_instance ON task (instance);
    CREATE INDEX task_assignee ON task (assignee, created_at);
    CREATE TABLE history_activity (instance INT, seq INT, element TEXT, type INT, task INT, who TEXT, started_at INT, ended_at INT, PRIMARY KEY (instance, seq)) WITHOUT ROWID;
  `);
  const insertInstance = db.prepare('INSERT INTO instance VALUES (?,?,?,?,?,?,?)');
  const insertJob = db.prepare('INSERT INTO job VALUES (?,?,?,?,?,?)');
  const state = JSON.stringify({ tokens: [{ element: 'x', since: 1 }], variables: { a: 1, b: 'xx' }, seq: 3 });
  db.exec('BEGIN');
  for (let id = 1; id <= INSTANCES; id++) {
    insertInstance.run(id, 1, `bk${id}`, 1, state, 1, 1);
    insertJob.run(id, id, null, id, 'timer', 3);
  }
  db.exec('COMMIT');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const selectDue = db.prepare('SELECT * FROM job WHERE available_at <= ? ORDER BY available_at LIMIT ?');
  const lease = db.prepare('UPDATE job SET available_at = ?, owner = ? WHERE id = ?');
  const deleteJob = db.prepare('DELETE FROM job WHERE id = ?');
  const selectInstance = db.prepare('SELECT * FROM instance WHERE id = ?');
  const updateInstance = db.prepare('UPDATE instance SET state = ?, rev = rev + 1 WHERE id = ? AND rev = ?');
  const insertTask = db.prepare('INSERT OR REPLACE INTO task VALUES (?,?,?,?,?,?,?,?,?,?)');
  const insertActivity = db.prepare('INSERT OR REPLACE INTO history_activity VALUES (?,?,?,?,?,?,?,?)');
  let now = 1_000_000_000;
  let lastJob = INSTANCES;

  return {
    fire() {
      now++;
      begin.run();
      const due = selectDue.all(now, BATCH) as { id: number; instance: number }[];
      for (const job of due) lease.run(now + 10_000_000, 'n1', job.id);
      commit.run();
      begin.run();
      for (const job of due) {
        const instance = selectInstance.get(job.instance) as { id: number; rev: number; state: string };
        const after = JSON.parse(instance.state) as { seq: number };
        after.seq++;
        deleteJob.run(job.id);
        insertJob.run(++lastJob, now, null, job.instance, 'timer', 3);
        updateInstance.run(JSON.stringify(after), instance.id, instance.rev);
        insertTask.run(job.instance, job.instance, 1, 'u', 'n', null, 50, now, 1, 1);
        insertActivity.run(job.instance, after.seq, 'timer', 2, job.id, null, 1, now);
      }
      commit.run();
      return due.length;
    },
    close: () => db.close(),
  };
}
