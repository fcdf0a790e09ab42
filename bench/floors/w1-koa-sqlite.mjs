// Floor F4, frozen: W1 (start → synchronous service → user task → complete → end, full history) as hand-written SQL
// behind Koa and find-my-way on SQLite, synchronous=FULL, one COMMIT per event-loop turn. No BPMN, no authorization.
// Rows: instance, task, candidate; history of instance, activities, log. Change the file name when you change a row.
// Run: node bench/floors/w1-koa-sqlite.mjs <database file> ; prints its port; answers {"stats"} over IPC.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import createRouter from 'find-my-way';
import Koa from 'koa';

const file = process.argv[2];
for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
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
const prepare = (sql) => db.prepare(sql);
const begin = prepare('BEGIN IMMEDIATE');
const commit = prepare('COMMIT');
const savepoint = prepare('SAVEPOINT unit');
const release = prepare('RELEASE unit');
const rollback = prepare('ROLLBACK TO unit');
const insertInstance = prepare('INSERT INTO instance VALUES (?,?,?,?,?,?,?)');
const insertTask = prepare('INSERT INTO task VALUES (?,?,?,?,?,?,?,?,?,?)');
const insertCandidate = prepare('INSERT INTO task_candidate VALUES (?,?,?)');
const insertHistory = prepare('INSERT INTO history_instance VALUES (?,?,?,?,?,?,?,?)');
const insertActivity = prepare('INSERT INTO history_activity VALUES (?,?,?,?,?,?,?,?)');
const insertLog = prepare('INSERT INTO history_log VALUES (?,?,?,?,?,?)');
const selectTask = prepare('SELECT * FROM task WHERE id = ?');
const selectInstance = prepare('SELECT * FROM instance WHERE id = ?');
const deleteTask = prepare('DELETE FROM task WHERE id = ? AND rev = ?');
const deleteCandidate = prepare('DELETE FROM task_candidate WHERE grp = ? AND created_at = ? AND task = ?');
const deleteInstance = prepare('DELETE FROM instance WHERE id = ? AND rev = ?');
const endHistory = prepare('UPDATE history_instance SET ended_at = ?, state = ?, variables = ? WHERE id = ?');

const GROUP = 7;
let lastId = 0;
let commits = 0;
let commands = 0;
let queue = [];

function start(body) {
  const id = ++lastId;
  const now = Date.now();
  const variables = {};
  for (const [name, { type, value }] of Object.entries(body.variables)) variables[name] = { t: type, v: value };
  const state = { tokens: [{ element: 'user', task: id, since: now }], variables, seq: 3, groups: [GROUP] };
  insertInstance.run(id, 1, body.businessKey ?? null, 1, JSON.stringify(state), 1, now);
  insertTask.run(id, id, 1, 'user', '评估', null, 50, now, 1, 1);
  insertCandidate.run(GROUP, now, id);
  insertHistory.run(id, 1, body.businessKey ?? null, 1, now, null, 1, null);
  insertActivity.run(id, 1, 'start', 1, null, null, now, now);
  insertActivity.run(id, 2, 'service', 2, null, null, now, now);
  insertLog.run(id, 1, now, 'u1', 'start', JSON.stringify(variables));
  return { id: String(id), definitionId: 'w1:1:1', businessKey: body.businessKey ?? null, caseInstanceId: null, ended: false, suspended: false, tenantId: 't1', links: [] };
}

function complete(taskId, body) {
  const task = selectTask.get(taskId);
  if (!task) throw Object.assign(new Error('task not found'), { status: 404 });
  const now = Date.now();
  const instance = selectInstance.get(task.instance);
  const state = JSON.parse(instance.state);
  for (const [name, { type, value }] of Object.entries(body.variables)) state.variables[name] = { t: type, v: value };
  insertActivity.run(instance.id, 3, 'user', 3, taskId, 'u1', task.created_at, now);
  insertActivity.run(instance.id, 4, 'end', 4, null, null, now, now);
  insertLog.run(instance.id, 2, now, 'u1', 'complete', JSON.stringify(body.variables));
  endHistory.run(now, 2, JSON.stringify(state.variables), instance.id);
  deleteCandidate.run(GROUP, task.created_at, taskId);
  deleteTask.run(taskId, task.rev);
  deleteInstance.run(instance.id, instance.rev);
}

function flush() {
  const group = queue;
  queue = [];
  commits += 1;
  commands += group.length;
  begin.run();
  for (const unit of group) {
    savepoint.run();
    try {
      unit.result = unit.work();
    } catch (error) {
      rollback.run();
      unit.error = error;
    }
    release.run();
  }
  commit.run();
  for (const unit of group) {
    if (unit.error) unit.reject(unit.error);
    else unit.resolve(unit.result);
  }
}

function grouped(work) {
  return new Promise((resolve, reject) => {
    queue.push({ work, resolve, reject });
    if (queue.length === 1) setImmediate(flush);
  });
}

function readBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
    request.on('error', reject);
  });
}

const router = createRouter();
for (let i = 0; i < 150; i++) router.on('GET', `/engine-rest/resource-${i}/:id/part`, () => {});
router.on('POST', '/engine-rest/process-definition/key/:key/start', async (context, params, body) => {
  context.body = await grouped(() => start(body));
});
router.on('POST', '/engine-rest/task/:id/complete', async (context, params, body) => {
  await grouped(() => complete(Number(params.id), body));
  context.status = 204;
});
const app = new Koa();
app.use(async (context) => {
  const match = router.find(context.method, context.path);
  if (!match) {
    context.status = 404;
    return;
  }
  try {
    await match.handler(context, match.params, await readBody(context.req));
  } catch (error) {
    context.status = error.status ?? 500;
    context.body = { type: error.name, message: error.message };
  }
});
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => {
  const cpu = process.cpuUsage();
  process.send({ cpuUs: cpu.user + cpu.system, commits, commands, rssBytes: process.memoryUsage().rss });
});
