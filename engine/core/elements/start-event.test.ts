import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, message, start, userTask } from '#test/support/process-builder.ts';

describe('start event', () => {
  describe('when it is the only one, of whatever kind', () => {
    it('is where the process begins', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(message('go')), a: userTask() }, ['start -> a'])]));
      const { lines } = s.start();
      assert.deepEqual(lines.slice(1, 4), ['ElementActivated start', 'ElementCompleted start', 'ElementActivated a']);
      assert.deepEqual(s.subscriptionsOf('start'), []);
    });
  });

  describe('when there are several and none is plain', () => {
    it('fails without the name of one', () => {
      const model = aProcess('p', { one: start(message('m1')), two: start(message('m2')), a: userTask() }, ['one -> a', 'two -> a']);
      assert.throws(() => scenario(corePorts([model])).start(), { code: 'START_EVENT_MISSING' });
    });
  });

  describe('when it is asynchronous', () => {
    it('begins with a job', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(undefined, { asyncBefore: true }), a: userTask() }, ['start -> a'])]));
      assert.deepEqual(s.start().lines.slice(1), ['ElementActivated start before', 'JobCreated start async-before']);
      s.due('start');
      assert.deepEqual(s.active(), ['a']);
    });
  });
});
