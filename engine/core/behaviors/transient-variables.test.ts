import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, vars } from '#test/support/core-scenario.ts';
import { aProcess, boundary, callActivity, condition, end, exclusive, expr, mapping, scriptTask, serviceTask, start, userTask } from '#test/support/process-builder.ts';
import type { Specs } from '#test/support/process-builder.ts';
import { completeTask } from '../commands/complete-task.ts';
import { setVariables } from '../commands/set-variables.ts';
import { typed } from '../values.ts';

const transient = (value: unknown) => ({ ...typed(value), transient: true as const });

const ran = (children: Specs, flows: string[], others: ReturnType<typeof aProcess>[] = []) =>
  scenario(corePorts([aProcess('p', children, flows), ...others]));

describe('transient variable', () => {
  describe('when a process is started with one', () => {
    it('is seen until the first wait state and never recorded', () => {
      const s = ran(
        { s: start(), c: scriptTask('${code + 1}', { resultVariable: 'sum' }), x: exclusive(), a: userTask(), b: userTask() },
        ['s -> c -> x', 'x -> a if ${code > 1}', 'x -> b default'],
      );
      const { events } = s.start({}, { variables: { code: transient(41), ...vars({ kept: 1 }) } });
      assert.deepEqual(s.active(), ['a']);
      assert.deepEqual([s.variable('sum'), s.variable('kept'), s.variable('code')], [42, 1, undefined]);
      assert.ok(!JSON.stringify(events).includes('code'));
    });

    it('is unknown to the next command', () => {
      const s = ran({ s: start(), a: userTask(), c: scriptTask('${code}'), e: end() }, ['s -> a -> c -> e']);
      s.start({}, { variables: { code: transient(41) } });
      assert.throws(() => s.complete('a'), { code: 'UNKNOWN_VARIABLE' });
    });
  });

  describe('when there is a stored one of the same name', () => {
    it('hides it for the command', () => {
      const s = ran({ s: start(), a: userTask(), c: scriptTask('${x}', { resultVariable: 'seen' }), b: userTask() }, ['s -> a -> c -> b']);
      s.start({ x: 'stored' });
      s.perform(completeTask, { taskId: s.taskOf('a'), variables: { x: transient('for now') } });
      assert.deepEqual([s.variable('seen'), s.variable('x')], ['for now', 'stored']);
    });

    it('gives way to a value that is set to stay', () => {
      const s = ran({ s: start(), c: serviceTask({ implementation: { kind: 'expression', expression: expr('${x}'), resultVariable: 'x' } }), a: userTask() }, ['s -> c -> a']);
      s.start({}, { variables: { x: transient('kept by its result') } });
      assert.equal(s.variable('x'), 'kept by its result');
    });
  });

  describe('when a conditional event waits for it', () => {
    it('triggers the event, which finds it', () => {
      const s = ran(
        { s: start(), a: userTask(), edge: boundary('a', condition('${x > 3}')), b: userTask(), e: end() },
        ['s -> a -> e', 'edge -> b'],
      );
      const { result } = s.start({ x: 0 });
      s.perform(setVariables, { instanceId: result.instanceId, set: { x: transient(4) } });
      assert.deepEqual(s.active(), ['b']);
      assert.equal(s.variable('x'), 0);
    });
  });

  describe('when it is mapped', () => {
    it('is stored under the new name', () => {
      const s = ran({ s: start(), a: userTask({ inputs: [mapping('y', '${x}')] }) }, ['s -> a']);
      s.start({}, { variables: { x: transient('secret') } });
      assert.deepEqual(s.instancesOf('a')[0]?.variables, { y: { type: 'String', value: 'secret' } });
    });

    it('stays transient in a called process', () => {
      const called = aProcess('q', { i: start(), c: scriptTask('${x}', { resultVariable: 'seen' }), w: userTask() }, ['i -> c -> w']);
      const s = ran({ s: start(), call: callActivity('q', { in: [{ kind: 'all', local: false }] }), e: end() }, ['s -> call -> e'], [called]);
      s.start({}, { variables: { x: transient('secret') } });
      const inside = s.states()[1];
      assert.deepEqual([s.variable('seen', inside), s.variable('x', inside)], ['secret', undefined]);
    });
  });
});
