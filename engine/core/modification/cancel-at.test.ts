import assert from 'node:assert/strict';
import {
  before,
  cancelActivity,
  insideNested,
  joining,
  line,
  modify,
  scenarioOf,
  scenarioStarted,
} from '#test/support/modification-scenario.ts';
import { aProcess, callActivity, inclusive, start, userTask } from '#test/support/process-builder.ts';

describe('canceling an activity of a running instance', () => {
  it('ends the scopes that are empty then, with their timers', () => {
    const s = insideNested();
    modify(s, [before('first'), cancelActivity('deep')]);
    assert.deepEqual([s.active(), s.jobsOf('late')], [['first'], []]);
  });

  it('ends one instance of several', () => {
    const s = scenarioStarted(line);
    modify(s, [before('a')]);
    const [first, second] = s.instancesOf('a');
    modify(s, [{ type: 'cancel', instance: first?.id ?? 0 }]);
    assert.deepEqual(
      s.instancesOf('a').map(({ id }) => id),
      [second?.id],
    );
  });

  it('takes the called instance with it', () => {
    const s = scenarioOf(
      aProcess('caller', { begin: start(), call: callActivity('line'), after: userTask() }, ['begin -> call -> after']),
      line,
    );
    s.start();
    modify(s, [cancelActivity('call'), before('after')]);
    assert.deepEqual([s.active(), s.status()], [['after'], ['active', 'ended']]);
  });

  it('ends the call activity of the caller when the called instance has nothing left', () => {
    const s = scenarioOf(
      aProcess('caller', { begin: start(), call: callActivity('line'), after: userTask() }, ['begin -> call -> after']),
      line,
    );
    s.start();
    modify(s, [cancelActivity('a')], { instanceId: s.states()[1]?.id });
    assert.deepEqual(s.status(), ['ended', 'ended']);
  });

  it('takes tokens away that wait at a join', () => {
    const s = scenarioStarted(joining);
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
