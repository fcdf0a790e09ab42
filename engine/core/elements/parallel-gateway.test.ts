import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, exclusive, parallel, start, task, userTask } from '#test/support/process-builder.ts';

describe('parallel gateway', () => {
  const model = aProcess(
    'p',
    { start: start(), fork: parallel(), a: userTask(), b: userTask(), join: parallel(), after: userTask(), end: end() },
    ['start -> fork', 'fork -> a -> join', 'fork -> b -> join', 'join -> after -> end'],
  );

  it('splits, and joins when a token has come over every flow', () => {
    const s = scenario(corePorts([model]));
    s.start();
    // when the first arrives
    assert.deepEqual(s.complete('b').lines.slice(1), ['ElementCompleted b', 'TokenArrived join']);
    assert.deepEqual(s.active(), ['a']);
    // when the second arrives
    const { lines } = s.complete('a');
    assert.deepEqual(lines.slice(2, 6), ['TokenArrived join', 'GatewayJoined join', 'ElementActivated join', 'ElementCompleted join']);
    assert.deepEqual(s.active(), ['after']);
  });

  describe('when two tokens come over the same flow', () => {
    it('keeps the second for the next round', () => {
      const twice = aProcess(
        'p',
        { start: start(), fork: task(), merge: exclusive(), a: userTask(), b: userTask(), join: parallel(), after: userTask() },
        ['start -> fork', 'fork -> merge', 'fork -> merge', 'fork -> a', 'merge -> join', 'a -> b -> join', 'join -> after'],
      );
      const s = scenario(corePorts([twice]));
      s.start();
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['after']);
      assert.deepEqual(
        s.states()[0]?.arrivals.map((arrival) => arrival.count),
        [1],
      );
    });
  });

  describe('when it joins and splits at once', () => {
    it('takes all its flows', () => {
      const both = aProcess('p', { start: start(), fork: parallel(), a: task(), b: task(), gw: parallel(), c: userTask(), d: userTask() }, [
        'start -> fork',
        'fork -> a -> gw',
        'fork -> b -> gw',
        'gw -> c',
        'gw -> d',
      ]);
      const s = scenario(corePorts([both]));
      s.start();
      assert.deepEqual(s.active(), ['c', 'd']);
    });
  });
});
