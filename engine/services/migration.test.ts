import assert from 'node:assert/strict';
import type { InstanceState } from '#engine/core/state.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { rebuildInstance, replayedState } from '#engine/store/rebuild.ts';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { canonical } from '#test/support/canonical-state.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';
import type { MigrationInstruction } from '#engine/core/migration/plan.ts';

const timer = (id: string, host: string, text: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;
const external = (id: string, topic: string) => `<bpmn:serviceTask id="${id}" camunda:type="external" camunda:topic="${topic}"/>`;
const receive = (id: string) => `<bpmn:receiveTask id="${id}" messageRef="m"/>`;
const visits = (id: string, name: string) =>
  `<bpmn:userTask id="${id}" name="${name}" camunda:candidateGroups="nurses"><bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" camunda:elementVariable="elder"/></bpmn:userTask>`;
const messages = '<bpmn:message id="m" name="arrived"/>';

/** Everything that has a row: a task with a timer, an external task, a message, a parallel loop; one token waits at a join. */
const v1 = bpmnFile(
  'care',
  `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
  <bpmn:userTask id="a" camunda:candidateGroups="nurses"/>${timer('late', 'a', 'PT1H')}<bpmn:userTask id="done"/>
  ${external('work', 'old')}${receive('wait')}${visits('each', 'visit')}<bpmn:endEvent id="e2"/>
  ${flows('s fork a join e', 'fork work join', 'fork wait join', 'fork each join', 'fork done join', 'late e2')}`,
  messages,
);
/** `work` with a new topic inside a new sub-process, `a` with another timer, `wait` with another id. */
const v2 = bpmnFile(
  'care',
  `<bpmn:startEvent id="s"/><bpmn:userTask id="new"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
  <bpmn:userTask id="a"/>${timer('late', 'a', 'PT9H')}${timer('later', 'a', 'PT5H')}<bpmn:userTask id="done"/>
  <bpmn:subProcess id="sub"><bpmn:startEvent id="subStart"/>${external('work', 'new')}<bpmn:endEvent id="subEnd"/>${flows('subStart work subEnd')}</bpmn:subProcess>
  ${receive('await')}${visits('each', 'another name')}<bpmn:userTask id="last"/><bpmn:endEvent id="e2"/>
  ${flows('s new fork a join last e', 'fork sub join', 'fork await join', 'fork each join', 'fork done join', 'late e2', 'later e2')}`,
  messages,
);
const map = (source: string, target = source, updateEventTrigger = false): MigrationInstruction => ({ source, target, updateEventTrigger });
const elders = (count: number) => Array.from({ length: count }, (_, at) => `elder-${at}`);

for (const dialect of dialects()) {
  dialect.describe('the migration of stored instances', () => {
    let test: TestEngine;
    let definitions: { source: number; target: number };
    before(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      const deploy = async (file: typeof v1) => (await test.deploy(file)).processDefinitions[0]?.id ?? 0;
      definitions = { source: await deploy(v1), target: await deploy(v2) };
    });
    after(() => test.close());

    const start = async (items = 3) =>
      (
        await test.engine.runtime.start({
          definition: { id: definitions.source },
          tenant: TENANT,
          area: AREA,
          businessKey: 'k',
          variables: variablesOf({ elders: elders(items), x: 1 }),
          actor: ACTOR,
        })
      ).id;
    const plan = async () => {
      const { source, target } = definitions;
      const instructions = await test.engine.migration.generate(source, target, false);
      return { sourceDefinitionId: source, targetDefinitionId: target, instructions: [...instructions, map('work'), map('wait', 'await')] };
    };
    const request = async (instanceIds: number[], more: object = {}) => ({
      plan: await plan(),
      instanceIds,
      tenant: TENANT,
      areas: [TENANT],
      actor: ACTOR,
      ...more,
    });
    const stateOf = async (id: number): Promise<InstanceState> =>
      (await test.store.query(loadByInstance(id)))?.instances.get(id)?.state ?? assert.fail('it runs');
    const TABLES = ['process_instance', 'scope', 'task', 'job', 'subscription', 'external_task', 'incident', 'search_variable'];
    const rowsOf = async (id: number) =>
      Promise.all(
        TABLES.map(async (table) => {
          const order = table === 'search_variable' ? 'name' : 'id';
          const rows = await test.store.read(
            `SELECT * FROM ${table} WHERE ${table === 'process_instance' ? 'id' : 'instance_id'} = ? ORDER BY ${order}`,
            [id],
          );
          // What a rebuild cannot know: locks, texts of failures, and when a row was written.
          return rows.map((row) =>
            JSON.stringify({ ...row, updated_at: 0, error_details: null, created_at: 0, rev: 0, worker_id: null, available_at: 0 }),
          );
        }),
      );
    async function checkStored(id: number): Promise<void> {
      const replayed = await test.store.query(replayedState(id));
      assert.deepEqual(canonical(await stateOf(id)), canonical(replayed?.state ?? assert.fail('it has events')));
      const was = await rowsOf(id);
      const models = new Map([
        [definitions.source, await test.modelOf(definitions.source)],
        [definitions.target, await test.modelOf(definitions.target)],
      ]);
      await test.store.batcher.run({ key: id, name: 'rebuild' }, (writes) =>
        rebuildInstance(writes, id, (definition) => models.get(definition)!, 0),
      );
      assert.deepEqual(await rowsOf(id), was);
    }
    const column = async (table: string, id: number, name = 'element') =>
      (await test.store.read(`SELECT ${name} AS v FROM ${table} WHERE instance_id = ? ORDER BY id`, [id])).map(({ v }) => v);

    for (const items of [3, 150]) {
      describe(`when an instance with a loop of ${items} is migrated`, () => {
        it('each of its rows is of the new version, and events, state and rows say the same', async function () {
          this.timeout(60_000);
          const id = await start(items);
          const [task] = (await test.tasks(id)).filter(({ element }) => element === 'done');
          await test.engine.tasks.complete(task?.id ?? 0, {}, ACTOR);
          const [outcome] = await test.engine.migration.execute(await request([id], { variables: variablesOf({ x: 2, y: 'new' }) }));
          assert.deepEqual([outcome?.problems, outcome?.failure], [[], null]);
          for (const table of ['task', 'job', 'subscription', 'external_task']) {
            const of = await column(table, id, 'definition_id');
            assert.ok(of.length > 0);
            assert.deepEqual(new Set(of.map(Number)), new Set([definitions.target]), table);
          }
          assert.deepEqual(await column('subscription', id), ['await']);
          assert.deepEqual(
            (await column('job', id)).map(String).toSorted((a, b) => a.localeCompare(b)),
            ['late', 'later'],
          );
          assert.deepEqual(await column('external_task', id, 'topic'), ['old']);
          assert.deepEqual(
            await test.store
              .read("SELECT number_value FROM search_variable WHERE instance_id = ? AND name = 'x'", [id])
              .then((rows) => rows.map((row) => Number(row['number_value']))),
            [2],
          );
          await checkStored(id);
        });

        it('goes on to its end in the new version', async function () {
          this.timeout(60_000);
          const id = await start(items);
          const before = await test.tasks(id);
          await test.engine.tasks.complete(before.find(({ element }) => element === 'done')?.id ?? 0, {}, ACTOR);
          await test.engine.migration.execute(await request([id]));
          for (const { id: taskId } of (await test.tasks(id)).filter(({ element }) => element === 'a' || element === 'each'))
            await test.engine.tasks.complete(taskId, {}, ACTOR);
          await test.engine.runtime.correlate({
            message: 'arrived',
            tenant: TENANT,
            area: null,
            processInstanceId: id,
            variables: {},
            actor: ACTOR,
          });
          const topics = [{ topicName: 'old', lockDurationMs: 60_000, processDefinitionIdIn: [definitions.target] }];
          const fetched = await test.engine.externalTasks.fetchAndLock({
            workerId: 'w',
            maxTasks: 10,
            usePriority: false,
            topics,
            tenant: TENANT,
          });
          const work = fetched.find(({ instanceId }) => instanceId === id);
          await test.engine.externalTasks.complete(work?.id ?? 0, { workerId: 'w', variables: {}, localVariables: {} }, ACTOR);
          const [last, ...more] = await test.tasks(id);
          assert.deepEqual([last?.element, more], ['last', []]);
          await test.engine.tasks.complete(last?.id ?? 0, {}, ACTOR);
          const [ended] = await test.store.read('SELECT definition_id, end_state FROM history_instance WHERE id = ?', [id]);
          assert.deepEqual([Number(ended?.['definition_id']), ended?.['end_state']], [definitions.target, 'COMPLETED']);
          const elements = (await test.store.read('SELECT element FROM history_activity WHERE instance_id = ? ORDER BY seq', [id])).map(
            ({ element }) => element,
          );
          for (const element of ['s', 'fork', 'done', 'await', 'work', 'sub', 'join', 'last'])
            assert.ok(elements.includes(element), element);
          assert.ok(!elements.includes('wait'));
        });
      });
    }

    describe('when its jobs and workers have failed', () => {
      it('keeps incidents, retries and the lock of a worker', async () => {
        const id = await start();
        const [external] = await column('external_task', id, 'id');
        await test.engine.externalTasks.lock(Number(external), { workerId: 'w', lockDurationMs: 600_000 });
        await test.engine.externalTasks.failure(
          Number(external),
          { workerId: 'w', errorMessage: 'broken', errorDetails: null, retries: 0, retryTimeoutMs: 0, variables: {}, localVariables: {} },
          ACTOR,
        );
        await test.engine.migration.execute(await request([id]));
        assert.deepEqual(
          [await column('incident', id), (await column('incident', id, 'definition_id')).map(Number)],
          [['work'], [definitions.target]],
        );
        await checkStored(id);
      });
    });

    describe('when several are migrated', () => {
      it('one that does not fit stays as it is, the others are migrated', async () => {
        const ids = [await start(), await start(), 999_999_999, await start()];
        await test.engine.migration.execute(await request([ids[1]!]));
        const outcomes = await test.engine.migration.execute(await request(ids));
        assert.deepEqual(
          outcomes.map(({ instanceId, effects, problems, failure }) => [
            instanceId,
            effects !== null,
            problems.map(({ code }) => code),
            failure?.code,
          ]),
          [
            [ids[0], true, [], undefined],
            [ids[1], false, ['DEFINITION_DIFFERS'], undefined],
            [ids[2], false, [], 'NOT_FOUND'],
            [ids[3], true, [], undefined],
          ],
        );
      });

      it('those of another district are not found', async () => {
        const id = await start();
        const [outcome] = await test.engine.migration.execute(await request([id], { tenant: '120104', areas: ['120104'] }));
        assert.equal(outcome?.failure?.code, 'NOT_FOUND');
        assert.equal((await stateOf(id)).definitionId, definitions.source);
      });

      it('a batch does it, and what fails becomes its incident', async () => {
        const ids = [await start(), await start()];
        await test.engine.migration.execute(await request([ids[1]!]));
        const { plan: configured } = await request([]);
        await test.engine.batches.create({
          type: 'instance-migration',
          items: ids,
          configuration: { plan: configured, variables: variablesOf({ batched: true }) },
          tenant: TENANT,
          areas: [TENANT],
          actor: ACTOR,
        });
        await test.runJobs();
        test.store.clock.shift(2_000);
        await test.runJobs();
        const state = await stateOf(ids[0]!);
        assert.deepEqual([state.definitionId, state.elements[0]?.variables?.['batched']?.value], [definitions.target, true]);
        const [job] = await test.store.read("SELECT retries, error FROM job WHERE kind = 'batch'");
        assert.equal(Number(job?.['retries']), 0);
        assert.match(String(job?.['error']), /DEFINITION_DIFFERS/);
      });
    });

    describe('when it is only tried', () => {
      it('tells what would happen, and writes nothing', async () => {
        const id = await start();
        const was = await rowsOf(id);
        const [outcome] = await test.engine.migration.dryRun(await request([id]));
        assert.deepEqual(await rowsOf(id), was);
        const { effects } = outcome ?? assert.fail('it has an outcome');
        const moved = new Map(effects?.moved.map(({ from, to }) => [from, to]));
        assert.equal(moved.get('wait'), 'await');
        assert.equal(moved.get('each#multiInstanceBody'), 'each#multiInstanceBody');
        assert.deepEqual([effects?.begun, effects?.ended, effects?.opened, effects?.closed], [['sub'], [], ['later'], []]);
      });

      it('tells what does not fit', async () => {
        const id = await start();
        const { source, target } = definitions;
        const [outcome] = await test.engine.migration.dryRun(
          await request([id], { plan: { sourceDefinitionId: source, targetDefinitionId: target, instructions: [map('a'), map('late')] } }),
        );
        assert.equal(outcome?.effects, null);
        assert.deepEqual(new Set(outcome?.problems.map(({ activity }) => activity)), new Set(['work', 'wait', 'done', 'each']));
      });
    });
  });
}
