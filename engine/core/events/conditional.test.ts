import assert from 'node:assert/strict';
import { type Scenario, sorted, startProcess } from '#test/support/core-scenario.ts';
import {
  boundary,
  catchEvent,
  condition,
  duration,
  end,
  eventBased,
  eventSubProcess,
  mapping,
  parallel,
  scriptTask,
  type Specs,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';
import { setVariables } from '../commands/set-variables.ts';
import { suspendInstance } from '../commands/suspend-instance.ts';
import { typed } from '../values.ts';

const waiting = (event = condition('${x > 3}'), variables: Record<string, unknown> = {}) =>
  startProcess({ s: start(), wait: catchEvent(event), after: userTask() }, ['s -> wait -> after'], variables);
const hosted = (interrupting: boolean, event = condition('${x > 3}'), variables: Record<string, unknown> = { x: 0 }, fields = {}) =>
  startProcess(
    { s: start(), host: userTask(fields), edge: boundary('host', event, interrupting), other: userTask() },
    ['s -> host', 'edge -> other'],
    variables,
  );
const count = (s: Scenario, id: string) => s.active().filter((active) => active === id).length;

describe('conditional event', () => {
  describe('when its condition is true as it begins to wait', () => {
    it('goes on at once', () => {
      assert.deepEqual(waiting(undefined, { x: 4 }).active(), ['after']);
    });

    it('does not even begin an activity that it interrupts', () => {
      const s = hosted(true, undefined, { x: 4 });
      assert.deepEqual(s.active(), ['other']);
      assert.equal(s.history.filter(({ type }) => type === 'UserTaskCreated').length, 1);
    });

    it('also when it would count changes of another variable only', () => {
      assert.deepEqual(waiting(condition('${x > 3}', { variableName: 'y' }), { x: 4 }).active(), ['after']);
    });
  });

  describe('when a variable changes', () => {
    it('goes on as soon as its condition is true', () => {
      const s = waiting(undefined, { x: 1 });
      s.set({ x: 2 });
      assert.deepEqual(s.active(), ['wait']);
      const { lines } = s.set({ x: 4 });
      assert.deepEqual(s.active(), ['after']);
      assert.deepEqual(lines.slice(0, 3), ['VariableSet x=4', 'SubscriptionClosed correlated', 'ElementCompleted wait']);
    });

    it('takes a variable that is not there yet for false', () => {
      const s = waiting();
      s.set({ y: 1 });
      assert.deepEqual(s.active(), ['wait']);
      s.set({ x: 4 });
      assert.deepEqual(s.active(), ['after']);
    });

    it('fails the command when the condition is neither true nor false', () => {
      const s = waiting(condition('${x}'));
      assert.throws(() => s.set({ x: 5 }), { code: 'CONDITION_NOT_BOOLEAN' });
    });

    it('looks at the variables as they were after each change, not after the last one', () => {
      const s = hosted(false, condition('${x == 1 && y == 1}'), { x: 0, y: 0 });
      s.set({ x: 1, y: 1 });
      assert.equal(count(s, 'other'), 1);
      s.set({ x: 2, y: 2 });
      s.set({ y: 1, x: 1, z: 1 });
      assert.equal(count(s, 'other'), 3);
    });

    it('counts only the variable and the changes that it names', () => {
      const s = hosted(false, condition('${x > 3}', { variableName: 'x', variableEvents: ['update'] }), {});
      s.set({ x: 4 });
      s.set({ y: 4 });
      assert.equal(count(s, 'other'), 0);
      s.set({ x: 5 });
      assert.equal(count(s, 'other'), 1);
    });

    it('counts the deletion of a variable', () => {
      const s = hosted(false, condition('${y == 1}', { variableEvents: ['delete'] }), { x: 4, y: 1 });
      const already = count(s, 'other');
      s.perform(setVariables, { instanceId: s.states()[0]?.id ?? 0, remove: ['x'] });
      assert.equal(count(s, 'other') - already, 1);
    });
  });

  describe('when it does not interrupt', () => {
    it('happens with each change while its condition is true, also with the same value again', () => {
      const s = hosted(false);
      s.set({ x: 4 });
      s.set({ x: 4 });
      s.set({ y: 1 });
      assert.equal(count(s, 'other'), 3);
      s.set({ x: 0 });
      assert.equal(count(s, 'other'), 3);
    });
  });

  describe('when the variable belongs to another scope', () => {
    const specs: Specs = {
      s: start(),
      fork: parallel(),
      wait: catchEvent(condition('${x > 3}')),
      scope: subProcess({ ss: start(), inner: userTask({ inputs: [mapping('x', '${5}')] }) }, ['ss -> inner']),
      edge: boundary('scope', condition('${x > 3}'), false),
      other: userTask(),
    };
    it('does not see changes inside a scope beside it or below it', () => {
      const s = startProcess(specs, ['s -> fork -> wait', 'fork -> scope', 'edge -> other'], { x: 0 });
      assert.deepEqual(sorted(s.active()), ['inner', 'scope', 'wait']);
    });

    it('sees those of the scopes around it', () => {
      const s = startProcess(specs, ['s -> fork -> wait', 'fork -> scope', 'edge -> other'], { x: 0 });
      s.set({ x: 4 });
      assert.deepEqual(sorted(s.active()), ['inner', 'other', 'scope']);
    });

    it('sees the input parameters of its host', () => {
      const s = hosted(true, undefined, { x: 0 }, { inputs: [mapping('x', '${4}')] });
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when a task is completed with the variable', () => {
    it('interrupts what is about to be left', () => {
      const s = startProcess(
        { s: start(), host: userTask(), edge: boundary('host', condition('${x > 3}')), other: userTask(), next: userTask() },
        ['s -> host -> next', 'edge -> other'],
        { x: 0 },
      );
      const { lines } = s.complete('host', { x: 4 });
      assert.deepEqual(s.active(), ['other']);
      assert.ok(lines.includes('UserTaskEnded host completed') && lines.includes('ElementCanceled host'));
    });

    it('goes on beside it when it does not interrupt', () => {
      const s = startProcess(
        { s: start(), host: userTask(), edge: boundary('host', condition('${x > 3}'), false), other: userTask(), next: userTask() },
        ['s -> host -> next', 'edge -> other'],
        { x: 0 },
      );
      s.complete('host', { x: 4 });
      assert.deepEqual(sorted(s.active()), ['next', 'other']);
    });

    it('is not seen by what has output parameters only, which are for the time after', () => {
      const s = startProcess(
        {
          s: start(),
          host: userTask({ outputs: [mapping('x', '${4}')] }),
          edge: boundary('host', condition('${x > 3}')),
          other: userTask(),
          next: userTask(),
        },
        ['s -> host -> next', 'edge -> other'],
        { x: 0 },
      );
      s.complete('host');
      assert.deepEqual(s.active(), ['next']);
    });

    it('lets an event sub-process take over before the next element begins', () => {
      const s = startProcess(
        {
          s: start(),
          host: userTask(),
          edge: boundary('host', condition('${x > 3}')),
          other: userTask(),
          next: userTask(),
          aside: eventSubProcess({ on: start(condition('${x > 3}'), { interrupting: true }), work: userTask() }, ['on -> work']),
        },
        ['s -> host -> next', 'edge -> other'],
        { x: 0 },
      );
      const { lines } = s.complete('host', { x: 4 });
      assert.deepEqual(s.active(), ['aside', 'work']);
      assert.ok(lines.includes('UserTaskEnded host completed'));
      assert.ok(!lines.includes('ElementActivated next'));
    });
  });

  describe('when it starts an event sub-process', () => {
    const besides = (interrupting: boolean, variables: Record<string, unknown>) =>
      startProcess(
        {
          s: start(),
          host: userTask(),
          aside: eventSubProcess({ on: start(condition('${x > 3}'), { interrupting }), work: userTask() }, ['on -> work']),
        },
        ['s -> host'],
        variables,
      );
    it('takes the scope over', () => {
      const s = besides(true, { x: 0 });
      s.set({ x: 4 });
      assert.deepEqual(s.active(), ['aside', 'work']);
      s.set({ x: 5 });
      assert.deepEqual(s.active(), ['aside', 'work']);
    });

    it('takes a process over that begins with a true condition', () => {
      assert.deepEqual(besides(true, { x: 4 }).active(), ['aside', 'work']);
    });

    it('runs beside the scope each time when it does not interrupt', () => {
      const s = besides(false, { x: 0 });
      s.set({ x: 4 });
      s.set({ x: 5 });
      assert.equal(count(s, 'work'), 2);
      assert.equal(count(s, 'host'), 1);
    });
  });

  describe('when an event-based gateway waits for it', () => {
    it('wins', () => {
      const s = startProcess(
        { s: start(), race: eventBased(), won: catchEvent(condition('${x > 3}')), lost: catchEvent(duration('PT1H')), after: userTask() },
        ['s -> race -> won -> after', 'race -> lost'],
      );
      s.set({ x: 4 });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the work of its host sets the variable', () => {
    it('interrupts the host before it is left', () => {
      const s = startProcess(
        { s: start(), set: scriptTask('${write()}'), edge: boundary('set', condition('${x > 3}')), other: userTask(), next: userTask() },
        ['s -> set -> next', 'edge -> other'],
        { x: 0 },
        { '${write()}': ({ execution }) => execution.setVariable?.('x', typed(9)) },
      );
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when a script sets the variable', () => {
    it('happens before the next step', () => {
      const s = startProcess(
        {
          s: start(),
          fork: parallel(),
          wait: catchEvent(condition('${x > 3}')),
          got: userTask(),
          first: userTask(),
          set: scriptTask('${write()}'),
          end: end(),
        },
        ['s -> fork -> wait -> got', 'fork -> first -> set -> end'],
        { x: 0 },
        { '${write()}': ({ execution }) => execution.setVariable?.('x', typed(9)) },
      );
      const { lines } = s.complete('first');
      assert.ok(lines.indexOf('ElementCompleted wait') < lines.indexOf('ElementCompleted end'));
      assert.deepEqual(s.active(), ['got']);
    });
  });

  describe('when it triggers itself for ever', () => {
    it('ends the command at the step limit with an async continuation', () => {
      const again = eventSubProcess(
        { on: start(condition('${x > 3}'), { interrupting: false }), more: scriptTask('${write()}'), e: end() },
        ['on -> more -> e'],
      );
      const s = startProcess(
        { s: start(), host: userTask(), again },
        ['s -> host'],
        { x: 0 },
        { '${write()}': ({ execution }) => execution.setVariable?.('x', typed(9)) },
      );
      s.set({ x: 4 });
      assert.ok(s.states()[0]?.jobs.some(({ kind }) => kind === 'async-before'));
    });
  });

  describe('when its instance is suspended', () => {
    it('does not happen', () => {
      const s = waiting(undefined, { x: 1 });
      s.perform(suspendInstance, { instanceId: s.states()[0]?.id ?? 0 });
      s.set({ x: 4 });
      assert.deepEqual(s.active(), ['wait']);
    });
  });

  it('takes a failing script for false', () => {
    const script = { language: 'javascript' as const, source: 'broken()' };
    const s = waiting({ type: 'conditional', condition: script });
    s.set({ x: 4 });
    assert.deepEqual(s.active(), ['wait']);
  });
});
