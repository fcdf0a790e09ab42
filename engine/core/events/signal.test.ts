import assert from 'node:assert/strict';
import { correlateMessage } from '../commands/correlate-message.ts';
import { suspendInstance } from '../commands/suspend-instance.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, sorted } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  catchEvent,
  duration,
  end,
  eventBased,
  eventSubProcess,
  parallel,
  signal,
  start,
  subProcess,
  throwEvent,
  userTask,
} from '#test/support/process-builder.ts';
import type { SignalDefinition } from '../model.ts';

/** A signal `go` is thrown when task `now` is done; `others` are in the same process. */
function thrown(others: Parameters<typeof aProcess>[1], flows: string[], event: Partial<SignalDefinition> = {}) {
  const model = aProcess(
    'p',
    { s: start(), fork: parallel(), now: userTask(), throw: throwEvent(signal('go', event)), next: userTask(), ...others },
    ['s -> fork -> now -> throw -> next', ...flows],
  );
  const s = scenario(corePorts([model]));
  s.start({ x: 7 });
  return s;
}

describe('signal', () => {
  describe('when it is thrown', () => {
    it('goes to everybody who waits in the same instance, and then the thrower goes on', () => {
      const s = thrown(
        {
          a: catchEvent(signal('go')),
          b: catchEvent(signal('go')),
          c: catchEvent(signal('other')),
          afterA: userTask(),
          afterB: userTask(),
        },
        ['fork -> a -> afterA', 'fork -> b -> afterB', 'fork -> c'],
      );
      const { lines } = s.complete('now');
      assert.deepEqual(
        lines.filter((line) => /Signal|Created|Subscription/.test(line)),
        [
          'SignalThrown go',
          'SubscriptionClosed correlated',
          'UserTaskCreated afterA',
          'SubscriptionClosed correlated',
          'UserTaskCreated afterB',
          'UserTaskCreated next',
        ],
      );
      assert.deepEqual(sorted(s.active()), ['afterA', 'afterB', 'c', 'next']);
    });

    it('goes to calling and called instances, but not to a suspended one', () => {
      const called = aProcess('q', { s: start(), wait: catchEvent(signal('go')), end: end() }, ['s -> wait -> end']);
      const model = aProcess(
        'p',
        {
          s: start(),
          fork: parallel(),
          now: userTask(),
          throw: end(signal('go')),
          call: callActivity('q'),
          call2: callActivity('q'),
          after: userTask(),
        },
        ['s -> fork -> now -> throw', 'fork -> call -> after', 'fork -> call2'],
      );
      const s = scenario(corePorts([model, called]));
      s.start();
      const [, , second] = s.states();
      s.perform(suspendInstance, { instanceId: second?.id ?? 0 });
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['after', 'call2', 'wait']);
    });

    it('carries what its mappings say into the scope of the catcher', () => {
      const s = thrown({ a: catchEvent(signal('go')), after: userTask() }, ['fork -> a -> after'], {
        in: [
          { kind: 'variable', source: 'x', target: 'y', local: false },
          { kind: 'expression', expression: { language: 'juel', source: '${x + 1}' }, target: 'z', local: false },
        ],
      });
      const { events } = s.complete('now');
      assert.deepEqual([s.variable('y'), s.variable('z')], [7, 8]);
      const event = events.find(({ type }) => type === 'SignalThrown');
      assert.deepEqual(event?.type === 'SignalThrown' && event.variables, {
        y: { type: 'Integer', value: 7 },
        z: { type: 'Integer', value: 8 },
      });
    });

    it('has a name that may be an expression', () => {
      const model = aProcess(
        'p',
        {
          s: start(),
          fork: parallel(),
          now: userTask(),
          throw: throwEvent(signal('go-${x}')),
          a: catchEvent(signal('go-${x}')),
          after: userTask(),
        },
        ['s -> fork -> now -> throw', 'fork -> a -> after'],
      );
      const s = scenario(corePorts([model]));
      s.start({ x: 7 });
      assert.equal(s.states()[0]?.subscriptions[0]?.name, 'go-7');
      s.complete('now');
      assert.deepEqual(s.active(), ['after']);
    });

    it('is left to the outbox when it is async', () => {
      const s = thrown({ a: catchEvent(signal('go')) }, ['fork -> a'], { async: true });
      const { events } = s.complete('now');
      assert.ok(events.some((event) => event.type === 'SignalThrown' && event.isAsync));
      assert.deepEqual(sorted(s.active()), ['a', 'next']);
    });

    it('does not reach who begins to wait because of it', () => {
      const s = thrown({ a: catchEvent(signal('go')), again: catchEvent(signal('go')) }, ['fork -> a -> again']);
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['again', 'next']);
    });
  });

  describe('when it comes to a boundary event', () => {
    const hosted = (interrupting: boolean) =>
      thrown(
        { host: userTask(), edge: boundary('host', signal('go'), interrupting), other: userTask() },
        ['fork -> host', 'edge -> other', 'next -> again -> last'].slice(0, 2),
      );

    it('cancels the host of an interrupting one', () => {
      const s = hosted(true);
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['next', 'other']);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
    });

    it('leaves the host of a non-interrupting one, which can get it again', () => {
      const s = hosted(false);
      assert.ok(s.complete('now').lines.includes('EventReceived edge'));
      assert.deepEqual(sorted(s.active()), ['host', 'next', 'other']);
      s.perform(correlateMessage, { subscriptionId: s.subscriptionsOf('edge')[0]?.id ?? 0 });
      assert.deepEqual(s.active().filter((id) => id === 'other').length, 2);
    });
  });

  describe('when it comes to an event sub-process', () => {
    const besides = (interrupting: boolean) =>
      thrown(
        { host: userTask(), aside: eventSubProcess({ on: start(signal('go'), { interrupting }), work: userTask() }, ['on -> work']) },
        ['fork -> host'],
      );

    it('takes the scope over, and with it the thrower', () => {
      const s = besides(true);
      const { lines } = s.complete('now');
      assert.deepEqual(s.active(), ['aside', 'work']);
      assert.ok(!lines.includes('ElementActivated next'), 'the thrower was interrupted before it went on');
      s.complete('work');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('runs beside the scope when it does not interrupt', () => {
      const s = besides(false);
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['aside', 'host', 'next', 'work']);
    });
  });

  describe('when an event-based gateway waits for it', () => {
    it('wins against the timer', () => {
      const s = thrown({ race: eventBased(), won: catchEvent(signal('go')), lost: catchEvent(duration('PT1H')), after: userTask() }, [
        'fork -> race -> won -> after',
        'race -> lost',
      ]);
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['after', 'next']);
      assert.deepEqual(s.jobsOf('lost'), []);
    });
  });

  describe('when two catchers would each cancel the other', () => {
    it('serves who began to wait first', () => {
      const s = thrown(
        {
          scope: subProcess({ ss: start(), inner: catchEvent(signal('go')), innerDone: userTask() }, ['ss -> inner -> innerDone']),
          edge: boundary('scope', signal('go')),
          other: userTask(),
        },
        ['fork -> scope', 'edge -> other'],
      );
      s.complete('now');
      assert.deepEqual(sorted(s.active()), ['next', 'other']);
    });
  });

  describe('when it is the end event', () => {
    it('throws and ends the path', () => {
      const s = scenario(corePorts([aProcess('p', { s: start(), end: end(signal('done')) }, ['s -> end'])]));
      const { lines } = s.start();
      assert.ok(lines.includes('SignalThrown done'));
      assert.deepEqual(s.status(), ['ended']);
    });
  });
});
