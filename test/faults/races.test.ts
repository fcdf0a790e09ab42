import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { acquireDue } from '#engine/store/job-store.ts';
import { dialects } from '#test/support/dialects.ts';
import { checkStored } from '#test/support/engine-invariants.ts';
import { aRaceTrack, type RaceTrack, type Runner } from '#test/support/race.ts';
import { ACTOR, AREA, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const bpmn = { name: 'races.bpmn', content: readFileSync(new URL('races.bpmn', import.meta.url)) };

const complete =
  (task: number, variables = {}): Runner<unknown> =>
  ({ engine }) =>
    engine.tasks.complete(task, variablesOf(variables), ACTOR);
const fetchWork = ({ engine }: TestEngine, workerId: string, lockDurationMs = 60_000) =>
  engine.externalTasks.fetchAndLock({ workerId, maxTasks: 10, usePriority: false, tenant: TENANT, topics: [{ topicName: 'race-work', lockDurationMs }] });
const completeWork =
  (id: number, workerId: string): Runner<void> =>
  ({ engine }) =>
    engine.externalTasks.complete(id, { workerId, variables: {}, localVariables: {} }, ACTOR);

const byNumber = (a = 0, b = 0) => a - b;
/** Of the two outcomes, in the order they were begun. */
const statuses = (outcomes: PromiseSettledResult<unknown>[]) => outcomes.map(({ status }) => status);
const refusals = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code?: string }).code ?? String(outcome.reason)] : []));

for (const dialect of dialects()) {
  dialect.describe('commands that meet', () => {
    let track: RaceTrack;
    let node: TestEngine;
    before(async function () {
      this.timeout(60_000);
      track = await aRaceTrack(dialect);
      ({ node } = track);
      await node.deploy(bpmn);
    });
    after(() => track.close());
    afterEach(async () => assert.deepEqual(await checkStored(node.store, 'race-'), []));

    const taskOf = async (instance: number, element: string) => (await node.tasks(instance)).find((task) => task.element === element)?.id ?? 0;
    const elements = async (instance: number) => (await node.tasks(instance)).map(({ element }) => element);
    /** Element → how often it ended in the history of the instance, canceled ones left out. */
    const visited = async (instance: number, element: string) =>
      (await node.store.read('SELECT element FROM history_activity WHERE instance_id = ? AND element = ? AND canceled = 0', [instance, element])).length;
    const isEnded = async (instance: number) => (await node.store.read('SELECT id FROM history_instance WHERE id = ? AND ended_at IS NOT NULL', [instance])).length === 1;
    const jobOf = async (instance: number) => Number((await node.store.read('SELECT id FROM job WHERE instance_id = ?', [instance]))[0]?.id);

    it('complete against complete: the task is completed once', async () => {
      // given
      const { id } = await node.start('race-task');
      const task = await taskOf(id, 'work');
      // when
      const outcomes = await track.race(complete(task), complete(task));
      // then
      assert.deepEqual(statuses(outcomes).sort(), ['fulfilled', 'rejected']);
      assert.deepEqual(refusals(outcomes), ['NOT_FOUND']);
      assert.equal(await visited(id, 'done'), 1);
    });

    for (const order of ['timer first', 'complete first']) {
      it(`timer against complete, ${order}: one way is taken`, async () => {
        // given
        const { id } = await node.start('race-task');
        const task = await taskOf(id, 'work');
        const job = await jobOf(id);
        const fire: Runner<void> = ({ engine }) => engine.management.executeJob(job, ACTOR);
        // when
        const outcomes = order === 'timer first' ? await track.race(fire, complete(task)) : await track.race(complete(task), fire);
        // then
        assert.deepEqual(statuses(outcomes).sort(), ['fulfilled', 'rejected']);
        assert.deepEqual(refusals(outcomes), ['NOT_FOUND']);
        assert.equal((await visited(id, 'done')) + (await visited(id, 'missed')), 1);
        assert.ok(await isEnded(id));
      });
    }

    for (const order of ['delete first', 'complete first']) {
      it(`delete against complete, ${order}: one ends the instance`, async () => {
        // given
        const { id } = await node.start('race-task');
        const task = await taskOf(id, 'work');
        const remove: Runner<void> = ({ engine }) => engine.runtime.delete(id, 'no need', ACTOR);
        // when
        const outcomes = order === 'delete first' ? await track.race(remove, complete(task)) : await track.race(complete(task), remove);
        // then
        assert.deepEqual(statuses(outcomes).sort(), ['fulfilled', 'rejected']);
        assert.deepEqual(refusals(outcomes), ['NOT_FOUND']);
        assert.ok(await isEnded(id));
      });
    }

    for (const order of ['suspend first', 'complete first']) {
      it(`suspend against complete, ${order}: a suspended instance keeps its task, a completed one is not suspended`, async () => {
        // given
        const { id } = await node.start('race-task');
        const task = await taskOf(id, 'work');
        const suspend: Runner<void> = ({ engine }) => engine.runtime.setSuspended(id, true, ACTOR);
        // when
        const outcomes = order === 'suspend first' ? await track.race(suspend, complete(task)) : await track.race(complete(task), suspend);
        // then
        assert.deepEqual(statuses(outcomes).sort(), ['fulfilled', 'rejected']);
        const [refusal = ''] = refusals(outcomes);
        assert.ok(refusal === ((await isEnded(id)) ? 'NOT_FOUND' : 'INSTANCE_SUSPENDED'), refusal);
      });
    }

    it('join against join: both branches come in, and it fires once', async () => {
      // given
      const { id } = await node.start('race-join');
      const [left, right] = [await taskOf(id, 'left'), await taskOf(id, 'right')];
      // when
      const outcomes = await track.race(complete(left), complete(right));
      // then
      assert.deepEqual(statuses(outcomes), ['fulfilled', 'fulfilled']);
      assert.deepEqual(await elements(id), ['after']);
      assert.equal(await visited(id, 'join'), 1);
    });

    it('setVariables against complete: both apply, one after the other', async () => {
      // given
      const { id } = await node.start('race-join', { sum: 0 });
      const left = await taskOf(id, 'left');
      const set: Runner<void> = ({ engine }) => engine.runtime.setVariables(id, { set: variablesOf({ set: true, sum: 1 }), remove: [] }, ACTOR);
      // when
      const outcomes = await track.race(set, complete(left, { completed: true, sum: 2 }));
      // then
      assert.deepEqual(statuses(outcomes), ['fulfilled', 'fulfilled']);
      const names = (await node.engine.tasks.complete(await taskOf(id, 'right'), {}, ACTOR)).variables;
      assert.deepEqual([names['set']?.value, names['completed']?.value], [true, true]);
      assert.ok([1, 2].includes(Number(names['sum']?.value)));
    });

    it('claim against claim: one has it, the other is told', async () => {
      // given
      const { id } = await node.start('race-task');
      const task = await taskOf(id, 'work');
      const claim =
        (user: string): Runner<string> =>
        async ({ engine }) => {
          await engine.tasks.claim(task, user, ACTOR);
          return user;
        };
      // when
      const outcomes = await track.race(claim('li'), claim('wang'));
      // then
      assert.deepEqual(refusals(outcomes), ['TASK_ALREADY_CLAIMED']);
      const [{ assignee } = { assignee: null }] = await node.tasks(id);
      assert.deepEqual(
        outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
        [assignee],
      );
    });

    it('two correlations of one message: one is received, the other finds nobody', async () => {
      // given
      const tell: Runner<unknown> = ({ engine }) => engine.runtime.correlate({ message: 'race.told', tenant: TENANT, area: null, variables: {}, actor: ACTOR });
      const [made] = await node.engine.runtime.correlate({ message: 'race.begun', tenant: TENANT, area: AREA, variables: {}, actor: ACTOR });
      const id = made?.kind === 'started' ? made.instance.id : 0;
      // when
      const outcomes = await track.race(tell, tell);
      // then
      assert.deepEqual(statuses(outcomes).sort(), ['fulfilled', 'rejected']);
      assert.deepEqual(refusals(outcomes), ['MISMATCHING_MESSAGE']);
      assert.deepEqual(await elements(id), ['next']);
    });

    it('one message sent twice with the same key: it is received once, and both have the same answer', async () => {
      // given
      const [made] = await node.engine.runtime.correlate({ message: 'race.begun', tenant: TENANT, area: AREA, variables: {}, actor: ACTOR });
      const id = made?.kind === 'started' ? made.instance.id : 0;
      const tell: Runner<unknown> = ({ engine }) =>
        engine.runtime.correlate({ message: 'race.told', tenant: TENANT, area: null, variables: {}, actor: ACTOR, idempotencyKey: 'told-once' });
      // when
      const [first, second] = await track.race(tell, tell);
      // then
      assert.ok(first.status === 'fulfilled' && second.status === 'fulfilled', refusals([first, second]).join());
      assert.deepEqual(first.value, second.value);
      assert.deepEqual(await elements(id), ['next']);
    });

    it('two starts with one idempotency key: one instance, and both are told its id', async () => {
      // given
      const start: Runner<number> = async ({ engine }) =>
        (
          await engine.runtime.start({
            definition: { key: 'race-task' },
            tenant: TENANT,
            area: AREA,
            businessKey: 'twice',
            variables: {},
            actor: ACTOR,
            idempotencyKey: 'start-once',
          })
        ).id;
      // when
      const [first, second] = await track.race(start, start);
      // then
      assert.ok(first.status === 'fulfilled' && second.status === 'fulfilled', refusals([first, second]).join());
      assert.equal(first.value, second.value);
      assert.equal((await node.store.read("SELECT id FROM process_instance WHERE business_key = 'twice'")).length, 1);
    });

    it('two acquisitions of the same jobs: each job goes to one node', async () => {
      // given
      const started = [];
      for (let count = 0; count < 5; count++) started.push((await node.start('race-job')).id);
      const acquire: Runner<Awaited<ReturnType<typeof acquireDue>>> = async ({ store }) => {
        store.clock.shift(1_000);
        const jobs = await acquireDue(store, { limit: 50, leaseMs: 60_000 });
        store.clock.shift(-1_000);
        return jobs;
      };
      // when
      const outcomes = await track.race(acquire, acquire);
      // then
      assert.deepEqual(statuses(outcomes), ['fulfilled', 'fulfilled']);
      const jobs = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
      assert.deepEqual(jobs.map(({ instanceId }) => instanceId).sort(byNumber), started.sort(byNumber));
    });

    it('a job whose lease ran out while it ran: it is done once, whoever has it now', async () => {
      // given
      const { id } = await node.start('race-job');
      // The clocks of two nodes are a few milliseconds apart.
      track.first.store.clock.shift(1_000);
      const [job] = (await acquireDue(track.first.store, { limit: 50, leaseMs: 5_000 })).filter(({ instanceId }) => instanceId === id);
      track.first.store.clock.shift(-1_000);
      assert.ok(job);
      const runLate: Runner<void> = ({ engine }) => engine.management.executeLeased(job);
      const takeOver: Runner<number> = async ({ store, engine }) => {
        store.clock.shift(10_000);
        const jobs = (await acquireDue(store, { limit: 50, leaseMs: 60_000 })).filter(({ instanceId }) => instanceId === id);
        for (const again of jobs) await engine.management.executeLeased(again);
        store.clock.shift(-10_000);
        return jobs.length;
      };
      // when
      const outcomes = await track.race(runLate, takeOver);
      // then
      assert.deepEqual(statuses(outcomes), ['fulfilled', 'fulfilled']);
      assert.deepEqual(await elements(id), ['then']);
      assert.equal(await visited(id, 'step'), 1);
    });

    it('two workers that fetch: each task goes to one of them', async () => {
      // given
      const started = [];
      for (let count = 0; count < 5; count++) started.push((await node.start('race-external')).id);
      // when
      const outcomes = await track.race(
        (at) => fetchWork(at, 'worker-a'),
        (at) => fetchWork(at, 'worker-b'),
      );
      // then
      assert.deepEqual(statuses(outcomes), ['fulfilled', 'fulfilled']);
      const tasks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
      assert.deepEqual(tasks.map(({ instanceId }) => instanceId).sort(byNumber), started.sort(byNumber));
      for (const { id, workerId } of tasks) await completeWork(id, workerId)(node);
    });

    it('an external task is completed after its lock ran out and another worker fetched it: only that one may', async () => {
      // given
      const { id } = await node.start('race-external');
      const [task] = await fetchWork(node, 'worker-late', 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      // when
      const outcomes = await track.race(completeWork(task?.id ?? 0, 'worker-late'), (at) => fetchWork(at, 'worker-new'));
      // then
      const [late, fetched] = outcomes;
      assert.ok(fetched.status === 'fulfilled');
      if (fetched.value.length === 0) assert.equal(late.status, 'fulfilled');
      else {
        assert.deepEqual(refusals([late]), ['EXTERNAL_TASK_LOCKED']);
        await completeWork(task?.id ?? 0, 'worker-new')(node);
      }
      assert.deepEqual(await elements(id), ['fetched']);
      assert.equal(await visited(id, 'fetch'), 1);
    });

    it('two deployments of the same process: two versions that follow each other, and one that starts by its message', async () => {
      // when
      const deploy: Runner<number | undefined> = async (at) => (await at.deploy(bpmn)).processDefinitions[0]?.version;
      const outcomes = await track.race(deploy, deploy);
      // then
      const versions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      assert.deepEqual(versions.sort(byNumber), [2, 3]);
      const latest = await node.store.read("SELECT id, version FROM process_definition WHERE def_key = 'race-message' ORDER BY version DESC");
      assert.deepEqual(
        latest.map(({ version }) => version),
        [3, 2, 1],
      );
      const starts = await node.store.read("SELECT definition_id FROM start_subscription WHERE name = 'race.begun'");
      assert.deepEqual(
        starts.map((row) => row.definition_id),
        [latest[0]?.id],
      );
    });
  });
}
