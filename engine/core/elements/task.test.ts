import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, start, task, userTask } from '#test/support/process-builder.ts';

describe('task', () => {
  describe('when a token comes', () => {
    it('lets it through', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: task(), b: userTask() }, ['start -> a -> b'])]));
      const { lines } = s.start();
      assert.deepEqual(lines.slice(3, 5), ['ElementActivated a', 'ElementCompleted a']);
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when several flows without a condition leave it', () => {
    it('splits like a parallel gateway, in the order of the drawing', () => {
      const model = aProcess('p', { start: start(), a: task(), b: userTask(), c: userTask() }, ['start -> a', 'a -> b', 'a -> c']);
      const s = scenario(corePorts([model]));
      const { lines } = s.start();
      assert.deepEqual(s.active(), ['b', 'c']);
      assert.ok(lines.indexOf('UserTaskCreated b') < lines.indexOf('UserTaskCreated c'));
    });
  });

  describe('when its flows have conditions', () => {
    const model = aProcess('p', { start: start(), a: task(), b: userTask(), c: userTask(), d: userTask() }, [
      'start -> a',
      'a -> b if ${x > 1}',
      'a -> c if ${x > 2}',
      'a -> d default',
    ]);
    const activeWith = (x: number) => {
      const s = scenario(corePorts([model]));
      s.start({ x });
      return s.active();
    };

    it('takes every open one', () => assert.deepEqual(activeWith(3), ['b', 'c']));
    it('takes the default flow when none is open', () => assert.deepEqual(activeWith(1), ['d']));
  });

  describe('when several tokens come', () => {
    it('has one instance for each', () => {
      const model = aProcess('p', { start: start(), fork: task(), a: task(), b: userTask() }, [
        'start -> fork',
        'fork -> a',
        'fork -> a',
        'a -> b',
      ]);
      const s = scenario(corePorts([model]));
      const { lines } = s.start();
      assert.equal(lines.filter((line) => line === 'ElementCompleted a').length, 2);
      assert.deepEqual(s.active(), ['b', 'b']);
    });
  });
});
