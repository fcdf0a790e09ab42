import assert from 'node:assert/strict';
import { acquireDue } from '#engine/store/job-store.ts';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const twoTasks = bpmnFile('two', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>${flows('s a b')}`);
const scope = { tenant: TENANT, areas: [TENANT], actor: ACTOR };

for (const dialect of dialects()) {
  dialect.describe('batches', () => {
    let test: TestEngine;
    beforeEach(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      await test.deploy(twoTasks);
    });
    afterEach(() => test.close());

    const started = async (count: number) => {
      const ids: number[] = [];
      for (let at = 0; at < count; at++) ids.push((await test.start('two', { x: at })).id);
      return ids;
    };
    const rows = async (sql: string) => (await test.store.read(sql)).map((row) => Object.values(row).map(Number));
    const batchJobs = () => rows("SELECT retries FROM job WHERE kind = 'batch' ORDER BY id");
    const running = async () => (await rows('SELECT id FROM process_instance ORDER BY id')).flat();
    const runAll = async () => {
      await test.runJobs();
      test.store.clock.shift(2_000);
      await test.runJobs();
    };

    describe('when one is made', () => {
      it('does the work for each item once and ends', async () => {
        const ids = await started(5);
        const { id } = await test.engine.batches.create({ ...scope, type: 'instance-deletion', items: ids.slice(0, 4), configuration: { reason: 'moved' }, jobsPerSeed: 3 });
        await runAll();
        assert.deepEqual(await running(), ids.slice(4));
        const [batch] = await test.store.read('SELECT seeded, ended_at FROM batch WHERE id = ?', [id]);
        assert.deepEqual([batch?.['seeded'], batch?.['ended_at'] !== null, await rows('SELECT id FROM job')], [4, true, []]);
        const reasons = await test.store.read('SELECT delete_reason, end_state FROM history_instance');
        assert.deepEqual(reasons.map((row) => Object.values(row)), Array.from({ length: 4 }, () => ['moved', 'EXTERNALLY_TERMINATED']));
      });

      it('makes its jobs in portions', async () => {
        const ids = await started(5);
        await test.engine.batches.create({ ...scope, type: 'instance-deletion', items: ids, configuration: { reason: null }, jobsPerSeed: 2 });
        const [seed] = await acquireDue(test.store, { limit: 1, leaseMs: 30_000 });
        await test.engine.management.executeLeased(seed as never);
        assert.equal((await batchJobs()).length, 2);
      });

      it('works on several items per job, one after the other', async () => {
        const ids = await started(5);
        await test.engine.batches.create({ ...scope, type: 'set-variables', items: ids, configuration: { variables: variablesOf({ x: 99 }) }, itemsPerJob: 2 });
        await runAll();
        assert.deepEqual(await rows("SELECT COUNT(*) AS n FROM search_variable WHERE name = 'x' AND number_value = 99"), [[5]]);
      });
    });

    describe('when an item fails', () => {
      it('becomes an incident of its job after three tries, and the others are done', async () => {
        const ids = await started(2);
        await test.engine.batches.create({ ...scope, type: 'set-variables', items: [ids[0]!, 999_999_999, ids[1]!], configuration: { variables: variablesOf({ x: 99 }) } });
        await runAll();
        assert.deepEqual(await batchJobs(), [[0]]);
        assert.deepEqual(await rows("SELECT COUNT(*) AS n FROM search_variable WHERE name = 'x' AND number_value = 99"), [[2]]);
        const [incident] = await test.store.read('SELECT i.kind, i.tenant, j.error FROM incident i JOIN job j ON j.id = i.source_id');
        assert.deepEqual([incident?.['kind'], incident?.['tenant']], ['failedJob', TENANT]);
        assert.match(String(incident?.['error']), /999999999/);
      });

      it('is tried again when it gets retries', async () => {
        await test.engine.batches.create({ ...scope, type: 'set-variables', items: [999_999_999], configuration: { variables: variablesOf({ x: 1 }) } });
        await runAll();
        const [job] = (await rows("SELECT id FROM job WHERE kind = 'batch'")).flat();
        await test.engine.management.setJobRetries(job ?? 0, 1, ACTOR);
        assert.deepEqual(await rows('SELECT id FROM incident'), []);
        await test.runJobs();
        assert.equal((await rows('SELECT id FROM incident')).length, 1);
      });

      it('touches nothing of another district', async () => {
        const [id] = await started(1);
        await test.engine.batches.create({ ...scope, tenant: '120104', areas: ['120104'], type: 'instance-deletion', items: [id ?? 0], configuration: { reason: null } });
        await runAll();
        assert.deepEqual(await running(), [id]);
      });
    });

    describe('when its node dies', () => {
      it('is gone on with by another one; what is done is not done twice', async () => {
        const ids = await started(2);
        await test.engine.batches.create({ ...scope, type: 'instance-modification', items: ids, configuration: { instructions: [{ type: 'startBefore', target: 'b' }], annotation: null } });
        const [seed] = await acquireDue(test.store, { limit: 10, leaseMs: 1_000 });
        await test.engine.management.executeLeased(seed as never);
        const leased = await acquireDue(test.store, { limit: 10, leaseMs: 1_000 });
        const work = leased.filter(({ kind }) => kind === 'batch');
        await test.engine.management.executeLeased(work[0] as never);
        // The second one was leased, and its node is gone.
        test.store.clock.shift(2_000);
        await runAll();
        await test.engine.management.executeLeased(work[1] as never);
        assert.deepEqual(await rows("SELECT COUNT(*) AS n FROM task WHERE element = 'b' GROUP BY instance_id"), [[1], [1]]);
      });
    });

    describe('when it is suspended', () => {
      it('waits, and goes on when it is activated', async () => {
        const ids = await started(2);
        const { id } = await test.engine.batches.create({ ...scope, type: 'instance-deletion', items: ids, configuration: { reason: null } });
        await test.engine.batches.setSuspended(id, TENANT, true);
        await runAll();
        assert.equal((await running()).length, 2);
        await test.engine.batches.setSuspended(id, TENANT, false);
        await runAll();
        assert.deepEqual(await running(), []);
      });
    });

    describe('when it is deleted', () => {
      it('leaves no job behind', async () => {
        const ids = await started(2);
        const { id } = await test.engine.batches.create({ ...scope, type: 'instance-deletion', items: ids, configuration: { reason: null } });
        await test.engine.batches.delete(id, TENANT, { cascade: true });
        await runAll();
        assert.deepEqual([await running(), await rows('SELECT id FROM job'), await rows('SELECT id FROM batch')], [ids, [], []]);
        await assert.rejects(test.engine.batches.delete(id, TENANT, { cascade: true }), { status: 404 });
      });
    });

    describe('when it restarts ended instances', () => {
      const configuration = { instructions: [{ type: 'startBefore', target: 'b' }], initialVariables: false, withoutBusinessKey: false, skipListeners: false, skipIoMappings: false };

      it('begins copies of them with the variables they ended with', async () => {
        const { id, definitionId } = await test.start('two', { x: 1 }, 'WO-1');
        const [task] = await test.tasks(id);
        await test.engine.tasks.complete(task!.id, variablesOf({ x: 2 }), ACTOR);
        await test.engine.runtime.delete(id, null, ACTOR);
        for (const initialVariables of [false, true]) {
          await test.engine.batches.create({ ...scope, type: 'instance-restart', items: [id], configuration: { ...configuration, definitionId, initialVariables } });
        }
        await runAll();
        const copies = await test.store.read("SELECT p.business_key, v.number_value, t.element FROM process_instance p JOIN search_variable v ON v.instance_id = p.id JOIN task t ON t.instance_id = p.id WHERE v.name = 'x' ORDER BY v.number_value");
        assert.deepEqual(copies.map((row) => Object.values(row)), [
          ['WO-1', 1, 'b'],
          ['WO-1', 2, 'b'],
        ]);
      });

      it('refuses those of another definition', async () => {
        const { id } = await test.start('two');
        await test.engine.runtime.delete(id, null, ACTOR);
        const other = test.engine.runtime.restart(id, { ...configuration, instructions: [{ type: 'startBefore', target: 'b' }], definitionId: 1 }, scope, ACTOR);
        await assert.rejects(other, { code: 'RESTART_OTHER_DEFINITION' });
      });
    });
  });
}
