import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  end,
  error,
  message,
  parallel,
  start,
  subProcess,
  terminate,
  userTask,
} from '#test/support/process-builder.ts';

describe('end event', () => {
  describe('when it terminates the process', () => {
    it('cancels everything else and the instance is completed', () => {
      const model = aProcess('p', { start: start(), fork: parallel(), a: userTask(), b: userTask(), stop: end(terminate) }, [
        'start -> fork',
        'fork -> a -> stop',
        'fork -> b',
      ]);
      const s = scenario(corePorts([model]));
      s.start();
      const { lines } = s.complete('a');
      assert.deepEqual(lines.slice(2), [
        'ElementActivated stop',
        'ElementCompleted stop',
        'UserTaskEnded b canceled',
        'ElementCanceled b',
        'InstanceEnded COMPLETED',
      ]);
    });
  });

  describe('when it terminates before another branch has begun its work', () => {
    it('takes the token of that branch away', () => {
      const model = aProcess('p', { start: start(), fork: parallel(), stop: end(terminate), a: userTask() }, [
        'start -> fork',
        'fork -> stop',
        'fork -> a',
      ]);
      const s = scenario(corePorts([model]));
      const { lines } = s.start();
      assert.ok(lines.includes('ElementCanceled a'));
      assert.ok(!lines.includes('UserTaskCreated a'));
    });
  });

  describe('when it terminates a sub-process', () => {
    it('ends that sub-process only, which goes on', () => {
      const inner = { s0: start(), fork: parallel(), a: userTask(), b: userTask(), stop: end(terminate) };
      const model = aProcess(
        'p',
        {
          start: start(),
          outer: parallel(),
          sub: subProcess(inner, ['s0 -> fork', 'fork -> a -> stop', 'fork -> b']),
          beside: userTask(),
          after: userTask(),
        },
        ['start -> outer', 'outer -> sub -> after', 'outer -> beside'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      s.complete('a');
      assert.deepEqual(s.active(), ['beside', 'after']);
    });
  });

  describe('when it throws an error', () => {
    const inner = { s0: start(), a: userTask(), b: userTask(), fork: parallel(), broken: end(error('E-1', { message: 'no key' })) };
    const flows = ['s0 -> fork', 'fork -> a -> broken', 'fork -> b'];

    it('cancels the sub-process whose boundary event catches it', () => {
      const caught = boundary('sub', error('E-1', { codeVariable: 'code', messageVariable: 'text' }));
      const model = aProcess('p', { start: start(), sub: subProcess(inner, flows), caught, repair: userTask() }, [
        'start -> sub',
        'caught -> repair',
      ]);
      const s = scenario(corePorts([model]));
      s.start();
      const { lines } = s.complete('a');
      assert.ok(lines.includes('ErrorThrown E-1 caught by caught'));
      assert.ok(lines.includes('ElementCanceled broken'));
      assert.ok(lines.includes('ElementCanceled sub'));
      assert.deepEqual(s.active(), ['repair']);
      assert.deepEqual([s.variable('code'), s.variable('text')], ['E-1', 'no key']);
    });

    it('ends its path when nobody catches it, as in Camunda 7', () => {
      const model = aProcess('p', { start: start(), sub: subProcess(inner, flows), after: userTask() }, ['start -> sub -> after']);
      const s = scenario(corePorts([model]));
      s.start();
      assert.ok(s.complete('a').lines.includes('ErrorThrown E-1 caught by nobody'));
      assert.deepEqual(s.active(), ['sub', 'b']);
    });
  });

  describe('when it throws a message', () => {
    it('ends when the message is delivered', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), bye: end(message('bye')) }, ['start -> bye'])]));
      s.start();
      assert.deepEqual(s.status(), ['active']);
      assert.deepEqual(s.due('bye').lines, ['JobExecuted', 'MessageThrown bye', 'ElementCompleted bye', 'InstanceEnded COMPLETED']);
    });
  });
});
