import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  compensation,
  duration,
  end,
  eventSubProcess,
  exclusive,
  expr,
  inclusive,
  linkCatch,
  linkThrow,
  message,
  parallel,
  type Specs,
  start,
  subProcess,
  task,
  terminate,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { deleteInstance } from '../commands/delete-instance.ts';

const run = (elements: Specs, flows: string[], variables: Record<string, unknown> = {}) => {
  const s = scenario(corePorts([aProcess('p', elements, flows)]));
  s.start(variables);
  return s;
};

describe('inclusive gateway', () => {
  describe('as a fork', () => {
    const elements = { start: start(), fork: inclusive(), a: userTask(), b: userTask(), c: userTask() };
    const flows = ['start -> fork', 'fork -> a if ${x > 1}', 'fork -> b if ${x > 2}'];

    it('takes every flow whose condition is true', () => assert.deepEqual(run(elements, flows, { x: 3 }).active(), ['a', 'b']));
    it('takes a flow without a condition always', () => {
      assert.deepEqual(run(elements, [...flows, 'fork -> c'], { x: 2 }).active(), ['a', 'c']);
    });
    it('takes the default flow when no condition is true, and only then', () => {
      assert.deepEqual(run(elements, [...flows, 'fork -> c default'], { x: 1 }).active(), ['c']);
      assert.deepEqual(run(elements, [...flows, 'fork -> c default'], { x: 2 }).active(), ['a']);
    });
    it('fails when no condition is true and there is no default flow', () => {
      assert.throws(() => run(elements, flows, { x: 1 }), { code: 'NO_FLOW_TAKEN', elementId: 'fork' });
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
      const s = run(elements, flows, { x: 2 });
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
      const s = run(elements, flows, { x: 1 });
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });

    it('lets one token out when all branches run without a stop', () => {
      const quick = { ...elements, a: task(), b: task(), c: task() };
      assert.deepEqual(run(quick, flows, { x: 3 }).active(), ['after']);
    });

    it('parks before itself with the joined token only', () => {
      const s = run({ ...elements, a: task(), b: task(), join: inclusive({ asyncBefore: true }) }, flows, { x: 2 });
      assert.deepEqual(s.active(), ['join']);
      s.due('join');
      assert.deepEqual(s.active(), ['after']);
    });

    it('splits by its conditions as well', () => {
      const both = { ...elements, d: userTask() };
      const s = run(both, [...flows.slice(0, -1), 'join -> after if ${x > 1}', 'join -> d if ${x > 0}'], { x: 2 });
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
      const s = run(elements, flows, { back: false });
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
    });
    it('goes on when that token is gone, unlike Camunda 7', () => {
      const s = run(elements, flows, { back: false });
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
      const s = run(elements, flows);
      s.complete('a');
      s.due('late');
      assert.deepEqual(s.active(), ['other', 'after']);
    });
    it('waits for the way of the boundary event when it leads back', () => {
      const s = run(elements, [...flows, 'other -> join']);
      s.complete('a');
      s.due('late');
      assert.deepEqual(s.active(), ['other']);
      s.complete('other');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when forks and joins are nested', () => {
    const elements = {
      start: start(),
      fork: inclusive(),
      fork2: inclusive(),
      a: userTask(),
      b: userTask(),
      c: userTask(),
      join2: inclusive(),
      join: inclusive(),
      after: userTask(),
    };
    const flows = [
      'start -> fork',
      'fork -> fork2',
      'fork -> c if ${c}',
      'fork2 -> a',
      'fork2 -> b if ${b}',
      'a -> join2',
      'b -> join2',
      'join2 -> join',
      'c -> join',
      'join -> after',
    ];

    it('the outer join waits for tokens that wait at the inner one', () => {
      const s = run(elements, flows, { b: true, c: true });
      s.complete('c');
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
      s.complete('b');
      assert.deepEqual(s.active(), ['after']);
    });
    it('both go on in one step when nothing else is expected', () => {
      const s = run(elements, flows, { b: false, c: false });
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when two joins stand one behind the other', () => {
    it('the second waits for the token of the first', () => {
      const s = run(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          c: userTask(),
          first: inclusive(),
          second: inclusive(),
          after: userTask(),
        },
        ['start -> fork', 'fork -> a -> first', 'fork -> b -> first', 'fork -> c -> second', 'first -> second', 'second -> after'],
      );
      s.complete('c');
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
      const { lines } = s.complete('b');
      assert.deepEqual(
        lines.filter((line) => line.startsWith('GatewayJoined')),
        ['GatewayJoined first', 'GatewayJoined second'],
      );
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a token upstream is inside an activity', () => {
    const around = { start: start(), fork: parallel(), a: userTask(), join: inclusive(), after: userTask() };
    const flows = ['start -> fork', 'fork -> a -> join', 'fork -> work -> join', 'join -> after'];

    it('waits for a sub-process', () => {
      const work = subProcess({ s0: start(), inner: userTask(), other: userTask(), split: parallel() }, [
        's0 -> split',
        'split -> inner',
        'split -> other',
      ]);
      const s = run({ ...around, work }, flows);
      s.complete('a');
      s.complete('inner');
      assert.deepEqual(s.active(), ['work', 'other']);
      s.complete('other');
      assert.deepEqual(s.active(), ['after']);
    });

    it('waits for all items of a multi-instance body', () => {
      const work = userTask({ multiInstance: { sequential: true, cardinality: expr('${2}') } });
      const s = run({ ...around, work }, flows);
      s.complete('a');
      s.complete('work');
      assert.ok(!s.active().includes('after'));
      s.complete('work');
      assert.deepEqual(s.active(), ['after']);
    });

    const called = aProcess('called', { s0: start(), inner: userTask() }, ['s0 -> inner']);
    const calling = () => {
      const s = scenario(corePorts([aProcess('p', { ...around, work: callActivity('called') }, flows), called]));
      s.start();
      s.complete('a');
      return s;
    };
    it('waits for a called process', () => {
      const s = calling();
      assert.deepEqual(s.active(), ['work', 'inner']);
      s.complete('inner');
      assert.deepEqual(s.active(), ['after']);
    });
    it('goes on when the called process is deleted', () => {
      const s = calling();
      const instanceId = s.states()[1]?.id ?? 0;
      s.perform(deleteInstance, { instanceId, reason: null });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it stands inside a sub-process', () => {
    const inner = {
      s0: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      join: inclusive(),
      stop: end(terminate),
      done: end(),
    };
    const elements = {
      start: start(),
      outer: parallel(),
      work: subProcess(inner, ['s0 -> fork', 'fork -> a -> join', 'fork -> b -> stop', 'join -> done']),
      beside: userTask(),
      after: userTask(),
    };
    const flows = ['start -> outer', 'outer -> work -> after', 'outer -> beside'];

    it('looks at the tokens of its own scope only', () => {
      const s = run(elements, flows);
      s.complete('a');
      assert.deepEqual(s.active(), ['work', 'beside', 'b']);
      assert.deepEqual(s.states()[0]?.arrivals, []);
    });

    it('loses its tokens when the scope is terminated', () => {
      const waiting = { ...inner, c: userTask() };
      const work = subProcess(waiting, ['s0 -> fork', 'fork -> a -> join', 'fork -> c -> join', 'fork -> b -> stop', 'join -> done']);
      const s = run({ ...elements, work }, flows);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['beside', 'after']);
      assert.deepEqual(s.states()[0]?.arrivals, []);
    });

    it('joins each item of a multi-instance for itself', () => {
      const work = subProcess(
        { s0: start(), fork: inclusive(), a: userTask(), b: userTask(), join: inclusive() },
        ['s0 -> fork', 'fork -> a', 'fork -> b if ${loopCounter == 1}', 'a -> join', 'b -> join'],
        { multiInstance: { sequential: false, cardinality: expr('${2}') } },
      );
      const s = run({ ...elements, work }, flows);
      s.complete('b');
      const [first, second] = s.instancesOf('a');
      assert.ok(first && second);
      s.completeById(second.id);
      assert.deepEqual(s.active(), ['work', 'beside', 'work', 'a']);
      s.completeById(first.id);
      assert.deepEqual(s.active(), ['beside', 'after']);
    });
  });

  describe('when an interrupting event sub-process takes the scope over', () => {
    it('loses the tokens that wait', () => {
      const s = run(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          join: inclusive(),
          stop: eventSubProcess({ on: start(message('stop')), tidy: userTask() }, ['on -> tidy']),
        },
        ['start -> fork', 'fork -> a -> join', 'fork -> b -> join'],
      );
      s.complete('a');
      s.receive('on');
      assert.deepEqual(s.active(), ['stop', 'tidy']);
      s.complete('tidy');
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when a link leads to it', () => {
    it('waits for tokens before the throwing link', () => {
      const s = run(
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

  describe('when what is upstream is only being undone', () => {
    it('does not wait for it: its token has gone on long ago', () => {
      const sub = subProcess({ s0: start(), book: task(), undo: undoneBy('book', 'unbook'), unbook: userTask() }, ['s0 -> book']);
      const s = run(
        {
          start: start(),
          fork: parallel(),
          a: userTask(),
          sub,
          regret: throwEvent(compensation('sub', false)),
          which: exclusive(),
          no: end(),
          join: inclusive(),
          after: userTask(),
        },
        [
          'start -> fork',
          'fork -> a -> join',
          'fork -> sub -> regret -> which',
          'which -> join if ${false}',
          'which -> no default',
          'join -> after',
        ],
      );
      assert.deepEqual(s.active(), ['a', 'regret', 'sub', 'unbook']);
      s.complete('a');
      assert.deepEqual(s.active(), ['regret', 'sub', 'unbook', 'after']);
    });
  });

  describe('when a token could come over an empty flow and over a full one', () => {
    // BPMN 2.0.2, 13.4.3: such a token is not waited for. Camunda 7 waits.
    it('goes on', () => {
      const s = run(
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
      const s = run({ start: start(), fork: task(), merge: exclusive(), a: userTask(), join: inclusive(), after: userTask() }, [
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
      const s = run(elements, flows, { n: 1 });
      for (const n of [1, 2]) {
        s.complete('a', { n });
        assert.deepEqual(s.active(), ['a']);
      }
      s.complete('a', { n: 3 });
      assert.deepEqual(s.status(), ['ended']);
    });

    it('joins the branches of each round', () => {
      const s = run(
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
      const s = run({ start: start(), merge: inclusive(), a: task() }, ['start -> merge', 'merge -> a -> merge']);
      const [job, another] = s.states()[0]?.jobs ?? [];
      assert.equal(job?.kind, 'async-before');
      assert.equal(another, undefined);
    });
  });

  describe('when two joins wait for each other', () => {
    // Each join has one way in from outside and one from the other join: a vicious circle, in which BPMN would wait for ever.
    const elements = {
      start: start(),
      fork: parallel(),
      a: userTask(),
      b: userTask(),
      left: inclusive(),
      right: inclusive(),
      l: exclusive(),
      r: exclusive(),
      x: userTask(),
      y: userTask(),
    };
    const flows = [
      'start -> fork',
      'fork -> a -> left',
      'fork -> b -> right',
      'left -> l',
      'right -> r',
      'l -> right if ${cross}',
      'l -> x default',
      'r -> left if ${cross}',
      'r -> y default',
    ];

    it('the one whose token came first goes on', () => {
      const s = run(elements, flows, { cross: false });
      s.complete('b');
      assert.deepEqual(s.active(), ['a']);
      const { lines } = s.complete('a');
      assert.deepEqual(
        lines.filter((line) => line.startsWith('GatewayJoined')),
        ['GatewayJoined right', 'GatewayJoined left'],
      );
      assert.deepEqual(s.active(), ['y', 'x']);
    });

    it('waits while anything alive could still change that', () => {
      const s = run({ ...elements, c: userTask() }, [...flows, 'fork -> c', 'c -> left'], { cross: false });
      s.complete('b');
      s.complete('a');
      assert.deepEqual(s.active(), ['c']);
      s.complete('c');
      assert.deepEqual(s.active(), ['y', 'x']);
    });
  });

  describe('when the tokens it waits for are stuck at a parallel join', () => {
    it('goes on, as nothing can ever move them', () => {
      const s = run(
        {
          start: start(),
          fork: parallel(),
          which: exclusive(),
          a: userTask(),
          both: parallel(),
          join: inclusive(),
          after: userTask(),
          other: end(),
        },
        [
          'start -> fork',
          'fork -> both',
          'fork -> which',
          'which -> both if ${false}',
          'which -> other default',
          'fork -> a -> join',
          'both -> join',
          'join -> after',
        ],
      );
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });
});
