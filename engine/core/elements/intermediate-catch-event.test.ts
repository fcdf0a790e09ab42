import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';
import { aProcess, catchEvent, duration, message, none, start, userTask } from '#test/support/process-builder.ts';

describe('intermediate catch event', () => {
  describe('when it is a timer', () => {
    it('waits for its job', () => {
      const s = scenario(
        corePorts([aProcess('p', { start: start(), wait: catchEvent(duration('${t}')), a: userTask() }, ['start -> wait -> a'])]),
      );
      s.start({ t: 'PT10M' });
      assert.equal(s.jobsOf('wait')[0]?.dueAt, NOW + 600_000);
      assert.deepEqual(s.due('wait').lines.slice(0, 2), ['JobExecuted', 'ElementCompleted wait']);
      assert.deepEqual(s.active(), ['a']);
    });
  });

  describe('when it is a message', () => {
    it('waits for it and takes its variables', () => {
      const s = scenario(
        corePorts([aProcess('p', { start: start(), wait: catchEvent(message('m')), a: userTask() }, ['start -> wait -> a'])]),
      );
      s.start();
      s.receive('wait', { x: 1 });
      assert.equal(s.variable('x'), 1);
      assert.deepEqual(s.active(), ['a']);
    });
  });

  describe('when it has no event definition', () => {
    it('lets the token through', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), wait: catchEvent(none), a: userTask() }, ['start -> wait -> a'])]));
      s.start();
      assert.deepEqual(s.active(), ['a']);
    });
  });
});
