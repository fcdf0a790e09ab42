import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, startProcess } from '#test/support/core-scenario.ts';
import {
  aProcess,
  callActivity,
  compensation,
  end,
  eventSubProcess,
  exclusive,
  expr,
  inclusive,
  message,
  parallel,
  start,
  subProcess,
  task,
  terminate,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { deleteInstance } from '../commands/delete-instance.ts';

describe('inclusive gateway and the scopes around and before it', () => {
  describe('when a token upstream is inside an activity', () => {
    const around = { start: start(), fork: parallel(), a: userTask(), join: inclusive(), after: userTask() };
    const flows = ['start -> fork', 'fork -> a -> join', 'fork -> work -> join', 'join -> after'];

    it('waits for a sub-process', () => {
      const work = subProcess({ s0: start(), inner: userTask(), other: userTask(), split: parallel() }, [
        's0 -> split',
        'split -> inner',
        'split -> other',
      ]);
      const s = startProcess({ ...around, work }, flows);
      s.complete('a');
      s.complete('inner');
      assert.deepEqual(s.active(), ['work', 'other']);
      s.complete('other');
      assert.deepEqual(s.active(), ['after']);
    });

    it('waits for all items of a multi-instance body', () => {
      const work = userTask({ multiInstance: { sequential: true, cardinality: expr('${2}') } });
      const s = startProcess({ ...around, work }, flows);
      s.complete('a');
      s.complete('work');
      assert.ok(!s.active().includes('after'));
      s.complete('work');
      assert.deepEqual(s.active(), ['after']);
    });

    const called = aProcess('called', { s0: start(), inner: userTask() }, ['s0 -> inner']);
    const calling = () => {
      const s = scenario(corePorts([aProcess('p', { ...around, work: callActivity('called') }, flows), called]));
      s.start();
      s.complete('a');
      return s;
    };
    it('waits for a called process', () => {
      const s = calling();
      assert.deepEqual(s.active(), ['work', 'inner']);
      s.complete('inner');
      assert.deepEqual(s.active(), ['after']);
    });
    it('goes on when the called process is deleted', () => {
      const s = calling();
      const instanceId = s.states()[1]?.id ?? 0;
      s.perform(deleteInstance, { instanceId, reason: null });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it stands inside a sub-process', () => {
    const inner = {
      s0: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      join: inclusive(),
      stop: end(terminate),
      done: end(),
    };
    const elements = {
      start: start(),
      outer: parallel(),
      work: subProcess(inner, ['s0 -> fork', 'fork -> a -> join', 'fork -> b -> stop', 'join -> done']),
      beside: userTask(),
      after: userTask(),
    };
    const flows = ['start -> outer', 'outer -> work -> after', 'outer -> beside'];

    it('looks at the tokens of its own scope only', () => {
      const s = startProcess(elements, flows);
      s.complete('a');
      assert.deepEqual(s.active(), ['work', 'beside', 'b']);
      assert.deepEqual(s.states()[0]?.arrivals, []);
    });

    it('loses its tokens when the scope is terminated', () => {
      const waiting = { ...inner, c: userTask() };
      const work = subProcess(waiting, ['s0 -> fork', 'fork -> a -> join', 'fork -> c -> join', 'fork -> b -> stop', 'join -> done']);
      const s = startProcess({ ...elements, work }, flows);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['beside', 'after']);
      assert.deepEqual(s.states()[0]?.arrivals, []);
    });

    it('joins each item of a multi-instance for itself', () => {
      const work = subProcess(
        { s0: start(), fork: inclusive(), a: userTask(), b: userTask(), join: inclusive() },
        ['s0 -> fork', 'fork -> a', 'fork -> b if ${loopCounter == 1}', 'a -> join', 'b -> join'],
        { multiInstance: { sequential: false, cardinality: expr('${2}') } },
      );
      const s = startProcess({ ...elements, work }, flows);
      s.complete('b');
      const [first, second] = s.instancesOf('a');
      assert.ok(first && second);
      s.completeById(second.id);
      assert.deepEqual(s.active(), ['work', 'beside', 'work', 'a']);
      s.completeById(first.id);
      assert.deepEqual(s.active(), ['beside', 'after']);
    });
  });

  describe('when an interrupting event sub-process takes the scope over', () => {
    it('loses the tokens that wait', () => {
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          join: inclusive(),
          stop: eventSubProcess({ on: start(message('stop')), tidy: userTask() }, ['on -> tidy']),
        },
        ['start -> fork', 'fork -> a -> join', 'fork -> b -> join'],
      );
      s.complete('a');
      s.receive('on');
      assert.deepEqual(s.active(), ['stop', 'tidy']);
      s.complete('tidy');
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when what is upstream is only being undone', () => {
    it('does not wait for it: its token has gone on long ago', () => {
      const sub = subProcess({ s0: start(), book: task(), undo: undoneBy('book', 'unbook'), unbook: userTask() }, ['s0 -> book']);
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          sub,
          regret: throwEvent(compensation('sub', false)),
          which: exclusive(),
          no: end(),
          join: inclusive(),
          after: userTask(),
        },
        [
          'start -> fork',
          'fork -> a -> join',
          'fork -> sub -> regret -> which',
          'which -> join if ${false}',
          'which -> no default',
          'join -> after',
        ],
      );
      assert.deepEqual(s.active(), ['a', 'regret', 'sub', 'unbook']);
      s.complete('a');
      assert.deepEqual(s.active(), ['regret', 'sub', 'unbook', 'after']);
    });
  });
});
