import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, catchEvent, duration, eventBased, mapping, message, receiveTask, start, userTask } from '#test/support/process-builder.ts';

describe('event-based gateway', () => {
  const model = aProcess(
    'p',
    {
      start: start(),
      gw: eventBased(),
      reply: catchEvent(message('reply')),
      other: receiveTask('other', { inputs: [mapping('asked', '${1 + 1}')], outputs: [mapping('answered', '${asked}')] }),
      late: catchEvent(duration('PT1H')),
      a: userTask(),
      b: userTask(),
      c: userTask(),
    },
    ['start -> gw', 'gw -> reply -> a', 'gw -> other -> b', 'gw -> late -> c'],
  );
  const started = () => {
    const s = scenario(corePorts([model]));
    s.start();
    return s;
  };

  it('waits for all its events at once', () => {
    const s = started();
    assert.deepEqual(s.active(), ['gw']);
    assert.equal(s.states()[0]?.subscriptions.length, 2);
    assert.equal(s.states()[0]?.jobs.length, 1);
  });

  describe('when a message comes first', () => {
    it('closes what lost and goes on from the event that won', () => {
      const s = started();
      const { lines } = s.receive('reply', { answer: 1 });
      assert.deepEqual(lines.slice(0, 6), [
        'SubscriptionClosed correlated',
        'JobCanceled',
        'SubscriptionClosed canceled',
        'ElementCompleted gw',
        'ElementActivated reply',
        'VariableSet answer=1',
      ]);
      assert.deepEqual(s.active(), ['a']);
      assert.deepEqual([s.states()[0]?.jobs, s.states()[0]?.subscriptions], [[], []]);
    });
  });

  describe('when the timer is due first', () => {
    it('closes the subscriptions', () => {
      const s = started();
      s.due('late');
      assert.deepEqual(s.active(), ['c']);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
    });
  });

  describe('when a receive task wins', () => {
    it('goes on behind it', () => {
      const s = started();
      s.receive('other');
      assert.deepEqual(s.active(), ['b']);
    });

    it('maps its inputs and outputs', () => {
      const s = started();
      s.receive('other');
      assert.equal(s.variable('answered'), 2);
    });
  });
});
