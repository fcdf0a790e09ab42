import assert from 'node:assert/strict';
import type { MultiInstance } from '#engine/core/model.ts';
import { anActor, corePorts, emptyRoot } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  end,
  expr,
  externalTask,
  mapping,
  scriptTask,
  start,
  subProcess,
  task,
  userTask,
} from '#test/support/process-builder.ts';
import { completeTask } from '../commands/complete-task.ts';
import { executeJob } from '../commands/execute-job.ts';
import { startInstance } from '../commands/start-instance.ts';
import type { InstanceState } from '../state.ts';
import { typed } from '../values.ts';

const overList: MultiInstance = { sequential: false, collection: expr('elders'), elementVariable: 'elder' };
const flows = ['start -> a -> after'];
const withLoop = (multiInstance: MultiInstance, a = userTask({ multiInstance })) =>
  scenario(corePorts([aProcess('p', { start: start(), a, after: userTask() }, flows)]));

/** Completes the item with this place, with local variables of its own. */
function finish(s: ReturnType<typeof withLoop>, place: number, variables: Record<string, unknown> = {}) {
  const item = s.instancesOf('a', (instance) => instance.variables?.['loopCounter']?.value === place)[0];
  return s.perform(completeTask, {
    taskId: item?.id ?? 0,
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typed(value)])),
  });
}

/** How long one command takes that cancels so many open items. */
function msToCancel(total: number): number {
  const multiInstance = { sequential: false, cardinality: expr(String(total)), completionCondition: expr('${true}') };
  const ports = corePorts([aProcess('p', { start: start(), a: userTask({ multiInstance }), after: userTask() }, flows)]);
  const root = emptyRoot();
  const { result } = startInstance({ definitionId: 1, tenant: '1', area: '1' }, root, ports, anActor);
  const state = root.instances.get(result.instanceId) as InstanceState;
  for (let [job] = state.jobs; job; [job] = state.jobs) executeJob({ jobId: job.id }, root, ports, anActor);
  const item = state.elements[Math.floor(state.elements.length / 2)];
  const before = process.cpuUsage();
  completeTask({ taskId: item?.id ?? 0 }, root, ports, anActor);
  assert.equal(state.elements.length, 2);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('the items of a multi-instance', () => {
  describe('when their output is collected', () => {
    const output = { collection: 'answers', element: expr('${elder}') };

    it('gives a list in the order of the items, whatever order they end in', () => {
      const s = withLoop({ ...overList, output });
      s.start({ elders: ['Li', 'Wu', 'Xu'] });
      finish(s, 2);
      assert.equal(s.variable('answers'), undefined);
      finish(s, 0, { elder: 'Li Na' });
      finish(s, 1);
      assert.deepEqual(s.variable('answers'), ['Li Na', 'Wu', 'Xu']);
      assert.deepEqual(s.states()[0]?.outputs, []);
    });

    it('has null for those that did not finish', () => {
      const s = withLoop({ ...overList, output, completionCondition: expr('${nrOfCompletedInstances == 1}') });
      s.start({ elders: ['Li', 'Wu', 'Xu'] });
      finish(s, 1);
      assert.deepEqual(s.variable('answers'), [null, 'Wu', null]);
    });

    it('takes a variable by name, null when the item has none', () => {
      const s = withLoop(
        { ...overList, output: { collection: 'answers', element: expr('score') } },
        userTask({
          multiInstance: { ...overList, output: { collection: 'answers', element: expr('score') } },
          inputs: [mapping('score', '${null}')],
        }),
      );
      s.start({ elders: ['Li', 'Wu'] });
      finish(s, 1, { score: 5 });
      finish(s, 0);
      assert.deepEqual(s.variable('answers'), [null, 5]);
    });

    it('is empty for an empty collection', () => {
      const s = withLoop({ ...overList, output });
      s.start({ elders: [] });
      assert.deepEqual(s.variable('answers'), []);
    });

    it('goes to the scope that has the variable', () => {
      const a = userTask({ multiInstance: { ...overList, output } });
      const sub = subProcess({ s0: start(), a, e0: userTask() }, ['s0 -> a -> e0'], { inputs: [mapping('answers', '${null}')] });
      const s = scenario(corePorts([aProcess('p', { start: start(), sub }, ['start -> sub'])]));
      s.start({ elders: ['Li'] });
      s.complete('a');
      assert.equal(s.variable('answers'), undefined);
      assert.deepEqual(s.instancesOf('sub')[0]?.variables?.['answers']?.value, ['Li']);
    });

    it('refuses an item whose counter was changed', () => {
      const s = withLoop({ ...overList, output });
      s.start({ elders: ['Li', 'Wu'] });
      assert.throws(() => finish(s, 1, { loopCounter: 7 }), { code: 'LOOP_COUNTER_INVALID', elementId: 'a' });
    });
  });

  describe('when the completion condition asks for the item that ended', () => {
    it('sees its element', () => {
      const s = withLoop({ ...overList, completionCondition: expr("${elder == 'Wu'}") });
      s.start({ elders: ['Li', 'Wu', 'Xu'] });
      finish(s, 0);
      finish(s, 1);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when each item is asynchronous', () => {
    it('waits before and after each one', () => {
      const multiInstance = { ...overList, asyncBefore: true, asyncAfter: true };
      const s = withLoop(multiInstance, task({ multiInstance }));
      s.start({ elders: ['Li', 'Wu'] });
      assert.deepEqual(
        s.jobsOf('a').map(({ kind }) => kind),
        ['async-before', 'async-before'],
      );
      for (const kind of ['async-before', 'async-after']) {
        for (const { id } of s.jobsOf('a').filter((job) => job.kind === kind)) s.perform(executeJob, { jobId: id });
      }
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the collection is JSON text', () => {
    it('reads it', () => {
      const s = withLoop(overList);
      s.start({ elders: '["Li", "Wu"]' });
      assert.equal(s.instancesOf('a', ({ task: open }) => open !== undefined).length, 2);
    });
  });

  describe('when loops are nested', () => {
    it('counts each by itself', () => {
      const inner = userTask({
        multiInstance: { sequential: true, cardinality: expr('${2}'), output: { collection: 'inner', element: expr('${loopCounter}') } },
      });
      const sub = subProcess({ s0: start(), inner, e0: end() }, ['s0 -> inner -> e0'], {
        multiInstance: { ...overList, output: { collection: 'outer', element: expr('inner') } },
        inputs: [mapping('inner', '${null}')],
      });
      const s = scenario(corePorts([aProcess('p', { start: start(), sub, after: userTask() }, ['start -> sub -> after'])]));
      s.start({ elders: ['Li', 'Wu'] });
      for (let turn = 0; turn < 4; turn++) {
        const [open] = s.instancesOf('inner', ({ task: found }) => found !== undefined);
        s.perform(completeTask, { taskId: open?.id ?? 0 });
      }
      assert.deepEqual(s.variable('outer'), [
        [0, 1],
        [0, 1],
      ]);
    });
  });

  describe('when they are many', () => {
    const many = (total: number) => Array.from({ length: total }, (_, index) => index);

    it('begin in batches, each going on in a job', () => {
      const s = withLoop(overList, externalTask('t', { multiInstance: overList }));
      s.start({ elders: many(1_200) });
      const items = () => s.instancesOf('a', (instance) => instance.externalTask !== undefined);
      assert.deepEqual([items().length, s.jobsOf('a').map(({ kind }) => kind)], [500, ['loop']]);
      s.due('a');
      s.due('a');
      assert.deepEqual([items().length, s.jobsOf('a')], [1_200, []]);
      assert.deepEqual(
        items().map((item) => item.variables?.['elder']?.value),
        many(1_200),
      );
      const [body] = s.instancesOf('a', (instance) => instance.phase === 'body');
      assert.equal(body?.loop?.items, null, 'a collection that is used up is not kept');
    });

    it('may all be done before the next batch begins', () => {
      const s = withLoop(overList, scriptTask('${elder}', { multiInstance: overList }));
      s.start({ elders: many(600) });
      assert.deepEqual(s.active(), ['a']);
      s.due('a');
      assert.deepEqual(s.active(), ['after']);
    });

    it('stop beginning when the completion condition is true', () => {
      const multiInstance = { ...overList, completionCondition: expr('${nrOfCompletedInstances == 1}') };
      const s = withLoop(multiInstance);
      s.start({ elders: many(600) });
      finish(s, 3);
      assert.deepEqual([s.active(), s.jobsOf('a')], [['after'], []]);
    });

    it('are canceled in linear time', function () {
      this.timeout(30_000);
      // The best of several: a collection of garbage may fall into any of them.
      const best = (total: number) => Math.min(...[1, 2, 3, 4].map(() => msToCancel(total))) / total;
      const [small, large] = [best(1_000), best(10_000)];
      assert.ok(large < 5 * small, `${large} ms for one of 10,000, ${small} ms for one of 1,000`);
    });
  });
});
