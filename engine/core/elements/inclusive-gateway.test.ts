import assert from 'node:assert/strict';
import { startProcess } from '#test/support/core-scenario.ts';
import {
  boundary,
  duration,
  end,
  exclusive,
  inclusive,
  linkCatch,
  linkThrow,
  parallel,
  start,
  task,
  userTask,
} from '#test/support/process-builder.ts';

describe('inclusive gateway', () => {
  describe('as a fork', () => {
    const elements = { start: start(), fork: inclusive(), a: userTask(), b: userTask(), c: userTask() };
    const flows = ['start -> fork', 'fork -> a if ${x > 1}', 'fork -> b if ${x > 2}'];

    it('takes every flow whose condition is true', () => assert.deepEqual(startProcess(elements, flows, { x: 3 }).active(), ['a', 'b']));
    it('takes a flow without a condition always', () => {
      assert.deepEqual(startProcess(elements, [...flows, 'fork -> c'], { x: 2 }).active(), ['a', 'c']);
    });
    it('takes the default flow when no condition is true, and only then', () => {
      assert.deepEqual(startProcess(elements, [...flows, 'fork -> c default'], { x: 1 }).active(), ['c']);
      assert.deepEqual(startProcess(elements, [...flows, 'fork -> c default'], { x: 2 }).active(), ['a']);
    });
    it('fails when no condition is true and there is no default flow', () => {
      assert.throws(() => startProcess(elements, flows, { x: 1 }), { code: 'NO_FLOW_TAKEN', elementId: 'fork' });
    });
  });

  describe('as a join', () => {
    const elements = {
      start: start(),
      fork: inclusive(),
      a: userTask(),
      b: userTask(),
      c: userTask(),
      join: inclusive(),
      after: userTask(),
    };
    const flows = [
      'start -> fork',
      'fork -> a if ${x > 0}',
      'fork -> b if ${x > 1}',
      'fork -> c if ${x > 2}',
      'a -> join',
      'b -> join',
      'c -> join',
      'join -> after',
    ];

    it('waits for the branches that were taken and no others', () => {
      const s = startProcess(elements, flows, { x: 2 });
      assert.deepEqual(s.complete('b').lines.slice(1), ['ElementCompleted b', 'TokenArrived join']);
      assert.deepEqual(s.complete('a').lines.slice(1), [
        'ElementCompleted a',
        'TokenArrived join',
        'GatewayJoined join',
        'ElementActivated join',
        'ElementCompleted join',
        'ElementActivated after',
        'UserTaskCreated after',
      ]);
      assert.deepEqual(s.active(), ['after']);
    });

    it('goes on at once when one branch was taken', () => {
      const s = startProcess(elements, flows, { x: 1 });
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });

    it('lets one token out when all branches run without a stop', () => {
      const quick = { ...elements, a: task(), b: task(), c: task() };
      assert.deepEqual(startProcess(quick, flows, { x: 3 }).active(), ['after']);
    });

    it('parks before itself with the joined token only', () => {
      const s = startProcess({ ...elements, a: task(), b: task(), join: inclusive({ asyncBefore: true }) }, flows, { x: 2 });
      assert.deepEqual(s.active(), ['join']);
      s.due('join');
      assert.deepEqual(s.active(), ['after']);
    });

    it('splits by its conditions as well', () => {
      const both = { ...elements, d: userTask() };
      const s = startProcess(both, [...flows.slice(0, -1), 'join -> after if ${x > 1}', 'join -> d if ${x > 0}'], { x: 2 });
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['after', 'd']);
    });
  });

  describe('when a branch ends elsewhere', () => {
    const elements = {
      start: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      which: exclusive(),
      join: inclusive(),
      after: userTask(),
      end: end(),
    };
    const flows = [
      'start -> fork',
      'fork -> a -> join',
      'fork -> b -> which',
      'which -> join if ${back}',
      'which -> end default',
      'join -> after',
    ];

    it('waits as long as its token could still come', () => {
      const s = startProcess(elements, flows, { back: false });
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
    });
    it('goes on when that token is gone, unlike Camunda 7', () => {
      const s = startProcess(elements, flows, { back: false });
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a boundary event takes a branch away', () => {
    const elements = {
      start: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      late: boundary('b', duration('PT1H')),
      other: userTask(),
      join: inclusive(),
      after: userTask(),
    };
    const flows = ['start -> fork', 'fork -> a -> join', 'fork -> b -> join', 'late -> other', 'join -> after'];

    it('goes on when the event was the only way left', () => {
      const s = startProcess(elements, flows);
      s.complete('a');
      s.due('late');
      assert.deepEqual(s.active(), ['other', 'after']);
    });
    it('waits for the way of the boundary event when it leads back', () => {
      const s = startProcess(elements, [...flows, 'other -> join']);
      s.complete('a');
      s.due('late');
      assert.deepEqual(s.active(), ['other']);
      s.complete('other');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a link leads to it', () => {
    it('waits for tokens before the throwing link', () => {
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          out: linkThrow('L'),
          in: linkCatch('L'),
          join: inclusive(),
          after: userTask(),
        },
        ['start -> fork', 'fork -> a -> join', 'fork -> b -> out', 'in -> join', 'join -> after'],
      );
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
      s.complete('b');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a token could come over an empty flow and over a full one', () => {
    // BPMN 2.0.2, 13.4.3: such a token is not waited for. Camunda 7 waits.
    it('goes on', () => {
      const s = startProcess(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          which: exclusive(),
          merge: exclusive(),
          join: inclusive(),
          after: userTask(),
        },
        [
          'start -> fork',
          'fork -> a -> merge',
          'fork -> b -> which',
          'which -> merge default',
          'which -> join if ${false}',
          'merge -> join',
          'join -> after',
        ],
      );
      s.complete('a');
      assert.deepEqual(s.active(), ['b', 'after']);
    });
  });

  describe('when two tokens come over the same flow', () => {
    it('takes one of each and goes on with the rest afterwards', () => {
      const s = startProcess({ start: start(), fork: task(), merge: exclusive(), a: userTask(), join: inclusive(), after: userTask() }, [
        'start -> fork',
        'fork -> merge',
        'fork -> merge',
        'fork -> a',
        'merge -> join',
        'a -> join',
        'join -> after',
      ]);
      assert.deepEqual(
        s.states()[0]?.arrivals.map(({ count }) => count),
        [2],
      );
      s.complete('a');
      assert.deepEqual(s.active(), ['after', 'after']);
    });
  });

  describe('in a loop', () => {
    const elements = { start: start(), merge: inclusive(), a: userTask(), again: inclusive(), end: end() };
    const flows = ['start -> merge', 'merge -> a -> again', 'again -> merge if ${n < 3}', 'again -> end if ${n > 2}'];

    it('lets the first token in, and each that comes round', () => {
      const s = startProcess(elements, flows, { n: 1 });
      for (const n of [1, 2]) {
        s.complete('a', { n });
        assert.deepEqual(s.active(), ['a']);
      }
      s.complete('a', { n: 3 });
      assert.deepEqual(s.status(), ['ended']);
    });

    it('joins the branches of each round', () => {
      const s = startProcess(
        {
          start: start(),
          merge: exclusive(),
          fork: inclusive(),
          a: userTask(),
          b: userTask(),
          join: inclusive(),
          again: exclusive(),
          end: end(),
        },
        [
          'start -> merge -> fork',
          'fork -> a',
          'fork -> b',
          'a -> join',
          'b -> join',
          'join -> again',
          'again -> merge if ${more}',
          'again -> end default',
        ],
      );
      for (const more of [true, true, false]) {
        s.complete('b', { more });
        assert.deepEqual(s.active(), ['a']);
        s.complete('a');
      }
      assert.deepEqual(s.status(), ['ended']);
    });

    it('stops at the step limit of a command, and goes on as a job', () => {
      const s = startProcess({ start: start(), merge: inclusive(), a: task() }, ['start -> merge', 'merge -> a -> merge']);
      const [job, another] = s.states()[0]?.jobs ?? [];
      assert.equal(job?.kind, 'async-before');
      assert.equal(another, undefined);
    });
  });
});
