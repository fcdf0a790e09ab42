import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, boundary, end, parallel, receiveTask, duration, start, userTask } from '#test/support/process-builder.ts';

describe('process', () => {
  describe('when the last token is gone', () => {
    it('ends once, with the end event that was the last', () => {
      const model = aProcess('p', { start: start(), fork: parallel(), a: userTask(), b: userTask(), endA: end(), endB: end() }, [
        'start -> fork',
        'fork -> a -> endA',
        'fork -> b -> endB',
      ]);
      const s = scenario(corePorts([model]));
      s.start();
      // when
      s.complete('b');
      const { lines, events, result } = s.complete('a');
      // then
      assert.equal(lines.at(-1), 'InstanceEnded COMPLETED');
      assert.equal(s.history.filter((event) => event.type === 'InstanceEnded').length, 1);
      const ended = events.at(-1);
      assert.equal(ended?.type === 'InstanceEnded' && ended.element, model.indexById['endA']);
      assert.equal(result.ended, true);
    });
  });

  describe('when a path ends without an end event', () => {
    it('ends all the same', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask() }, ['start -> a'])]));
      s.start();
      assert.equal(s.complete('a').result.ended, true);
    });
  });

  describe('when a join can never fire', () => {
    it('stays active with the token that waits', () => {
      const model = aProcess(
        'p',
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: receiveTask('m'),
          late: end(),
          limit: boundary('b', duration('PT1M')),
          join: parallel(),
          end: end(),
        },
        ['start -> fork', 'fork -> a -> join', 'fork -> b -> join -> end', 'limit -> late'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      s.complete('a');
      s.due('limit');
      assert.deepEqual(s.status(), ['active']);
      assert.equal(s.states()[0]?.arrivals.length, 1);
    });
  });
});
