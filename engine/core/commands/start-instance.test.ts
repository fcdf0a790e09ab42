import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, sorted } from '#test/support/core-scenario.ts';
import { line, nested, scenarioOf } from '#test/support/modification-scenario.ts';
import { aProcess, end, message, start, userTask } from '#test/support/process-builder.ts';
import type { Failure } from '../failure.ts';

describe('startInstance', () => {
  describe('when the process begins with a user task', () => {
    it('records the way to the task and waits there', () => {
      // given
      const model = aProcess('p', { start: start(), a: userTask(), end: end() }, ['start -> a -> end']);
      const s = scenario(corePorts([model]));
      // when
      const { lines, result } = s.start({ x: 1 }, { businessKey: 'WO-1' });
      // then
      assert.deepEqual(lines, [
        'InstanceStarted',
        'VariableSet x=1',
        'ElementActivated start',
        'ElementCompleted start',
        'ElementActivated a',
        'UserTaskCreated a',
      ]);
      assert.equal(result.ended, false);
      assert.equal(s.states()[0]?.businessKey, 'WO-1');
      assert.deepEqual(s.active(), ['a']);
    });
  });

  describe('when nothing waits', () => {
    it('ends in the same command and keeps the variables', () => {
      const model = aProcess('p', { start: start(), end: end() }, ['start -> end']);
      const s = scenario(corePorts([model]));
      const { lines, result } = s.start({ x: 1 });
      assert.equal(lines.at(-1), 'InstanceEnded COMPLETED');
      assert.equal(result.ended, true);
      assert.equal(s.variable('x'), 1);
    });
  });

  describe('when a start event is named', () => {
    const model = aProcess('p', { start: start(), byMessage: start(message('go')), a: userTask(), b: userTask() }, [
      'start -> a',
      'byMessage -> b',
    ]);

    it('begins there', () => {
      const s = scenario(corePorts([model]));
      s.start({}, { startElement: 'byMessage' });
      assert.deepEqual(s.active(), ['b']);
    });

    it('refuses an element that is no start event', () => {
      const s = scenario(corePorts([model]));
      assert.throws(
        () => s.start({}, { startElement: 'a' }),
        (error: Failure) => error.code === 'START_EVENT_UNKNOWN',
      );
    });
  });

  describe('when start instructions say where', () => {
    it('begins in the middle', () => {
      const s = scenarioOf(nested);
      s.start(
        { x: 3 },
        {
          instructions: [
            { type: 'startBefore', target: 'deep' },
            { type: 'startBefore', target: 'first' },
          ],
        },
      );
      assert.deepEqual(sorted(s.active()), sorted(['outer', 'inner', 'deep', 'first']));
    });

    it('completes at once when that is behind its last activity', () => {
      const s = scenarioOf(line);
      s.start({}, { instructions: [{ type: 'startAfter', target: 'b' }] });
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  it('gives the initiator variable the actor', () => {
    const model = aProcess('p', { start: start(undefined, { initiator: 'applicant' }), a: userTask() }, ['start -> a']);
    const s = scenario(corePorts([model]));
    s.start();
    assert.equal(s.variable('applicant'), 'wang');
  });
});
