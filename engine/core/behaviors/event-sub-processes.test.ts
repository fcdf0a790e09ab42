import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  cycle,
  duration,
  end,
  error,
  eventSubProcess,
  expr,
  externalTask,
  message,
  parallel,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';

describe('event sub-processes', () => {
  describe('when an interrupting message comes to the process', () => {
    it('cancels all, forgets the tokens at joins, and the instance ends with it', () => {
      const stop = eventSubProcess({ go: start(message('stop')), clean: userTask() }, ['go -> clean']);
      const model = aProcess('p', { start: start(), fork: parallel(), a: userTask(), b: userTask(), join: parallel(), stop }, [
        'start -> fork',
        'fork -> a -> join',
        'fork -> b -> join',
      ]);
      const s = scenario(corePorts([model]));
      s.start();
      s.complete('a');
      const { lines } = s.receive('go', { why: 'moved' });
      assert.deepEqual(lines.slice(0, 7), [
        'SubscriptionClosed correlated',
        'UserTaskEnded b canceled',
        'ElementCanceled b',
        'ArrivalsCanceled',
        'VariableSet why="moved"',
        'ElementActivated stop',
        'ElementActivated go',
      ]);
      assert.equal(s.complete('clean').lines.at(-1), 'InstanceEnded COMPLETED');
    });
  });

  describe('when a timer is due', () => {
    it('interrupts', () => {
      const late = eventSubProcess({ due: start(duration('P1D')), call: userTask() }, ['due -> call']);
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(), late }, ['start -> a'])]));
      s.start();
      s.due('due');
      assert.deepEqual(s.active(), ['late', 'call']);
    });

    it('repeats when it does not interrupt', () => {
      const remind = eventSubProcess({ due: start(cycle('R/PT1H'), { interrupting: false }), call: userTask() }, ['due -> call']);
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(), remind }, ['start -> a'])]));
      s.start();
      s.due('due');
      s.due('due');
      assert.deepEqual(s.active(), ['a', 'remind', 'call', 'remind', 'call']);
      s.complete('a');
      assert.equal(s.jobsOf('due').length, 1);
    });
  });

  describe('when an error is thrown in the scope', () => {
    const caught = eventSubProcess({ on: start(error('E-1', { codeVariable: 'code' })), repair: externalTask('t') }, ['on -> repair']);
    const sub = subProcess({ s0: start(), work: externalTask('t'), caught }, ['s0 -> work']);
    const outer = boundary('sub', error());
    const model = aProcess('p', { start: start(), sub, outer, after: userTask(), other: userTask() }, [
      'start -> sub -> after',
      'outer -> other',
    ]);
    const failed = () => {
      const s = scenario(corePorts([model]));
      s.start();
      s.fail('work', 'E-1');
      return s;
    };

    it('catches it before the boundary event around', () => {
      const s = failed();
      assert.deepEqual(s.active(), ['sub', 'caught', 'repair']);
      assert.equal(s.variable('code'), 'E-1');
    });

    it('belongs to the items of a loop, not to the body around them', () => {
      const repeated = subProcess({ s0: start(), work: externalTask('t'), caught }, ['s0 -> work'], {
        multiInstance: { sequential: true, cardinality: expr('1') },
      });
      const s = scenario(
        corePorts([aProcess('p', { start: start(), sub: repeated, outer, other: userTask() }, ['start -> sub', 'outer -> other'])]),
      );
      s.start();
      s.fail('work', 'E-1');
      assert.deepEqual(s.active(), ['sub', 'sub', 'caught', 'repair']);
      s.fail('repair', 'E-1');
      assert.deepEqual(s.active(), ['other']);
    });

    it('does not catch what it throws itself', () => {
      const s = failed();
      s.fail('repair', 'E-1');
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when it is inside another event sub-process', () => {
    it('waits with that one only', () => {
      const inner = eventSubProcess({ again: start(message('again')), deep: userTask() }, ['again -> deep']);
      const outer = eventSubProcess({ go: start(message('go')), work: userTask(), inner, done: end() }, ['go -> work -> done']);
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(), outer }, ['start -> a'])]));
      s.start();
      assert.equal(s.subscriptionsOf('again').length, 0);
      s.receive('go');
      s.receive('again');
      assert.deepEqual(s.active(), ['outer', 'inner', 'deep']);
      assert.equal(s.complete('deep').result.ended, true);
    });
  });

  describe('when it terminates', () => {
    it('ends itself and the scope goes on', () => {
      const note = eventSubProcess(
        {
          on: start(message('m'), { interrupting: false }),
          fork: parallel(),
          x: userTask(),
          y: userTask(),
          stop: end({ type: 'terminate' }),
        },
        ['on -> fork', 'fork -> x -> stop', 'fork -> y'],
      );
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(), note }, ['start -> a'])]));
      s.start();
      s.receive('on');
      s.complete('x');
      assert.deepEqual(s.active(), ['a']);
    });
  });
});
