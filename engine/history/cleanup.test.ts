import assert from 'node:assert/strict';
import { pino } from 'pino';
import { dialects, type Dialect } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, AREA, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';
import { HISTORY_CLEANUP } from '#engine/store/history-cleanup-store.ts';
import { setRetention } from '#engine/store/history-store.ts';
import { acquireDue, freeAbandoned } from '#engine/store/job-store.ts';
import { createHistoryCleanup, type CleanupOptions, type HistoryCleanup } from './cleanup.ts';
import { DAY_MS } from './retention.ts';

const MODEL = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
<bpmn:process id="kept" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s"/><bpmn:userTask id="w"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="w"/></bpmn:process>
<bpmn:process id="caller" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s1"/><bpmn:callActivity id="c" calledElement="kept"/><bpmn:userTask id="then"/><bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="c"/><bpmn:sequenceFlow id="f2" sourceRef="c" targetRef="then"/></bpmn:process></bpmn:definitions>`;
const TABLES = ['event', 'history_activity', 'history_task', 'payload_use'];

for (const dialect of dialects()) dialect.describe('history clean-up', () => cleanUpOn(dialect));

function cleanUpOn(dialect: Dialect): void {
  let test: TestEngine;
  let url: string;
  beforeEach(async function () {
    this.timeout(60_000);
    url = await dialect.newDatabase();
    test = await aTestEngine(dialect, url);
    await test.engine.repository.deploy({ name: 't', source: null, tenant: null, actor: ACTOR, resources: [{ name: 'm.bpmn', content: Buffer.from(MODEL) }] });
  });
  afterEach(() => test.close());

  const aCleanup = (given: Partial<CleanupOptions> = {}): HistoryCleanup =>
    createHistoryCleanup({ store: test.store, modelOf: test.modelOf, window: null, defaultDays: null, jobDue() {}, log: pino({ level: 'silent' }), ...given });
  const start = async (key: string, tenant = TENANT, value = 'x') =>
    (await test.engine.runtime.start({ definition: { key }, tenant, area: tenant === TENANT ? AREA : tenant, businessKey: null, variables: variablesOf({ value }), actor: ACTOR })).id;
  async function ended(key = 'kept', tenant = TENANT, value = 'x'): Promise<number> {
    const id = await start(key, tenant, value);
    const [task] = await test.tasks(id);
    await test.engine.tasks.complete(task?.id ?? 0, {}, ACTOR);
    return id;
  }
  const count = async (table: string, column: string, id: number) => Number((await test.store.read(`SELECT COUNT(*) AS n FROM ${table} WHERE ${column} = ?`, [id]))[0]?.['n']);
  const isThere = async (id: number) => (await count('history_instance', 'id', id)) === 1;
  const age = (id: number, days: number) =>
    test.store.batcher.run({ key: null, name: 'test' }, function* (writes) {
      writes.update('history_instance', { id }, { ended_at: test.store.clock.now() - days * DAY_MS - 1 });
    });
  async function cleanUp(cleanup: HistoryCleanup): Promise<void> {
    while ((await cleanup.removeSome()) > 0);
  }
  const run = async (cleanup: HistoryCleanup) => {
    for (const job of await acquireDue(test.store, { limit: 10, leaseMs: 30_000 })) if (String(job.kind) === HISTORY_CLEANUP) await cleanup.execute(job);
  };

  it('removes what is older than its time to live, with all its rows, and keeps the rest', async () => {
    const [old, young, running] = [await ended(), await ended(), await start('kept')];
    await age(old, 30);
    await age(young, 29);
    await cleanUp(aCleanup());
    assert.equal(await isThere(old), false);
    for (const table of TABLES) assert.equal(await count(table, 'instance_id', old), 0, table);
    assert.equal(await isThere(young), true);
    assert.ok((await count('event', 'instance_id', young)) > 0);
    assert.ok((await count('event', 'instance_id', running)) > 0);
  });

  it('follows what a district decided for a process', async () => {
    const [here, there] = [await ended(), await ended('kept', '120104')];
    for (const id of [here, there]) await age(id, 31);
    await test.store.batcher.run({ key: null, name: 'test' }, function* (writes) {
      setRetention(writes, { tenant: '120104', key: 'kept', days: null });
    });
    await cleanUp(aCleanup());
    assert.deepEqual([await isThere(here), await isThere(there)], [false, true]);
  });

  it('keeps called instances as long as their root, and takes them with it', async () => {
    const root = await start('caller');
    const [called] = await test.store.read('SELECT id FROM process_instance WHERE super_id = ?', [root]);
    const calledId = Number(called?.['id']);
    await test.engine.tasks.complete((await test.tasks(calledId))[0]?.id ?? 0, {}, ACTOR);
    await age(calledId, 400);
    await cleanUp(aCleanup());
    assert.equal(await isThere(calledId), true);
    await test.engine.tasks.complete((await test.tasks(root))[0]?.id ?? 0, {}, ACTOR);
    await age(root, 31);
    await cleanUp(aCleanup());
    assert.deepEqual([await isThere(root), await isThere(calledId)], [false, false]);
  });

  it('collects large values that nobody uses any more', async () => {
    const shared = 's'.repeat(9_000);
    const [first, second, own] = [await ended('kept', TENANT, shared), await ended('kept', TENANT, shared), await ended('kept', TENANT, 'o'.repeat(9_000))];
    const payloads = async () => (await test.store.read('SELECT hash FROM payload')).length;
    assert.equal(await payloads(), 2);
    await test.store.batcher.run({ key: null, name: 'test' }, function* (writes) {
      for (const row of [first, second, own]) writes.update('history_instance', { id: row }, { removal_at: row === second ? null : 1 });
    });
    for (const { hash } of await test.store.read('SELECT hash FROM payload'))
      await test.store.batcher.run({ key: null, name: 'test' }, function* (writes) {
        writes.update('payload', { hash: String(hash) }, { used_at: 0 });
      });
    const cleanup = aCleanup();
    await cleanup.schedule(true);
    await run(cleanup);
    assert.deepEqual([await isThere(first), await isThere(second), await isThere(own)], [false, true, false]);
    assert.equal(await payloads(), 1);
    assert.equal(await count('payload_use', 'instance_id', second), 1);
  });

  it('goes on after a crash in the middle', async () => {
    const old = [];
    for (let index = 0; index < 3; index++) old.push(await ended());
    for (const id of old) await age(id, 31);
    const dying = aCleanup({ modelOf: () => Promise.reject(new Error('killed')) });
    await dying.schedule(true);
    // The job is leased, and its node dies.
    await acquireDue(test.store, { limit: 10, leaseMs: 30_000 });
    assert.equal((await dying.job())?.lockOwner, 'test');
    await freeAbandoned(test.store);
    await run(aCleanup());
    for (const id of old) assert.equal(await isThere(id), false);
  });

  it('is tried again when it fails, and runs once', async () => {
    await age(await ended(), 31);
    const failing = aCleanup({ modelOf: () => Promise.reject(new Error('no model')) });
    await failing.schedule(true);
    await run(failing);
    const job = await failing.job();
    assert.equal(job?.error, 'no model');
    assert.ok(job.dueAt > test.store.clock.now());
    await failing.ensureJob();
    await aCleanup().schedule(true);
    assert.equal((await test.store.read("SELECT id FROM job WHERE kind = 'history-cleanup'")).length, 1);
  });

  it('waits for its window unless somebody asks for it', async () => {
    const now = test.store.clock.now();
    const minutes = Math.floor((now + 8 * 3_600_000) / 60_000) % 1_440;
    const later = { start: (minutes + 120) % 1_440, end: (minutes + 180) % 1_440 };
    const cleanup = aCleanup({ window: later });
    await cleanup.ensureJob();
    const dueAt = (await cleanup.job())?.dueAt ?? 0;
    assert.ok(dueAt > now + 118 * 60_000 && dueAt <= now + 121 * 60_000, String(dueAt - now));
    await cleanup.schedule(true);
    await run(cleanup);
    const after = await cleanup.job();
    assert.deepEqual([after?.dueAt, after?.byHand], [dueAt, false]);
  });
}
