import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { completeTask } from '../commands/complete-task.ts';
import { throwExternalTaskError } from '../commands/throw-external-task-error.ts';
import {
  aProcess,
  boundary,
  callActivity,
  end,
  error,
  expr,
  externalTask,
  message,
  start,
  subProcess,
  task,
  userTask,
} from '#test/support/process-builder.ts';

describe('multi-instance', () => {
  const overList = { sequential: true, collection: expr('elders'), elementVariable: 'elder' };
  const inParallel = { ...overList, sequential: false };

  describe('when it is sequential over a collection', () => {
    const model = aProcess(
      'p',
      { start: start(), a: userTask({ multiInstance: overList, nameExpression: expr('${loopCounter}: ${elder}') }), after: userTask() },
      ['start -> a -> after'],
    );

    it('has one item at a time, each with its element and counter', () => {
      const s = scenario(corePorts([model]));
      const { lines } = s.start({ elders: ['Li', 'Wu'] });
      assert.deepEqual(lines.slice(4), [
        'ElementActivated a body',
        'LoopStarted',
        'LoopAdvanced 0 done 1 active',
        'ElementActivated a',
        'VariableSet loopCounter=0',
        'VariableSet elder="Li"',
        'UserTaskCreated a',
      ]);
      assert.deepEqual(s.complete('a', { elder: 'changed' }).lines.slice(1, 5), [
        'UserTaskEnded a completed',
        'ElementCompleted a',
        'LoopAdvanced 1 done 0 active',
        'LoopAdvanced 1 done 1 active',
      ]);
      assert.equal(s.instancesOf('a')[1]?.task?.name, '1: Wu');
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
      assert.deepEqual([s.variable('elder'), s.variable('loopCounter')], [undefined, undefined]);
    });

    it('passes over an empty collection', () => {
      const s = scenario(corePorts([model]));
      s.start({ elders: [] });
      assert.deepEqual(s.active(), ['after']);
    });

    it('refuses what is no list', () => {
      assert.throws(() => scenario(corePorts([model])).start({ elders: 'Li' }), { code: 'COLLECTION_INVALID', elementId: 'a' });
    });
  });

  describe('when it is parallel', () => {
    const model = aProcess('p', { start: start(), a: userTask({ multiInstance: inParallel }), after: userTask() }, ['start -> a -> after']);

    it('has all items at once and is done with the last', () => {
      const s = scenario(corePorts([model]));
      s.start({ elders: ['Li', 'Wu', 'Xu'] });
      const tasks = s.instancesOf('a', (instance) => instance.task !== undefined);
      assert.deepEqual(
        tasks.map((instance) => instance.variables?.['elder']?.value),
        ['Li', 'Wu', 'Xu'],
      );
      for (const { id } of tasks.toReversed()) s.perform(completeTask, { taskId: id });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it has a cardinality', () => {
    it('runs as often', () => {
      const multiInstance = { sequential: true, cardinality: expr('${n}') };
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: task({ multiInstance }), after: userTask() }, ['start -> a -> after'])]),
      );
      const { lines } = s.start({ n: 3 });
      assert.equal(lines.filter((line) => line === 'ElementActivated a').length, 3);
      assert.deepEqual(s.active(), ['after']);
    });

    it('refuses a negative or huge one', () => {
      const multiInstance = { sequential: true, cardinality: expr('${n}') };
      const model = aProcess('p', { start: start(), a: task({ multiInstance }) }, ['start -> a']);
      assert.throws(() => scenario(corePorts([model])).start({ n: -1 }), { code: 'LOOP_SIZE_INVALID' });
      assert.throws(() => scenario(corePorts([model])).start({ n: 10_001 }), { code: 'LOOP_SIZE_INVALID' });
    });
  });

  describe('when a completion condition becomes true', () => {
    it('cancels the items that are open', () => {
      const multiInstance = {
        ...inParallel,
        completionCondition: expr('${nrOfCompletedInstances == 2 && nrOfActiveInstances == 1 && nrOfInstances == 3}'),
      };
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: userTask({ multiInstance }), after: userTask() }, ['start -> a -> after'])]),
      );
      s.start({ elders: ['Li', 'Wu', 'Xu'] });
      const ids = s.instancesOf('a', (instance) => instance.task !== undefined).map((instance) => instance.id);
      s.perform(completeTask, { taskId: ids[1] ?? 0 });
      const { lines } = s.perform(completeTask, { taskId: ids[0] ?? 0 });
      assert.ok(lines.includes('UserTaskEnded a canceled'));
      assert.deepEqual(s.active(), ['after']);
    });

    it('ends a sequence early', () => {
      const multiInstance = { ...overList, completionCondition: expr('${refused}') };
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: userTask({ multiInstance }), after: userTask() }, ['start -> a -> after'])]),
      );
      s.start({ elders: ['Li', 'Wu'], refused: false });
      s.complete('a', { refused: true });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it has boundary events', () => {
    const elements = {
      start: start(),
      a: externalTask('t', { multiInstance: inParallel }),
      stop: boundary('a', message('stop')),
      bad: boundary('a', error('E-1')),
      after: userTask(),
      other: userTask(),
    };
    const model = aProcess('p', elements, ['start -> a -> after', 'stop -> other', 'bad -> other']);

    it('attaches them to the body, once', () => {
      const s = scenario(corePorts([model]));
      s.start({ elders: ['Li', 'Wu'] });
      assert.equal(s.subscriptionsOf('stop').length, 1);
      s.receive('stop');
      assert.deepEqual(s.active(), ['other']);
    });

    it('catches the error of one item for all of them', () => {
      const s = scenario(corePorts([model]));
      s.start({ elders: ['Li', 'Wu'] });
      const taskId = s.instancesOf('a', (instance) => instance.externalTask !== undefined)[0]?.id ?? 0;
      s.perform(throwExternalTaskError, { taskId, workerId: 'w', code: 'E-1', message: null });
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when a sub-process repeats', () => {
    it('gives each run a scope of its own', () => {
      const sub = subProcess({ s0: start(), a: userTask(), e0: end() }, ['s0 -> a -> e0'], {
        multiInstance: inParallel,
        inputs: [{ name: 'note', value: { kind: 'expression', expression: expr('for ${elder}') } }],
      });
      const s = scenario(corePorts([aProcess('p', { start: start(), sub, after: userTask() }, ['start -> sub -> after'])]));
      s.start({ elders: ['Li', 'Wu'] });
      const notes = s.instancesOf('sub', (instance) => instance.phase === 'active').map((instance) => instance.variables?.['note']?.value);
      assert.deepEqual(notes, ['for Li', 'for Wu']);
      for (const { id } of s.instancesOf('a')) s.perform(completeTask, { taskId: id });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a call activity repeats', () => {
    it('calls once per item', () => {
      const child = aProcess('child', { start: start(), work: userTask() }, ['start -> work']);
      const call = callActivity('child', {
        multiInstance: inParallel,
        in: [{ kind: 'variable', source: 'elder', target: 'elder', local: false }],
      });
      const s = scenario(corePorts([aProcess('p', { start: start(), call, after: userTask() }, ['start -> call -> after']), child]));
      s.start({ elders: ['Li', 'Wu'] });
      assert.deepEqual(
        s
          .states()
          .slice(1)
          .map((state) => s.variable('elder', state)),
        ['Li', 'Wu'],
      );
      for (const { id } of s.instancesOf('work')) s.perform(completeTask, { taskId: id });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it is asynchronous', () => {
    it('waits once before and once after the body', () => {
      const model = aProcess(
        'p',
        { start: start(), a: userTask({ multiInstance: overList, asyncBefore: true, asyncAfter: true }), after: userTask() },
        ['start -> a -> after'],
      );
      const s = scenario(corePorts([model]));
      assert.deepEqual(s.start({ elders: ['Li'] }).lines.slice(-2), ['ElementActivated a before', 'JobCreated a async-before']);
      assert.deepEqual(s.due('a').lines.slice(0, 3), ['JobExecuted', 'ElementContinued body', 'LoopStarted']);
      assert.deepEqual(s.complete('a').lines.slice(-2), ['ElementContinued after', 'JobCreated a async-after']);
      s.due('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });
});
