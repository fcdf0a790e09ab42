import assert from 'node:assert/strict';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const order = '<bpmn:message id="order" name="order"/>';
const onOrder = '<bpmn:messageEventDefinition messageRef="order"/>';
const inTen = '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT10M</bpmn:timeDuration></bpmn:timerEventDefinition>';
const asyncTask = bpmnFile('later', `<bpmn:startEvent id="s"/><bpmn:userTask id="a" camunda:asyncBefore="true"/>${flows('s a')}`);
const byMessage = bpmnFile('ordered', `<bpmn:startEvent id="s">${onOrder}</bpmn:startEvent><bpmn:userTask id="a"/>${flows('s a')}`, order);
const byTimer = bpmnFile('timed', `<bpmn:startEvent id="s">${inTen}</bpmn:startEvent><bpmn:userTask id="a"/>${flows('s a')}`);
const caller = bpmnFile('caller', `<bpmn:startEvent id="s"/><bpmn:callActivity id="c" calledElement="later"/>${flows('s c')}`);
const waiting = bpmnFile('waiting', `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="t">${inTen}</bpmn:intermediateCatchEvent><bpmn:userTask id="a"/>${flows('s t a')}`);
const MINUTE = 60_000;

for (const dialect of dialects()) {
  dialect.describe('suspension', () => {
    let test: TestEngine;
    beforeEach(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      await test.deploy(asyncTask, byMessage, byTimer, waiting, caller);
    });
    afterEach(() => test.close());

    const definitionId = async (key: string) => (await test.engine.repository.latest(key, TENANT)).id;
    const suspend = async (key: string, suspended: boolean, more: object = {}) =>
      test.engine.repository.suspend({ ids: [await definitionId(key)], tenant: TENANT, areas: [TENANT], suspended, includeInstances: false, at: null, actor: ACTOR, ...more });
    const statuses = async () => (await test.store.read('SELECT status FROM process_instance ORDER BY id')).map(({ status }) => status);
    const job = async (where = '1 = 1') => {
      const [row] = await test.store.read(`SELECT id, due_at, available_at, priority, retries, suspended FROM job WHERE kind <> 'timer-start' AND ${where} ORDER BY id`);
      return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, value === null ? null : Number(value)]));
    };

    describe('of a definition', () => {
      it('refuses starts by key, by id and by a call, until it is active again', async () => {
        await suspend('later', true);
        await assert.rejects(test.start('later'), { code: 'DEFINITION_SUSPENDED' });
        await assert.rejects(test.start('caller'), { code: 'DEFINITION_SUSPENDED' });
        assert.equal((await test.engine.repository.byId(await definitionId('later'))).suspended, true);
        await suspend('later', false);
        await test.start('later');
        await test.start('caller');
      });

      it('takes it away from messages', async () => {
        const send = () => test.engine.runtime.correlate({ message: 'order', tenant: TENANT, area: AREA, variables: {}, actor: ACTOR });
        await suspend('ordered', true);
        await assert.rejects(send(), { code: 'MISMATCHING_MESSAGE' });
        await suspend('ordered', false);
        assert.equal((await send()).length, 1);
      });

      it('stops its timer start, which is not lost', async () => {
        await suspend('timed', true);
        test.store.clock.shift(11 * MINUTE);
        await test.runJobs();
        assert.deepEqual(await statuses(), []);
        await suspend('timed', false);
        await test.runJobs();
        assert.deepEqual(await statuses(), ['active']);
      });

      it('takes its instances along when they are included', async () => {
        await test.start('later');
        await test.start('waiting');
        await suspend('later', true, { includeInstances: true });
        assert.deepEqual(await statuses(), ['suspended', 'active']);
        await suspend('later', false, { includeInstances: true });
        assert.deepEqual(await statuses(), ['active', 'active']);
      });

      it('happens later when it has a date', async () => {
        await suspend('later', true, { at: test.store.clock.now() + MINUTE });
        await test.start('later');
        test.store.clock.shift(2 * MINUTE);
        await test.runJobs();
        await assert.rejects(test.start('later'), { code: 'DEFINITION_SUSPENDED' });
      });

      it('is for the district that has it only', async () => {
        const other = test.engine.repository.suspend({ ids: [await definitionId('later')], tenant: '120104', areas: ['120104'], suspended: true, includeInstances: false, at: null, actor: ACTOR });
        await assert.rejects(other, { status: 404 });
      });
    });

    describe('of an instance', () => {
      it('keeps its jobs from being run', async () => {
        const { id } = await test.start('later');
        await test.engine.runtime.setSuspended(id, true, ACTOR);
        assert.equal(await test.runJobs(), 0);
        await test.engine.runtime.setSuspended(id, false, ACTOR);
        assert.equal(await test.runJobs(), 1);
      });
    });

    describe('of a job', () => {
      it('keeps it from being run, also after its instance was suspended and activated', async () => {
        const { id } = await test.start('later');
        const { id: jobId } = await job();
        await test.engine.management.setJobSuspended(jobId!, true, ACTOR);
        await test.engine.runtime.setSuspended(id, true, ACTOR);
        await test.engine.runtime.setSuspended(id, false, ACTOR);
        assert.equal(await test.runJobs(), 0);
        assert.deepEqual((await job()).suspended, 1);
        await test.engine.management.setJobsSuspended({ instanceId: id, tenant: TENANT }, false, ACTOR);
        assert.equal(await test.runJobs(), 1);
      });
    });

    describe('of a job definition', () => {
      it('is for new jobs, and for those that are there when they are included', async () => {
        const definition = { definitionId: await definitionId('later'), element: 'a', kind: 'async-before' };
        const set = (suspended: boolean, includeJobs: boolean) =>
          test.engine.management.suspendJobDefinitions({ definitions: [definition], tenant: TENANT, suspended, includeJobs, at: null, actor: ACTOR });
        await set(true, false);
        await test.start('later');
        assert.equal(await test.runJobs(), 0);
        await set(false, true);
        assert.equal(await test.runJobs(), 1);
      });

      it('has a priority of its own for its jobs', async () => {
        await test.start('later');
        const definition = { definitionId: await definitionId('later'), element: 'a', kind: 'async-before' };
        await test.engine.management.setJobDefinitionPriority(definition, TENANT, 7, true, ACTOR);
        assert.equal((await job()).priority, 7);
        await test.start('later');
        assert.equal((await job('priority = 7 AND id <> (SELECT MIN(id) FROM job WHERE priority = 7)')).priority, 7);
      });
    });
  });

  dialect.describe('job administration', () => {
    let test: TestEngine;
    beforeEach(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      await test.deploy(waiting, byTimer);
    });
    afterEach(() => test.close());

    const jobs = async () =>
      (await test.store.read('SELECT id, kind, due_at, available_at, priority, retries FROM job ORDER BY id')).map((row) => ({
        id: Number(row['id']),
        kind: String(row['kind']),
        dueAt: Number(row['due_at']),
        isReachable: row['available_at'] !== null,
        priority: Number(row['priority']),
        retries: Number(row['retries']),
      }));

    describe('when a due date is changed', () => {
      it('is due then; calculated again it is due as its timer says', async () => {
        await test.start('waiting');
        const timer = (await jobs()).find(({ kind }) => kind === 'timer')!;
        const { management } = test.engine;
        await management.setJobDueDate(timer.id, timer.dueAt + MINUTE, ACTOR);
        assert.equal((await jobs()).find(({ id }) => id === timer.id)?.dueAt, timer.dueAt + MINUTE);
        await management.recalculateJob(timer.id, 'from-creation', ACTOR);
        assert.equal((await jobs()).find(({ id }) => id === timer.id)?.dueAt, timer.dueAt);
        test.store.clock.shift(MINUTE);
        await management.recalculateJob(timer.id, 'from-now', ACTOR);
        const moved = (await jobs()).find(({ id }) => id === timer.id)?.dueAt ?? 0;
        assert.ok(moved >= timer.dueAt + MINUTE && moved < timer.dueAt + 2 * MINUTE, `${moved - timer.dueAt}`);
      });
    });

    describe('when a job of no instance is changed', () => {
      it('changes the timer start', async () => {
        const [timer] = await jobs();
        const { management } = test.engine;
        await management.setJobRetries(timer!.id, 0, ACTOR);
        await management.setJobPriority(timer!.id, 3, ACTOR);
        assert.deepEqual((await jobs()).map(({ retries, priority, isReachable }) => [retries, priority, isReachable]), [[0, 3, false]]);
        await management.setJobRetries(timer!.id, 2, ACTOR);
        await management.executeJob(timer!.id, ACTOR);
        assert.deepEqual([(await jobs()).length, (await test.store.read('SELECT id FROM process_instance')).length], [0, 1]);
      });
    });

    describe('when retries are set for a job definition', () => {
      it('gives them to those that have none', async () => {
        const { definitionId } = await test.start('waiting');
        await test.start('waiting');
        const [first] = (await jobs()).filter(({ kind }) => kind === 'timer');
        await test.engine.management.setJobRetries(first!.id, 0, ACTOR);
        assert.equal((await test.store.read('SELECT id FROM incident')).length, 1);
        await test.engine.management.setJobDefinitionRetries({ definitionId, element: 't', kind: 'timer' }, TENANT, 5, ACTOR);
        assert.deepEqual((await jobs()).filter(({ kind }) => kind === 'timer').map(({ retries }) => retries), [5, 3]);
        assert.deepEqual(await test.store.read('SELECT id FROM incident'), []);
      });
    });

    describe('when the job is gone', () => {
      it('is not found', async () => {
        await assert.rejects(test.engine.management.setJobPriority(999_999, 1, ACTOR), { status: 404 });
      });
    });
  });

  dialect.describe('deletion of definitions', () => {
    let test: TestEngine;
    beforeEach(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
    });
    afterEach(() => test.close());
    const options = { tenant: TENANT, actor: ACTOR, cascade: false, skipListeners: false, skipIoMappings: false };
    const count = async (table: string) => Number((await test.store.read(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.['n']);

    describe('when instances run', () => {
      it('is refused without cascade, and takes them with it otherwise', async () => {
        const { id, processDefinitions } = await test.deploy(waiting);
        await test.start('waiting');
        await assert.rejects(test.engine.repository.deleteDeployment(id, options), { code: 'INSTANCES_RUNNING', status: 409 });
        await assert.rejects(test.engine.repository.deleteDefinition(processDefinitions[0]!.id, options), { code: 'INSTANCES_RUNNING' });
        await test.engine.repository.deleteDeployment(id, { ...options, cascade: true });
        for (const table of ['process_instance', 'history_instance', 'event', 'history_activity', 'job', 'process_definition WHERE deleted_at IS NULL', 'deployment', 'resource']) assert.equal(await count(table), 0, table);
        await assert.rejects(test.start('waiting'), { status: 404 });
      });
    });

    describe('when a running instance of another definition has called it', () => {
      it('keeps the history of the call, and ends what runs', async () => {
        const twice = bpmnFile('twice', `<bpmn:startEvent id="s"/><bpmn:callActivity id="c" calledElement="quick"/><bpmn:userTask id="a"/>${flows('s c a')}`);
        const { id } = await test.deploy(bpmnFile('quick', `<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>${flows('s e')}`));
        await test.deploy(twice);
        await test.start('twice');
        await test.start('quick');
        await test.engine.repository.deleteDeployment(id, { ...options, cascade: true });
        assert.deepEqual([await count('history_instance'), await count('process_instance'), await count('process_definition WHERE deleted_at IS NULL')], [1, 1, 1]);
        await assert.rejects(test.start('quick'), { status: 404 });
      });
    });

    describe('when only history names it', () => {
      it('hides the definition and keeps history readable', async () => {
        const { id, processDefinitions } = await test.deploy(waiting);
        const instance = await test.start('waiting');
        await test.engine.runtime.delete(instance.id, null, ACTOR);
        await test.engine.repository.deleteDeployment(id, options);
        await assert.rejects(test.start('waiting'), { status: 404 });
        await assert.rejects(test.engine.repository.byId(processDefinitions[0]!.id), { status: 404 });
        assert.equal(await count('history_instance'), 1);
        assert.match(await test.engine.repository.xml(processDefinitions[0]!.id), /waiting/);
        const again = await test.deploy(waiting);
        assert.equal(again.processDefinitions[0]?.version, 2);
      });
    });

    describe('when it was the newest version', () => {
      it('lets the version before begin by its events again', async () => {
        await test.deploy(byMessage);
        const { id } = await test.deploy(byMessage, byTimer);
        await test.engine.repository.deleteDeployment(id, options);
        const [result] = await test.engine.runtime.correlate({ message: 'order', tenant: TENANT, area: AREA, variables: variablesOf({}), actor: ACTOR });
        assert.equal(result?.kind, 'started');
        assert.equal((await test.engine.repository.latest('ordered', TENANT)).version, 1);
        assert.equal(await count('job'), 0);
      });
    });

    describe('when it belongs to another district', () => {
      it('is not found', async () => {
        const { id } = await test.deploy(waiting);
        await assert.rejects(test.engine.repository.deleteDeployment(id, { ...options, tenant: '120104' }), { status: 404 });
      });
    });
  });
}
