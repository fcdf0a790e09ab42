import assert from 'node:assert/strict';
import { startProcess } from '#test/support/core-scenario.ts';
import { end, exclusive, inclusive, parallel, start, userTask } from '#test/support/process-builder.ts';

describe('inclusive gateways that wait with other joins', () => {
  describe('when forks and joins are nested', () => {
    const elements = {
      start: start(),
      fork: inclusive(),
      fork2: inclusive(),
      a: userTask(),
      b: userTask(),
      c: userTask(),
      join2: inclusive(),
      join: inclusive(),
      after: userTask(),
    };
    const flows = [
      'start -> fork',
      'fork -> fork2',
      'fork -> c if ${c}',
      'fork2 -> a',
      'fork2 -> b if ${b}',
      'a -> join2',
      'b -> join2',
      'join2 -> join',
      'c -> join',
      'join -> after',
    ];

    it('the outer join waits for tokens that wait at the inner one', () => {
      const s = startProcess(elements, flows, { b: true, c: true });
      s.complete('c');
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
      s.complete('b');
      assert.deepEqual(s.active(), ['after']);
    });
    it('both go on in one step when nothing else is expected', () => {
      const s = startProcess(elements, flows, { b: false, c: false });
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when two joins stand one behind the other', () => {
    it('the second waits for the token of the first', () => {
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          c: userTask(),
          first: inclusive(),
          second: inclusive(),
          after: userTask(),
        },
        ['start -> fork', 'fork -> a -> first', 'fork -> b -> first', 'fork -> c -> second', 'first -> second', 'second -> after'],
      );
      s.complete('c');
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
      const { lines } = s.complete('b');
      assert.deepEqual(
        lines.filter((line) => line.startsWith('GatewayJoined')),
        ['GatewayJoined first', 'GatewayJoined second'],
      );
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when two joins wait for each other', () => {
    // Each join has one way in from outside and one from the other join: a vicious circle, in which BPMN would wait for ever.
    const elements = {
      start: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      left: inclusive(),
      right: inclusive(),
      l: exclusive(),
      r: exclusive(),
      x: userTask(),
      y: userTask(),
    };
    const flows = [
      'start -> fork',
      'fork -> a -> left',
      'fork -> b -> right',
      'left -> l',
      'right -> r',
      'l -> right if ${cross}',
      'l -> x default',
      'r -> left if ${cross}',
      'r -> y default',
    ];

    it('the one whose token came first goes on', () => {
      const s = startProcess(elements, flows, { cross: false });
      s.complete('b');
      assert.deepEqual(s.active(), ['a']);
      const { lines } = s.complete('a');
      assert.deepEqual(
        lines.filter((line) => line.startsWith('GatewayJoined')),
        ['GatewayJoined right', 'GatewayJoined left'],
      );
      assert.deepEqual(s.active(), ['y', 'x']);
    });

    it('waits while anything alive could still change that', () => {
      const s = startProcess({ ...elements, c: userTask() }, [...flows, 'fork -> c', 'c -> left'], { cross: false });
      s.complete('b');
      s.complete('a');
      assert.deepEqual(s.active(), ['c']);
      s.complete('c');
      assert.deepEqual(s.active(), ['y', 'x']);
    });
  });

  describe('when the tokens it waits for are stuck at a parallel join', () => {
    it('goes on, as nothing can ever move them', () => {
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          which: exclusive(),
          a: userTask(),
          both: parallel(),
          join: inclusive(),
          after: userTask(),
          other: end(),
        },
        [
          'start -> fork',
          'fork -> both',
          'fork -> which',
          'which -> both if ${false}',
          'which -> other default',
          'fork -> a -> join',
          'both -> join',
          'join -> after',
        ],
      );
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });
});
