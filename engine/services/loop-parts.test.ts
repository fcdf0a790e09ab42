import assert from 'node:assert/strict';
import { activateInstance } from '#engine/core/commands/activate-instance.ts';
import { suspendInstance } from '#engine/core/commands/suspend-instance.ts';
import type { RootState } from '#engine/core/ports.ts';
import { loadByInstance, recordEvents } from '#engine/store/instance-store.ts';
import { rebuildInstance, replayedState } from '#engine/store/rebuild.ts';
import { canonical } from '#test/support/canonical-state.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, type TestEngine, variablesOf } from '#test/support/test-engine.ts';

const ITEMS = 300;
/** Just large enough, where each item costs several jobs. */
const FEWER = 110;
const elders = Array.from({ length: ITEMS }, (_, index) => `elder ${index}`);

/** A process `key` whose activity `x` loops over `elders`; the message `stop` interrupts it, `late` comes then. */
function looping(key: string, tag: string, { attributes = '', loop = '', inside = '' } = {}): { name: string; content: string } {
  const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
  const content = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:songbai="https://songbai.example/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${key}" targetNamespace="t">
    <bpmn:message id="m" name="stop"/><bpmn:error id="bad" errorCode="bad"/>
    <bpmn:process id="${key}" isExecutable="true"><bpmn:startEvent id="s"/>
    <bpmn:${tag} id="x" ${attributes}>${inside}<bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" camunda:elementVariable="elder"
      songbai:outputCollection="answers" songbai:outputElement="answer">${loop}</bpmn:multiInstanceLoopCharacteristics></bpmn:${tag}>
    <bpmn:boundaryEvent id="stopped" attachedToRef="x"><bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="failed" attachedToRef="x"><bpmn:errorEventDefinition id="ed" errorRef="bad"/></bpmn:boundaryEvent>
    <bpmn:userTask id="after"/><bpmn:userTask id="late"/><bpmn:endEvent id="e"/><bpmn:endEvent id="e2"/>
    ${flow('s', 'x')}${flow('x', 'after')}${flow('after', 'e')}${flow('stopped', 'late')}${flow('failed', 'late')}${flow('late', 'e2')}
    </bpmn:process></bpmn:definitions>`;
  return { name: `${key}.bpmn`, content };
}
const formal = (name: string, text: string) => `<bpmn:${name} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${name}>`;
const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="i-${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const mapped =
  '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="answer">${null}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>';
const timer = formal('timeDuration', 'PT1H');
const INSIDE = `${mapped}<bpmn:startEvent id="is"/><bpmn:parallelGateway id="fork"/><bpmn:userTask id="a"/><bpmn:serviceTask id="b" camunda:asyncBefore="true" camunda:expression="\${broken}"/>
  <bpmn:parallelGateway id="join"/><bpmn:endEvent id="ie"/><bpmn:boundaryEvent id="remind" attachedToRef="a" cancelActivity="false">
  <bpmn:timerEventDefinition id="td">${timer}</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="re"/>
  ${flow('is', 'fork')}${flow('fork', 'a')}${flow('fork', 'b')}${flow('a', 'join')}${flow('b', 'join')}${flow('join', 'ie')}${flow('remind', 're')}`;

const MODELS = [
  looping('visits', 'userTask', { inside: mapped, attributes: 'camunda:candidateGroups="a, b"' }),
  looping('quorum', 'userTask', { inside: mapped, loop: formal('completionCondition', '${nrOfCompletedInstances == 150}') }),
  looping('calls', 'serviceTask', { inside: mapped, attributes: 'camunda:type="external" camunda:topic="call"' }),
  looping('scopes', 'subProcess', { inside: INSIDE }),
  looping('called', 'callActivity', {
    inside:
      '<bpmn:extensionElements><camunda:in source="elder" target="elder"/><camunda:out source="answer" target="answer" local="true"/></bpmn:extensionElements>',
    attributes: 'calledElement="child"',
  }),
  {
    name: 'child.bpmn',
    content: `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d-child" targetNamespace="t"><bpmn:process id="child" isExecutable="true">
    <bpmn:startEvent id="s"/><bpmn:userTask id="work"/><bpmn:endEvent id="e"/>${flow('s', 'work')}${flow('work', 'e')}</bpmn:process></bpmn:definitions>`,
  },
];

/** The same shuffle each time. */
function shuffled<T>(list: readonly T[]): T[] {
  let seed = 7;
  const keyed = list.map((value) => ({ value, key: (seed = (seed * 16_807) % 2_147_483_647) }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ value }) => value);
}

for (const dialect of dialects()) dialect.describe('the items of a large loop, each kept apart', () => partsOn(() => aTestEngine(dialect)));

function partsOn(open: () => Promise<TestEngine>): void {
  let test: TestEngine;
  before(async function () {
    this.timeout(60_000);
    test = await open();
    await test.deploy(...MODELS);
  });
  after(() => test.close());

  const start = async (key: string, items = ITEMS) => (await test.start(key, { elders: elders.slice(0, items) })).id;
  const count = async (table: string, id: number) =>
    Number((await test.store.read(`SELECT COUNT(*) AS n FROM ${table} WHERE instance_id = ?`, [id]))[0]?.['n']);
  const complete = (taskId: number, variables: Record<string, unknown> = {}) =>
    test.engine.tasks.complete(taskId, variablesOf(variables), ACTOR);
  const loaded = async (id: number) => (await test.store.query(loadByInstance(id)))?.instances.get(id)?.state ?? assert.fail('it runs');
  const variable = async (id: number, name: string) => (await loaded(id)).elements[0]?.variables?.[name]?.value;
  const openAt = async (id: number, element: string) => (await test.tasks(id)).filter((task) => task.element === element);

  /** Folding the events gives what is stored, in as many rows. */
  async function check(id: number): Promise<void> {
    const replayed = await test.store.query(replayedState(id));
    assert.ok(replayed);
    assert.deepEqual(canonical(await loaded(id)), canonical(replayed.state));
    const [row] = await test.store.read('SELECT state FROM process_instance WHERE id = ?', [id]);
    assert.ok(String(row?.['state']).length < 20_000, `the instance itself is small, not ${String(row?.['state']).length}`);
  }
  const rowsOf = async (id: number) =>
    Promise.all(
      ['process_instance', 'scope', 'task', 'job', 'subscription', 'external_task', 'incident'].map(async (table) => {
        const rows = await test.store.read(
          `SELECT * FROM ${table} WHERE ${table === 'process_instance' ? 'id' : 'instance_id'} = ? ORDER BY id`,
          [id],
        );
        // What a rebuild cannot know: locks, texts of failures, and when a row was written.
        return rows.map((row) => JSON.stringify({ ...row, updated_at: 0, error: null, error_details: null, created_at: 0, rev: 0 }));
      }),
    );
  async function checkRebuild(id: number): Promise<void> {
    const was = await rowsOf(id);
    const model = await test.modelOf((await loaded(id)).definitionId);
    await test.store.batcher.run({ key: id, name: 'rebuild' }, (writes) => rebuildInstance(writes, id, () => model, 0));
    assert.deepEqual(await rowsOf(id), was);
  }

  /** A command that no service offers yet. */
  async function perform(instanceId: number, command: typeof suspendInstance): Promise<void> {
    const model = await test.modelOf((await loaded(instanceId)).definitionId);
    await test.store.batcher.run({ key: instanceId, name: command.name }, function* (writes) {
      const root = yield* loadByInstance(instanceId);
      const after: RootState = { instances: new Map([...(root?.instances ?? [])].map(([id, { state }]) => [id, state])) };
      const ports = { ...corePorts([]), nextId: test.store.ids.next };
      const { events } = command({ instanceId }, after, ports, ACTOR);
      recordEvents(writes, { loaded: root, after, events, at: 0, actor: ACTOR, operation: command.name, modelOf: () => model });
    });
  }

  describe('when they are completed in any order', () => {
    it('goes on with the outputs in the order of the items', async function () {
      this.timeout(60_000);
      const id = await start('visits');
      assert.deepEqual([await count('scope', id), await count('task', id)], [ITEMS, ITEMS]);
      await check(id);
      const tasks = (await openAt(id, 'x')).map((task, index) => ({ ...task, index }));
      for (const [done, { id: taskId, index }] of shuffled(tasks).entries()) {
        await complete(taskId, { answer: `answer ${index}` });
        if (done === 100) {
          await check(id);
          await checkRebuild(id);
        }
      }
      assert.deepEqual(
        (await test.tasks(id)).map(({ element }) => element),
        ['after'],
      );
      assert.deepEqual(
        await variable(id, 'answers'),
        elders.map((_, index) => `answer ${index}`),
      );
      assert.equal(await count('scope', id), 0);
      await check(id);
    });
  });

  describe('when the completion condition becomes true in the middle', () => {
    it('cancels the others', async function () {
      this.timeout(60_000);
      const id = await start('quorum');
      for (const { id: taskId } of shuffled(await openAt(id, 'x')).slice(0, 150)) await complete(taskId, { answer: true });
      assert.deepEqual(
        (await test.tasks(id)).map(({ element }) => element),
        ['after'],
      );
      const answers = (await variable(id, 'answers')) as unknown[];
      assert.deepEqual([answers.length, answers.filter((answer) => answer === true).length, await count('scope', id)], [ITEMS, 150, 0]);
      await check(id);
    });
  });

  describe('when a boundary event interrupts', () => {
    it('cancels all of them', async () => {
      const id = await start('visits');
      const [first] = await test.tasks(id);
      await complete(first?.id ?? 0);
      await test.engine.runtime.correlate({
        message: 'stop',
        tenant: TENANT,
        area: AREA,
        processInstanceId: id,
        variables: {},
        actor: ACTOR,
      });
      assert.deepEqual(
        (await test.tasks(id)).map(({ element }) => element),
        ['late'],
      );
      assert.deepEqual([await count('scope', id), await count('history_task', id)], [0, ITEMS]);
      await check(id);
    });
  });

  describe('when the instance is deleted', () => {
    it('leaves nothing', async () => {
      const id = await start('visits');
      await test.engine.runtime.delete(id, 'test', ACTOR);
      assert.deepEqual([await count('scope', id), await count('task', id), await count('history_activity', id)], [0, 0, ITEMS + 2]);
      const candidates = 'SELECT c.task_id FROM task_candidate c JOIN history_task h ON h.id = c.task_id WHERE h.instance_id = ?';
      assert.deepEqual(await test.store.read(candidates, [id]), []);
    });
  });

  describe('when they are external tasks', () => {
    const fetch = async (maxTasks: number) =>
      test.engine.externalTasks.fetchAndLock({
        workerId: 'w',
        maxTasks,
        usePriority: true,
        tenant: TENANT,
        topics: [{ topicName: 'call', lockDurationMs: 600_000 }],
      });

    it('hands each worker the variables of its item', async function () {
      this.timeout(60_000);
      const id = await start('calls');
      const locked = await fetch(20);
      assert.deepEqual(new Set(locked.map(({ variables }) => variables['elder']?.value)).size, 20);
      for (const { id: taskId, variables } of locked)
        await test.engine.externalTasks.complete(
          taskId,
          { workerId: 'w', variables: { answer: variables['elder']! }, localVariables: {} },
          ACTOR,
        );
      await check(id);
      assert.equal((await loaded(id)).outputs.length, 20);
      await test.engine.runtime.delete(id, null, ACTOR);
    });

    it('gives a failed one its incident, and a retry', async () => {
      const id = await start('calls');
      const [locked] = await fetch(1);
      const taskId = locked?.id ?? 0;
      const failure = {
        workerId: 'w',
        errorMessage: 'busy',
        errorDetails: null,
        retries: 0,
        retryTimeoutMs: 0,
        variables: {},
        localVariables: {},
      };
      await test.engine.externalTasks.failure(taskId, failure, ACTOR);
      assert.equal(await count('incident', id), 1);
      await check(id);
      await checkRebuild(id);
      await test.engine.externalTasks.setRetries(taskId, 1, ACTOR);
      assert.equal(await count('incident', id), 0);
      await test.engine.runtime.delete(id, null, ACTOR);
    });

    it('is out of reach while the instance is suspended', async () => {
      const id = await start('calls');
      await perform(id, suspendInstance);
      assert.equal((await fetch(10)).length, 0);
      await check(id);
      await perform(id, activateInstance);
      assert.equal((await fetch(10)).length, 10);
      await check(id);
      await test.engine.runtime.delete(id, null, ACTOR);
    });

    it('lets one error end them all', async () => {
      const id = await start('calls');
      const [locked] = await fetch(1);
      await test.engine.externalTasks.bpmnError(
        locked?.id ?? 0,
        { workerId: 'w', errorCode: 'bad', errorMessage: null, variables: {} },
        ACTOR,
      );
      assert.deepEqual(
        (await test.tasks(id)).map(({ element }) => element),
        ['late'],
      );
      assert.deepEqual([await count('scope', id), await count('external_task', id)], [0, 0]);
    });
  });

  describe('when each is a sub-process', () => {
    it('keeps its tasks, timers, jobs, incidents and joins with it', async function () {
      this.timeout(120_000);
      const id = await start('scopes', FEWER);
      await test.runJobs();
      assert.deepEqual([await count('task', id), await count('scope', id)], [FEWER, FEWER]);
      await check(id);
      const [first] = await openAt(id, 'a');
      await complete(first?.id ?? 0);
      for (let tries = 0; tries < 4; tries++) await test.runJobs();
      assert.equal(await count('incident', id), FEWER);
      await check(id);
      await checkRebuild(id);
      await test.engine.runtime.setVariables(id, { set: variablesOf({ broken: 'no more' }), remove: [] }, ACTOR);
      const jobs = await test.store.read("SELECT id FROM job WHERE instance_id = ? AND element = 'b' ORDER BY id", [id]);
      await test.engine.management.executeJob(Number(jobs[0]?.['id']), ACTOR);
      assert.deepEqual([await count('incident', id), await count('task', id)], [FEWER - 1, FEWER - 1]);
      assert.equal((await loaded(id)).elements.find(({ loop }) => loop)?.loop?.completed, 1);
      await check(id);
      await test.engine.runtime.delete(id, null, ACTOR);
      assert.deepEqual([await count('scope', id), await count('job', id), await count('incident', id)], [0, 0, 0]);
    });
  });

  describe('when each calls a process', () => {
    it('goes on with the one whose process has ended', async function () {
      this.timeout(60_000);
      const id = await start('called');
      const rows = await test.store.read(
        "SELECT t.id, t.instance_id FROM task t JOIN process_instance p ON p.id = t.instance_id WHERE p.root_id = ? AND t.element = 'work' ORDER BY t.id",
        [id],
      );
      assert.equal(rows.length, ITEMS);
      for (const { id: taskId } of shuffled(rows).slice(0, 3)) await complete(Number(taskId), { answer: 'done' });
      const state = await loaded(id);
      assert.equal(state.elements.find(({ loop }) => loop)?.loop?.completed, 3);
      assert.deepEqual(
        state.outputs.map(({ value }) => value.value),
        ['done', 'done', 'done'],
      );
      await check(id);
      await test.engine.runtime.delete(id, null, ACTOR);
      const left = await test.store.read('SELECT id FROM process_instance WHERE root_id = ? OR id = ?', [id, id]);
      assert.deepEqual(left, []);
    });
  });
}
