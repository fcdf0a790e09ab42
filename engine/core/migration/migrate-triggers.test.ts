import assert from 'node:assert/strict';
import { NOW } from '#test/support/core-ports.ts';
import { between, process, map, migrate, line } from '#test/support/migration-scenario.ts';
import {
  boundary,
  condition,
  cycle,
  duration,
  eventBased,
  catchEvent,
  eventSubProcess,
  message,
  receiveTask,
  signal,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';

describe('the events that a migrated instance waits for', () => {
  describe('when events wait beside an activity', () => {
    const withEvent = (id: string, event: ReturnType<typeof message>) =>
      process({ a: userTask(), [id]: boundary('a', event), late: userTask() }, ['begin -> a -> over', `${id} -> late -> over`]);

    it('a timer keeps its due time', () => {
      const s = between(withEvent('e', duration('PT1H')), withEvent('e', duration('PT5H')));
      s.start();
      const [job] = s.jobsOf('e');
      s.ports.now += 60_000;
      migrate(s);
      assert.deepEqual(
        s.jobsOf('e').map(({ id, dueAt }) => [id, dueAt]),
        [[job?.id, NOW + 3_600_000]],
      );
      s.due('e');
      assert.deepEqual(s.active(), ['late']);
    });

    it('a timer begins anew when its trigger is updated', () => {
      const s = between(withEvent('e', duration('PT1H')), withEvent('e', duration('PT5H')));
      s.start();
      s.ports.now += 60_000;
      migrate(s, [map('a'), map('e', 'e', true)]);
      assert.deepEqual(
        s.jobsOf('e').map(({ dueAt }) => dueAt - s.ports.now),
        [5 * 3_600_000],
      );
    });

    it('a message keeps its name, unless its trigger is updated', () => {
      const names = (updateEventTrigger: boolean) => {
        const s = between(withEvent('e', message('old')), withEvent('e', message('new')));
        s.start();
        migrate(s, [map('a'), map('e', 'e', updateEventTrigger)]);
        return s.subscriptionsOf('e').map(({ name }) => name);
      };
      assert.deepEqual(names(false), ['old']);
      assert.deepEqual(names(true), ['new']);
    });

    it('what is not mapped ends, what is new begins to wait', () => {
      const s = between(withEvent('gone', signal('x')), withEvent('new', duration('PT2H')));
      s.start();
      const { lines } = migrate(s);
      assert.ok(lines.includes('SubscriptionClosed canceled'));
      assert.equal(s.states()[0]?.subscriptions.length, 0);
      s.due('new');
      assert.deepEqual(s.active(), ['late']);
    });

    it('a condition of the new version counts from now on', () => {
      const s = between(withEvent('e', condition('${x > 1}')), withEvent('e', condition('${x > 5}')));
      s.start({ x: 0 });
      migrate(s);
      s.set({ x: 3 });
      assert.deepEqual(s.active(), ['a']);
      s.set({ x: 6 });
      assert.deepEqual(s.active(), ['late']);
    });

    it('an event that has happened is not waited for again', () => {
      const reminded = process({ a: userTask(), e: boundary('a', duration('PT1H'), false), note: userTask() }, [
        'begin -> a -> over',
        'e -> note -> over',
      ]);
      const s = between(reminded, reminded);
      s.start();
      s.due('e');
      migrate(s);
      assert.deepEqual(s.jobsOf('e'), []);
    });

    it('a cycle goes on as before', () => {
      const reminded = process({ a: userTask(), e: boundary('a', cycle('R3/PT1H'), false), note: userTask() }, [
        'begin -> a -> over',
        'e -> note -> over',
      ]);
      const s = between(reminded, reminded);
      s.start();
      s.due('e');
      migrate(s);
      s.due('e');
      assert.deepEqual(s.active(), ['a', 'note', 'note']);
    });

    it('may move to where its activity went', () => {
      const v2 = process(
        { sub: subProcess({ s: start(), a: userTask(), e: boundary('a', message('m')), late: userTask() }, ['s -> a', 'e -> late']) },
        ['begin -> sub -> over'],
      );
      const s = between(withEvent('e', message('m')), v2);
      s.start();
      migrate(s, [map('a'), map('e')]);
      s.receive('e');
      assert.deepEqual(s.active(), ['sub', 'late']);
    });
  });

  describe('when an instance has event sub-processes', () => {
    const helped = (id: string, event = message('help'), interrupting = true) =>
      process(
        { a: userTask(), [id]: eventSubProcess({ called: start(event, { interrupting }), answer: userTask() }, ['called -> answer']) },
        ['begin -> a -> over'],
      );

    it('keeps what waits, opens what is new and closes what is gone', () => {
      const kept = between(helped('help'), helped('help'));
      kept.start();
      const [subscription] = kept.subscriptionsOf('called');
      migrate(kept);
      assert.deepEqual(
        kept.subscriptionsOf('called').map(({ id }) => id),
        [subscription?.id],
      );
      const opened = between(line, helped('help'));
      opened.start();
      migrate(opened);
      opened.receive('called');
      assert.deepEqual(opened.active(), ['help', 'answer']);
      const closed = between(helped('help'), line);
      closed.start();
      migrate(closed);
      assert.deepEqual(closed.states()[0]?.subscriptions, []);
    });

    it('one that runs goes on', () => {
      const s = between(helped('help'), helped('help', signal('help')));
      s.start();
      s.receive('called');
      migrate(s);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
      s.complete('answer');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('what one has interrupted waits for nothing new', () => {
      const v2 = process(
        {
          a: userTask(),
          help: eventSubProcess({ called: start(message('help')), answer: userTask() }, ['called -> answer']),
          more: eventSubProcess({ again: start(message('more')), reply: userTask() }, ['again -> reply']),
        },
        ['begin -> a -> over'],
      );
      const s = between(helped('help'), v2);
      s.start();
      s.receive('called');
      migrate(s);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
    });
  });

  describe('when an event-based gateway waits', () => {
    const race = (...events: [string, ReturnType<typeof message>][]) =>
      process({ gw: eventBased(), ...Object.fromEntries(events.map(([id, event]) => [id, catchEvent(event)])), next: userTask() }, [
        'begin -> gw',
        ...events.map(([id]) => `gw -> ${id} -> next`),
        'next -> over',
      ]);

    it('keeps the events that are mapped, closes the others and opens the new ones', () => {
      const s = between(race(['m', message('m')], ['x', signal('x')]), race(['t', duration('PT1H')], ['m', message('m')]));
      s.start();
      migrate(s);
      assert.deepEqual([s.subscriptionsOf('m').length, s.states()[0]?.subscriptions.length, s.jobsOf('t').length], [1, 1, 1]);
      s.receive('m');
      assert.deepEqual(s.active(), ['next']);
    });
  });

  describe('when a receive task waits', () => {
    it('goes on by the message it waited for', () => {
      const s = between(
        process({ r: receiveTask('old') }, ['begin -> r -> over']),
        process({ r: receiveTask('new'), b: userTask() }, ['begin -> r -> b -> over']),
      );
      s.start();
      migrate(s);
      assert.equal(s.subscriptionsOf('r')[0]?.name, 'old');
      s.receive('r');
      assert.deepEqual(s.active(), ['b']);
    });

    it('waits for the message of the new version when its trigger is updated', () => {
      const s = between(
        process({ r: receiveTask('old') }, ['begin -> r -> over']),
        process({ r: receiveTask('new') }, ['begin -> r -> over']),
      );
      s.start();
      migrate(s, [map('r', 'r', true)]);
      assert.deepEqual(
        s.subscriptionsOf('r').map(({ name }) => name),
        ['new'],
      );
    });
  });
});
