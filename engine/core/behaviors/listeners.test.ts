import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  catchEvent,
  duration,
  end,
  error,
  eventBased,
  exclusive,
  expr,
  mapping,
  message,
  parallel,
  scriptTask,
  start,
  subProcess,
  task,
  terminate,
  userTask,
} from '#test/support/process-builder.ts';
import type { Specs } from '#test/support/process-builder.ts';
import { deleteInstance } from '../commands/delete-instance.ts';
import { Failure } from '../failure.ts';
import type { EvaluationContext } from '../ports.ts';
import { typed } from '../values.ts';

const both = {
  listeners: [
    { event: 'start', expression: expr('${note}') },
    { event: 'end', expression: expr('${note}') },
  ],
} as unknown as Record<string, never>;

/** What each `${note}` listener was called for, e.g. `a start`. */
function observed(children: Specs, flows: string[], fields: Record<string, unknown> = {}, others: ReturnType<typeof aProcess>[] = []) {
  const notes: string[] = [];
  const note = ({ execution, variable }: EvaluationContext) => {
    const loop = variable('loopCounter');
    notes.push(`${execution.currentActivityId} ${execution.eventName}${loop ? ` ${JSON.stringify(loop.value)}` : ''}`);
  };
  const take = ({ execution }: EvaluationContext) => void notes.push(`${execution.currentTransitionId} ${execution.eventName}`);
  const fail = () => {
    throw new Failure('EXPRESSION_FAILED', 'Expected a listener that works, but it does not');
  };
  const write = ({ execution }: EvaluationContext) => execution.setVariable?.('seen', typed(execution.eventName));
  const local = ({ execution }: EvaluationContext) => execution.setVariableLocal?.('own', typed(1));
  const remove = ({ execution }: EvaluationContext) => execution.removeVariable?.('seen');
  const date = ({ execution }: EvaluationContext) =>
    execution.setVariable?.('due', { type: 'Date', value: '2026-11-22T08:00:00.000+0000' });
  const functions = {
    '${date}': date,
    '${note}': note,
    '${take}': take,
    '${fail}': fail,
    '${write}': write,
    '${local}': local,
    '${remove}': remove,
  };
  const model = aProcess('p', children, flows, fields);
  const s = scenario(corePorts([model, ...others], functions));
  return { s, notes, model, clear: () => notes.splice(0) };
}

/** Puts `take` listeners on every flow. */
function listenToFlows({ model }: ReturnType<typeof observed>): void {
  for (const flow of model.flows) Object.assign(flow, { listeners: [expr('${take}')] });
}

describe('execution listeners', () => {
  describe('when a token goes through a process', () => {
    it('run at the start and the end of each element and on each flow, around each other as drawn', () => {
      const run = observed({ s: start(undefined, both), a: task(both), e: end(undefined, both) }, ['s -> a -> e'], both);
      listenToFlows(run);
      run.s.start();
      assert.deepEqual(run.notes, ['p start', 's start', 's end', 's-a take', 'a start', 'a end', 'a-e take', 'e start', 'e end', 'p end']);
    });

    it('run once at a join, for the token that goes on', () => {
      const { s, notes } = observed({ s: start(), fork: parallel(both), a: task(), b: task(), join: parallel(both), e: end() }, [
        's -> fork -> a -> join -> e',
        'fork -> b -> join',
      ]);
      s.start();
      assert.deepEqual(notes, ['fork start', 'fork end', 'join start', 'join end']);
    });
  });

  describe('when an element has parameters', () => {
    it('see the inputs at the start, and the outputs see what they set at the end', () => {
      const { s } = observed(
        {
          s: start(),
          a: userTask({
            inputs: [mapping('x', '${1 + 1}')],
            outputs: [mapping('result', '${late}')],
            listeners: [
              { event: 'start', expression: expr('${early}') },
              { event: 'end', expression: expr('${later}') },
            ],
          }),
          b: userTask(),
        },
        ['s -> a -> b'],
      );
      const functions = {
        '${early}': ({ execution, variable }: EvaluationContext) => execution.setVariable?.('early', typed(variable('x')?.value)),
        '${later}': ({ execution }: EvaluationContext) => execution.setVariableLocal?.('late', typed(7)),
      };
      const evaluate = s.ports.evaluate;
      s.ports.evaluate = (expression, context) =>
        'source' in expression && expression.source in functions
          ? functions[expression.source as keyof typeof functions](context)
          : evaluate(expression, context);
      s.start();
      assert.equal(s.variable('early'), 2);
      s.complete('a');
      assert.equal(s.variable('result'), 7);
      assert.equal(s.variable('late'), undefined);
    });
  });

  describe('when they write variables', () => {
    it('records them like any other', () => {
      const { s } = observed({ s: start(), a: userTask({ listeners: [{ event: 'start', expression: expr('${write}') }] }) }, ['s -> a']);
      s.start();
      assert.equal(s.variable('seen'), 'start');
    });

    it('sets local ones on the element, and removes them from where they are', () => {
      const { s } = observed(
        {
          s: start(),
          a: userTask({
            listeners: [
              { event: 'start', expression: expr('${local}') },
              { event: 'end', expression: expr('${remove}') },
            ],
          }),
          b: userTask(),
        },
        ['s -> a -> b'],
      );
      s.start({ seen: 1 });
      assert.equal(s.instancesOf('a')[0]?.variables?.['own']?.value, 1);
      s.complete('a');
      assert.equal(s.variable('seen'), undefined);
    });
  });

  describe('when they write a date', () => {
    it('is a Date variable', () => {
      const { s } = observed({ s: start(), a: userTask({ listeners: [{ event: 'start', expression: expr('${date}') }] }) }, ['s -> a']);
      s.start();
      assert.deepEqual(s.states()[0]?.elements[0]?.variables?.['due'], { type: 'Date', value: '2026-11-22T08:00:00.000+0000' });
    });
  });

  describe('when the element is multi-instance', () => {
    it('run for each item, not for the body', () => {
      const { s, notes } = observed(
        { s: start(), a: task({ multiInstance: { sequential: true, cardinality: expr('2') }, ...both }), e: end() },
        ['s -> a -> e'],
      );
      s.start();
      assert.deepEqual(notes, ['a start 0', 'a end 0', 'a start 1', 'a end 1']);
    });
  });

  describe('when an element waits', () => {
    it('runs the end listener when it goes on', () => {
      const { s, notes, clear } = observed({ s: start(), a: userTask(both), e: end() }, ['s -> a -> e']);
      s.start();
      assert.deepEqual(clear(), ['a start']);
      s.complete('a');
      assert.deepEqual(notes, ['a end']);
    });

    it('runs start and end of the event that wins the race of a gateway', () => {
      const { s, notes, clear } = observed(
        { s: start(), g: eventBased(), m: catchEvent(message('go'), both), t: catchEvent(duration('PT1H'), both), e: end() },
        ['s -> g -> m -> e', 'g -> t -> e'],
      );
      s.start();
      assert.deepEqual(clear(), []);
      s.receive('m');
      assert.deepEqual(notes, ['m start', 'm end']);
    });
  });

  describe('when an asynchronous element begins', () => {
    it('waits with its listeners for the job', () => {
      const { s, notes, clear } = observed({ s: start(), a: task({ asyncBefore: true, asyncAfter: true, ...both }), e: end() }, [
        's -> a -> e',
      ]);
      s.start();
      assert.deepEqual(clear(), []);
      s.due('a');
      assert.deepEqual(notes, ['a start', 'a end']);
    });
  });

  describe('when a scope is canceled', () => {
    const children = (): Specs => ({
      s: start(),
      sub: subProcess({ i: start(), a: userTask(both) }, ['i -> a'], both),
      t: boundary('sub', duration('PT1H')),
      e: end(),
      f: end(),
    });

    it('runs the end listeners of what was active, the innermost first', () => {
      const { s, notes, clear } = observed(children(), ['s -> sub -> e', 't -> f']);
      s.start();
      assert.deepEqual(clear(), ['sub start', 'a start']);
      s.due('t');
      assert.deepEqual(notes, ['a end', 'sub end']);
    });

    it('runs them when the instance is deleted, unless they are to be skipped', () => {
      for (const [skipListeners, expected] of [
        [false, ['a end', 'sub end', 'p end']],
        [true, []],
      ] as const) {
        const { s, notes, clear } = observed(children(), ['s -> sub -> e', 't -> f'], both);
        const { result } = s.start();
        clear();
        s.perform(deleteInstance, { instanceId: result.instanceId, reason: null, skipListeners });
        assert.deepEqual(notes, expected);
      }
    });

    it('is silent for what had not begun', () => {
      const { s, notes } = observed(
        { s: start(), fork: parallel(), a: end(terminate), b: task(both), e: end() },
        ['s -> fork -> a', 'fork -> b -> e'],
        both,
      );
      s.start();
      assert.deepEqual(notes, ['p start', 'p end']);
    });

    it('runs that of an error end event, once', () => {
      const { s, notes } = observed(
        {
          s: start(),
          sub: subProcess({ i: start(), x: end(error('E'), both) }, ['i -> x']),
          t: boundary('sub', error('E')),
          e: end(),
          f: end(),
        },
        ['s -> sub -> e', 't -> f'],
      );
      s.start();
      assert.deepEqual(notes, ['x start', 'x end']);
    });
  });

  describe('when a process is called', () => {
    it('runs those of the called process inside those of the call', () => {
      const { s, notes } = observed({ s: start(), c: callActivity('q', both), e: end() }, ['s -> c -> e'], {}, [
        aProcess('q', { i: start(), x: end() }, ['i -> x'], both),
      ]);
      s.start();
      assert.deepEqual(notes, ['c start', 'q start', 'q end', 'c end']);
    });
  });

  describe('when one fails', () => {
    it('fails the command and names the element', () => {
      const { s } = observed({ s: start(), a: task({ listeners: [{ event: 'end', expression: expr('${fail}') }] }), e: end() }, [
        's -> a -> e',
      ]);
      assert.throws(() => s.start(), { code: 'EXPRESSION_FAILED', elementId: 'a' });
    });

    it('names the flow', () => {
      const run = observed({ s: start(), x: exclusive(), e: end() }, ['s -> x -> e']);
      Object.assign(run.model.flows[1] as object, { listeners: [expr('${fail}')] });
      assert.throws(() => run.s.start(), { code: 'EXPRESSION_FAILED', elementId: 'x-e' });
    });
  });

  describe('when a script listens', () => {
    it('is evaluated like an expression', () => {
      const { s, notes } = observed({ s: start(), a: scriptTask('x', both), e: end() }, ['s -> a -> e']);
      s.start();
      assert.deepEqual(notes, ['a start', 'a end']);
    });
  });
});
