import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  duration,
  eventSubProcess,
  externalTask,
  message,
  parallel,
  start,
  userTask,
} from '#test/support/process-builder.ts';
import { deleteInstance } from './delete-instance.ts';

describe('deleteInstance', () => {
  it('ends everything, called instances too, each with its event', () => {
    const child = aProcess('child', { start: start(), work: externalTask('t') }, ['start -> work']);
    const esp = eventSubProcess({ on: start(message('m')) }, []);
    const model = aProcess(
      'p',
      { start: start(), fork: parallel(), a: userTask(), edge: boundary('a', duration('PT1H')), call: callActivity('child'), esp },
      ['start -> fork', 'fork -> a', 'fork -> call'],
    );
    const s = scenario(corePorts([model, child]));
    s.start();
    const { lines, events } = s.perform(deleteInstance, { instanceId: s.states()[0]?.id ?? 0, reason: 'withdrawn' });
    for (const expected of ['UserTaskEnded a canceled', 'ExternalTaskEnded work canceled', 'JobCanceled', 'SubscriptionClosed canceled']) {
      assert.ok(lines.includes(expected), expected);
    }
    assert.deepEqual(s.status(), ['ended', 'ended']);
    const last = events.at(-1);
    assert.deepEqual(last?.type === 'InstanceEnded' && [last.outcome, last.reason], ['EXTERNALLY_TERMINATED', 'withdrawn']);
  });

  describe('when the instance was called', () => {
    const child = aProcess('child', { start: start(), work: userTask() }, ['start -> work']);
    const middle = aProcess('middle', { start: start(), call: callActivity('child'), after: userTask() }, ['start -> call', 'call -> after']);
    const called = (states: readonly { superId?: number; id: number }[]) => {
      const callers = new Set(states.map(({ superId }) => superId));
      return states.find(({ id }) => !callers.has(id))?.id ?? 0;
    };

    it('ends the callers that have nothing else to do, and nothing comes after', () => {
      const top = aProcess('p', { start: start(), call: callActivity('middle'), after: userTask() }, ['start -> call', 'call -> after']);
      const s = scenario(corePorts([top, middle, child]));
      s.start();
      const { events } = s.perform(deleteInstance, { instanceId: called(s.states()), reason: 'withdrawn' });
      assert.deepEqual(s.status(), ['ended', 'ended', 'ended']);
      const ends = events.flatMap((event) => (event.type === 'InstanceEnded' ? [event.outcome] : []));
      assert.deepEqual(ends, ['EXTERNALLY_TERMINATED', 'EXTERNALLY_TERMINATED', 'EXTERNALLY_TERMINATED']);
    });

    it('leaves the caller that is busy elsewhere', () => {
      const top = aProcess('p', { start: start(), fork: parallel(), call: callActivity('middle'), after: userTask(), other: userTask() }, [
        'start -> fork',
        'fork -> call',
        'call -> after',
        'fork -> other',
      ]);
      const s = scenario(corePorts([top, middle, child]));
      s.start();
      const { lines } = s.perform(deleteInstance, { instanceId: called(s.states()), reason: null });
      assert.deepEqual(s.status().toSorted(), ['active', 'ended', 'ended']);
      assert.ok(!lines.some((line) => line.includes('after')));
    });
  });

  it('fails when the instance has ended', () => {
    const s = scenario(corePorts([aProcess('p', { start: start() }, [])]));
    s.start();
    assert.throws(() => s.perform(deleteInstance, { instanceId: s.states()[0]?.id ?? 0, reason: null }), { code: 'INSTANCE_NOT_FOUND' });
  });
});
