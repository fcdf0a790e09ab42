import assert from 'node:assert/strict';
import type { ModificationInstruction } from '../modification/instructions.ts';
import type { Failure } from '../failure.ts';
import type { ProcessModel } from '../model.ts';
import { typed } from '../values.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, sorted, vars, type Scenario } from '#test/support/core-scenario.ts';
import {
  adHoc,
  aProcess,
  boundary,
  callActivity,
  compensation,
  duration,
  end,
  eventSubProcess,
  inclusive,
  mapping,
  message,
  parallel,
  start,
  subProcess,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { modifyInstance } from './modify-instance.ts';
import { setJobRetries } from './set-job-retries.ts';
import { startInstance } from './start-instance.ts';

const scenarioOf = (...models: ProcessModel[]) => scenario(corePorts(models));
const modify = (s: Scenario, instructions: ModificationInstruction[], options: object = {}) =>
  s.perform(modifyInstance, { instanceId: s.states()[0]?.id ?? 0, instructions, ...options });
const before = (target: string, more: object = {}): ModificationInstruction => ({ type: 'startBefore', target, ...more });
const cancelActivity = (activity: string): ModificationInstruction => ({ type: 'cancel', activity });
const refuses = (work: () => unknown) => assert.throws(work, (error: Failure) => error.code === 'MODIFICATION_INVALID');

const line = aProcess('line', { begin: start(), a: userTask(), b: userTask(), over: end() }, ['begin -> a -> b -> over']);
const nested = aProcess(
  'nested',
  {
    begin: start(),
    first: userTask(),
    outer: subProcess(
      {
        outerStart: start(),
        inner: subProcess({ innerStart: start(), deep: userTask(), innerEnd: end() }, ['innerStart -> deep -> innerEnd'], {
          inputs: [mapping('given', '${x}')],
        }),
        beside: userTask(),
        outerEnd: end(),
        onCall: eventSubProcess({ called: start(message('call')), answer: userTask() }, ['called -> answer']),
      },
      ['outerStart -> inner -> beside -> outerEnd'],
    ),
    late: boundary('outer', duration('PT10M')),
    lateTask: userTask(),
    over: end(),
  },
  ['begin -> first -> outer -> over', 'late -> lateTask'],
);
const loopOf = (sequential: boolean) =>
  aProcess('loop', { begin: start(), other: userTask(), each: userTask({ multiInstance: { sequential, cardinality: { language: 'literal', value: '3' } } }), over: end() }, [
    'begin -> other -> each -> over',
  ]);
const joining = aProcess('joining', { begin: start(), split: parallel(), a: userTask(), b: userTask(), join: parallel(), c: userTask() }, [
  'begin -> split -> a -> join -> c',
  'split -> b -> join',
]);

describe('modification', () => {
  describe('when an activity is canceled', () => {
    it('ends the instance with the annotation if nothing is left', () => {
      const s = scenarioOf(line);
      s.start();
      const { events, result } = modify(s, [cancelActivity('a')], { annotation: 'wrong person' });
      assert.deepEqual([s.status(), result.ended], [['ended'], true]);
      assert.deepEqual(events.find(({ type }) => type === 'InstanceEnded'), {
        instance: s.states()[0]?.id,
        type: 'InstanceEnded',
        outcome: 'EXTERNALLY_TERMINATED',
        element: null,
        reason: 'wrong person',
      });
    });

    it('lets the instance live when something begins after it in the same command', () => {
      const s = scenarioOf(line);
      s.start();
      modify(s, [cancelActivity('a'), before('b')]);
      assert.deepEqual([s.status(), s.active()], [['active'], ['b']]);
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('ends the scopes that are empty then, with their timers', () => {
      const s = scenarioOf(nested);
      s.start({ x: 1 });
      s.complete('first');
      modify(s, [before('first'), cancelActivity('deep')]);
      assert.deepEqual([s.active(), s.jobsOf('late')], [['first'], []]);
    });

    it('ends one instance of several', () => {
      const s = scenarioOf(line);
      s.start();
      modify(s, [before('a')]);
      const [first, second] = s.instancesOf('a');
      modify(s, [{ type: 'cancel', instance: first?.id ?? 0 }]);
      assert.deepEqual(s.instancesOf('a').map(({ id }) => id), [second?.id]);
    });

    it('takes the called instance with it', () => {
      const s = scenarioOf(aProcess('caller', { begin: start(), call: callActivity('line'), after: userTask() }, ['begin -> call -> after']), line);
      s.start();
      modify(s, [cancelActivity('call'), before('after')]);
      assert.deepEqual([s.active(), s.status()], [['after'], ['active', 'ended']]);
    });

    it('ends the call activity of the caller when the called instance has nothing left', () => {
      const s = scenarioOf(aProcess('caller', { begin: start(), call: callActivity('line'), after: userTask() }, ['begin -> call -> after']), line);
      s.start();
      s.perform(modifyInstance, { instanceId: s.states()[1]?.id ?? 0, instructions: [cancelActivity('a')] });
      assert.deepEqual(s.status(), ['ended', 'ended']);
    });

    it('takes tokens away that wait at a join', () => {
      const s = scenarioOf(joining);
      s.start();
      s.complete('a');
      modify(s, [cancelActivity('join')]);
      assert.deepEqual([s.states()[0]?.arrivals, s.active()], [[], ['b']]);
      s.complete('b');
      assert.deepEqual(s.status(), ['active'], 'the join waits for its other flow');
    });

    it('lets an inclusive join go on that waited for it', () => {
      const s = scenarioOf(
        aProcess('inclusive', { begin: start(), split: inclusive(), a: userTask(), b: userTask(), join: inclusive(), c: userTask() }, [
          'begin -> split -> a -> join -> c',
          'split -> b -> join',
        ]),
      );
      s.start();
      s.complete('a');
      modify(s, [cancelActivity('b')]);
      assert.deepEqual(s.active(), ['c']);
    });
  });

  describe('when an activity is begun', () => {
    it('has the scopes around it, their mappings, timers and event sub-processes', () => {
      const s = scenarioOf(nested);
      s.start({ x: 7 });
      modify(s, [cancelActivity('first'), before('deep')]);
      assert.deepEqual(s.active(), ['outer', 'inner', 'deep']);
      assert.equal(s.instancesOf('inner')[0]?.variables?.['given']?.value, 7);
      assert.equal(s.jobsOf('late')[0]?.dueAt, s.ports.now + 600_000);
      s.receive('called');
      assert.deepEqual(s.active(), ['outer', 'onCall', 'answer'], 'the event sub-process takes over');
    });

    it('uses the scope that is there', () => {
      const s = scenarioOf(nested);
      s.start({ x: 7 });
      s.complete('first');
      modify(s, [before('beside')]);
      assert.deepEqual(sorted(s.active()), sorted(['outer', 'inner', 'deep', 'beside']));
    });

    it('needs the ancestor named when the scope is there twice', () => {
      const s = scenarioOf(nested);
      s.start({ x: 7 });
      s.complete('first');
      modify(s, [before('outer')]);
      refuses(() => modify(scenarioAgain(), [before('beside')]));
      const [one] = s.instancesOf('outer');
      modify(s, [before('beside', { ancestor: one?.id })]);
      assert.equal(s.instancesOf('beside')[0]?.scope, one?.id);

      function scenarioAgain() {
        const again = scenarioOf(nested);
        again.start({ x: 7 });
        again.complete('first');
        modify(again, [before('outer')]);
        return again;
      }
    });

    it('begins scopes of its own below the named ancestor', () => {
      const s = scenarioOf(nested);
      s.start({ x: 7 });
      s.complete('first');
      modify(s, [before('deep', { ancestor: s.states()[0]?.id })]);
      assert.equal(s.instancesOf('outer').length, 2);
    });

    it('sets variables in the process and on the element', () => {
      const s = scenarioOf(line);
      s.start();
      modify(s, [before('b', { variables: vars({ all: 1 }), localVariables: vars({ own: 2 }) })]);
      assert.equal(s.variable('all'), 1);
      assert.deepEqual(s.instancesOf('b')[0]?.variables, { own: typed(2) });
    });

    it('leaves listeners and mappings out when it is asked to', () => {
      const s = scenarioOf(nested);
      s.start();
      modify(s, [cancelActivity('first'), before('deep')], { skipListeners: true, skipIoMappings: true });
      assert.equal(s.instancesOf('inner')[0]?.variables, undefined);
    });

    it('parks before an async continuation', () => {
      const s = scenarioOf(aProcess('async', { begin: start(), a: userTask(), b: userTask({ asyncBefore: true }) }, ['begin -> a -> b']));
      s.start();
      modify(s, [before('b')]);
      assert.equal(s.instancesOf('b')[0]?.phase, 'before');
      const [parked] = s.instancesOf('b');
      modify(s, [{ type: 'cancel', instance: parked?.id ?? 0 }]);
      assert.deepEqual([s.active(), s.jobsOf('b')], [['a'], []]);
    });

    it('takes the flow behind an activity, or one that is named', () => {
      const s = scenarioOf(line);
      s.start();
      modify(s, [{ type: 'startAfter', target: 'a' }]);
      modify(s, [{ type: 'startTransition', target: 'a-b' }]);
      assert.deepEqual(s.active(), ['a', 'b', 'b']);
      refuses(() => modify(scenarioStarted(joining), [{ type: 'startAfter', target: 'split' }]));
    });

    it('completes the instance when it begins at the end', () => {
      const s = scenarioOf(line);
      s.start();
      const { events } = modify(s, [cancelActivity('a'), before('over')]);
      assert.deepEqual(events.filter(({ type }) => type === 'InstanceEnded').map((event) => 'outcome' in event && event.outcome), ['COMPLETED']);
    });

    it('counts at a join like the token of a flow that has not come yet', () => {
      const s = scenarioOf(joining);
      s.start();
      s.complete('a');
      modify(s, [cancelActivity('b'), before('join')]);
      assert.deepEqual(s.active(), ['c']);
    });

    it('ends the host of an interrupting boundary event', () => {
      const s = scenarioOf(nested);
      s.start({ x: 1 });
      s.complete('first');
      modify(s, [before('late')]);
      assert.deepEqual(s.active(), ['lateTask']);
    });

    it('takes a scope over by the start event of its interrupting event sub-process, not by another element of it', () => {
      const s = scenarioOf(nested);
      s.start({ x: 1 });
      s.complete('first');
      modify(s, [before('answer')]);
      assert.deepEqual(sorted(s.active()), sorted(['outer', 'inner', 'deep', 'onCall', 'answer']));
      modify(s, [cancelActivity('answer'), before('called')]);
      assert.deepEqual(s.active(), ['outer', 'onCall', 'answer']);
    });

    it('refuses what is not there', () => {
      const s = scenarioStarted(line);
      refuses(() => modify(s, [before('nowhere')]));
      refuses(() => modify(s, [before('line')]));
      refuses(() => modify(s, [{ type: 'startTransition', target: 'nowhere' }]));
      refuses(() => modify(s, [{ type: 'cancel', instance: 1 }]));
      refuses(() => modify(s, [cancelActivity('nowhere')]));
      refuses(() => modify(s, [before('b', { ancestor: 99 })]));
    });

    it('refuses what only a compensation begins', () => {
      const undo = aProcess('undo', { begin: start(), a: userTask(), edge: undoneBy('a', 'handler'), handler: userTask(), throwIt: throwEvent(compensation()) }, [
        'begin -> a -> throwIt',
      ]);
      refuses(() => modify(scenarioStarted(undo), [before('handler')]));
      refuses(() => modify(scenarioStarted(undo), [before('edge')]));
    });
  });

  describe('when the activity is a loop', () => {
    it('gets one more run in the body that is there', () => {
      const s = scenarioStarted(loopOf(false));
      s.complete('other');
      modify(s, [before('each')]);
      const items = s.instancesOf('each', ({ phase }) => phase === 'active');
      assert.deepEqual(items.map(({ variables }) => variables?.['loopCounter']?.value), [0, 1, 2, 3]);
      for (const { id } of items) s.completeById(id);
      assert.deepEqual(s.status(), ['ended']);
    });

    it('begins a body of one run when none is there', () => {
      for (const sequential of [true, false]) {
        const s = scenarioStarted(loopOf(sequential));
        modify(s, [cancelActivity('other'), before('each')]);
        assert.deepEqual(s.instancesOf('each').map(({ loop }) => loop?.total), [1, undefined]);
        s.completeById(s.taskOf('each'));
        assert.deepEqual(s.status(), ['ended']);
      }
    });

    it('begins the whole loop by the name of its body', () => {
      const s = scenarioStarted(loopOf(false));
      modify(s, [cancelActivity('other'), before('each#multiInstanceBody')]);
      assert.equal(s.instancesOf('each', ({ phase }) => phase === 'active').length, 3);
    });

    it('is not waited for the runs that are canceled', () => {
      const s = scenarioStarted(loopOf(false));
      s.complete('other');
      const [, one, two] = s.instancesOf('each').map(({ id }) => id);
      modify(s, [{ type: 'cancel', instance: one ?? 0 }]);
      s.completeById(two ?? 0);
      s.completeById(s.taskOf('each'));
      assert.deepEqual(s.status(), ['ended']);
    });

    it('is gone with its last run', () => {
      const s = scenarioStarted(loopOf(false));
      s.complete('other');
      modify(s, [before('other'), cancelActivity('each')]);
      assert.deepEqual(s.active(), ['other']);
    });

    it('is canceled as a whole by the name of its body', () => {
      const s = scenarioStarted(loopOf(true));
      s.complete('other');
      modify(s, [cancelActivity('each#multiInstanceBody'), before('other')]);
      assert.deepEqual(s.active(), ['other']);
    });

    it('refuses a second run at the same time in a sequential one', () => {
      const s = scenarioStarted(loopOf(true));
      s.complete('other');
      refuses(() => modify(s, [before('each')]));
    });

    it('goes on with a sequential loop after the run that is begun', () => {
      const s = scenarioStarted(loopOf(true));
      s.complete('other');
      s.complete('each');
      const body = s.instancesOf('each', ({ loop }) => loop !== undefined)[0]?.id;
      modify(s, [before('other'), cancelActivity('each')]);
      assert.equal(s.instancesOf('each').length, 0, `body ${body} is gone with its run`);
    });
  });

  describe('when it concerns an ad-hoc sub-process', () => {
    it('asks the sub-process whether it is done', () => {
      const model = aProcess('free', { begin: start(), box: adHoc({ one: userTask(), two: userTask() }), after: userTask() }, ['begin -> box -> after']);
      const s = scenarioStarted(model);
      modify(s, [before('one'), before('two')]);
      modify(s, [cancelActivity('one')]);
      assert.deepEqual(s.active(), ['box', 'two']);
      modify(s, [cancelActivity('two')]);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when an activity is left and begun again', () => {
    it('arms its timer anew', () => {
      const s = scenarioOf(
        aProcess('again', { begin: start(), a: userTask(), late: boundary('a', duration('PT10M')), b: userTask() }, ['begin -> a -> b', 'late -> b']),
      );
      s.start();
      const [first] = s.jobsOf('late');
      s.perform(setJobRetries, { jobId: first?.id ?? 0, retries: 0 });
      s.ports.now += 300_000;
      modify(s, [cancelActivity('a'), before('a')]);
      const [again, ...none] = s.jobsOf('late');
      assert.deepEqual([again?.dueAt, none, s.states()[0]?.incidents], [s.ports.now + 600_000, [], []]);
      assert.notEqual(again?.id, first?.id);
    });
  });
});

describe('start instructions', () => {
  it('begin an instance in the middle', () => {
    const s = scenarioOf(nested);
    s.perform(startInstance, {
      definitionId: 1,
      tenant: '120103',
      area: '120103',
      variables: vars({ x: 3 }),
      instructions: [
        { type: 'startBefore', target: 'deep' },
        { type: 'startBefore', target: 'first' },
      ],
    });
    assert.deepEqual(sorted(s.active()), sorted(['outer', 'inner', 'deep', 'first']));
  });

  it('complete it at once when they begin at its end', () => {
    const s = scenarioOf(line);
    s.perform(startInstance, { definitionId: 1, tenant: '120103', area: '120103', instructions: [{ type: 'startAfter', target: 'b' }] });
    assert.deepEqual(s.status(), ['ended']);
  });
});

function scenarioStarted(model: ProcessModel): Scenario {
  const s = scenarioOf(model);
  s.start();
  return s;
}
