import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, sorted } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  end,
  escalation,
  eventSubProcess,
  start,
  subProcess,
  throwEvent,
  userTask,
} from '#test/support/process-builder.ts';
import { throwTaskError } from '../commands/throw-task-error.ts';
import { throwTaskEscalation } from '../commands/throw-task-escalation.ts';

type Specs = Parameters<typeof aProcess>[1];

/** An escalation `E-1` is thrown in a sub-process; `around` says who catches it outside, `inside` what else is in the sub-process. */
function thrown({
  around = {},
  flows = [],
  inside = {},
  last = false,
}: {
  around?: Specs;
  flows?: string[];
  inside?: Specs;
  last?: boolean;
}) {
  const thrower = last ? end(escalation('E-1')) : throwEvent(escalation('E-1'));
  const scope = subProcess({ ss: start(), first: userTask(), throw: thrower, ...(last ? {} : { next: userTask() }), ...inside }, [
    last ? 'ss -> first -> throw' : 'ss -> first -> throw -> next',
  ]);
  const s = scenario(corePorts([aProcess('p', { s: start(), scope, after: userTask(), ...around }, ['s -> scope -> after', ...flows])]));
  s.start();
  return s;
}

describe('escalation', () => {
  describe('when nobody catches it', () => {
    it('lets the thrower go on', () => {
      const s = thrown({});
      assert.ok(s.complete('first').lines.includes('EscalationThrown E-1 caught by nobody'));
      assert.deepEqual(s.active(), ['scope', 'next']);
    });

    it('ends like a none end event', () => {
      const s = thrown({ last: true });
      s.complete('first');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a boundary event catches it', () => {
    it('interrupts the host', () => {
      const s = thrown({ around: { edge: boundary('scope', escalation('E-1', 'code')), other: userTask() }, flows: ['edge -> other'] });
      const { lines } = s.complete('first');
      assert.deepEqual(s.active(), ['other']);
      assert.equal(s.variable('code'), 'E-1');
      assert.ok(!lines.includes('ElementActivated next'));
    });

    it('goes on beside the thrower when it does not interrupt', () => {
      const s = thrown({ around: { edge: boundary('scope', escalation(), false), other: userTask() }, flows: ['edge -> other'] });
      const { lines } = s.complete('first');
      assert.deepEqual(sorted(s.active()), ['next', 'other', 'scope']);
      assert.ok(lines.indexOf('UserTaskCreated other') < lines.indexOf('UserTaskCreated next'), 'the catcher runs first');
    });

    it('takes the one of this code before one of every code', () => {
      const s = thrown({
        around: {
          any: boundary('scope', escalation()),
          exact: boundary('scope', escalation('E-1')),
          no: boundary('scope', escalation('E-2')),
          a: userTask(),
          b: userTask(),
          c: userTask(),
        },
        flows: ['any -> a', 'exact -> b', 'no -> c'],
      });
      s.complete('first');
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when an event sub-process catches it', () => {
    const aside = (interrupting: boolean) => ({
      aside: eventSubProcess({ on: start(escalation('E-1'), { interrupting }), work: userTask() }, ['on -> work']),
    });

    it('takes the scope over', () => {
      const s = thrown({ inside: aside(true) });
      s.complete('first');
      assert.deepEqual(s.active(), ['scope', 'aside', 'work']);
    });

    it('runs beside the thrower when it does not interrupt', () => {
      const s = thrown({ inside: aside(false) });
      s.complete('first');
      assert.deepEqual(sorted(s.active()), ['aside', 'next', 'scope', 'work']);
    });

    it('hands what it throws itself to those outside', () => {
      const rethrow = {
        aside: eventSubProcess({ on: start(escalation('E-1'), { interrupting: true }), again: end(escalation('E-1')) }, ['on -> again']),
      };
      const s = thrown({
        inside: rethrow,
        around: { edge: boundary('scope', escalation('E-1')), other: userTask() },
        flows: ['edge -> other'],
      });
      s.complete('first');
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when a called process throws it', () => {
    it('comes to the call activity each time, with the results so far', () => {
      const called = aProcess('q', { s: start(), one: throwEvent(escalation('E-1')), work: userTask(), two: end(escalation('E-1')) }, [
        's -> one -> work -> two',
      ]);
      const call = callActivity('q', {
        in: [{ kind: 'all', local: false }],
        out: [{ kind: 'variable', source: 'found', target: 'result', local: false }],
      });
      const caller = aProcess(
        'p',
        { s: start(), call, edge: boundary('call', escalation('E-1', 'code'), false), other: userTask(), after: userTask() },
        ['s -> call -> after', 'edge -> other'],
      );
      const s = scenario(corePorts([caller, called]));
      s.start({ found: 1 });
      assert.deepEqual([sorted(s.active()), s.variable('result')], [['call', 'other', 'work'], 1]);
      s.complete('work', { found: 2 });
      assert.deepEqual([sorted(s.active()), s.variable('result')], [['after', 'other', 'other'], 2]);
      assert.deepEqual(s.status(), ['active', 'ended']);
    });
  });

  describe('when a user task escalates', () => {
    const onTask = (interrupting: boolean) => {
      const s = scenario(
        corePorts([
          aProcess('p', { s: start(), work: userTask(), edge: boundary('work', escalation('E-1'), interrupting), other: userTask() }, [
            's -> work',
            'edge -> other',
          ]),
        ]),
      );
      s.start();
      return s;
    };
    const escalate = (s: ReturnType<typeof onTask>, code: string) =>
      s.perform(throwTaskEscalation, { taskId: s.taskOf('work'), code, variables: { x: { type: 'Integer', value: 3 } } });

    it('goes to the boundary event, and the task stays unless that one interrupts', () => {
      const kept = onTask(false);
      escalate(kept, 'E-1');
      assert.deepEqual([kept.active(), kept.variable('x')], [['work', 'other'], 3]);
      const gone = onTask(true);
      assert.ok(escalate(gone, 'E-1').lines.includes('UserTaskEnded work canceled'));
      assert.deepEqual(gone.active(), ['other']);
    });

    it('sets its variables in the called process, and the caller gets what the call hands over', () => {
      const called = aProcess('q', { s: start(), work: userTask(), e: end() }, ['s -> work -> e']);
      const call = callActivity('q', { out: [{ kind: 'variable', source: 'x', target: 'result', local: false }] });
      const caller = aProcess('p', { s: start(), call, edge: boundary('call', escalation('E-1'), false), other: userTask() }, [
        's -> call',
        'edge -> other',
      ]);
      const s = scenario(corePorts([caller, called]));
      s.start();
      escalate(s, 'E-1');
      assert.deepEqual([s.variable('result'), s.variable('x'), s.variable('x', s.states()[1])], [3, undefined, 3]);
      assert.deepEqual(sorted(s.active()), ['call', 'other', 'work']);
    });

    it('is refused when nobody catches it', () => {
      assert.throws(() => escalate(onTask(false), 'E-2'), { code: 'ESCALATION_NOT_CAUGHT' });
    });
  });

  describe('when a user task throws an error that nobody catches', () => {
    it('ends the path', () => {
      const s = scenario(corePorts([aProcess('p', { s: start(), work: userTask(), after: userTask() }, ['s -> work -> after'])]));
      s.start();
      const { lines } = s.perform(throwTaskError, { taskId: s.taskOf('work'), code: 'E-1', message: null });
      assert.ok(lines.includes('UserTaskEnded work canceled'));
      assert.deepEqual(s.status(), ['ended']);
    });
  });
});
