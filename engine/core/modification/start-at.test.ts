import assert from 'node:assert/strict';
import { typed } from '#engine/core/values.ts';
import { sorted, vars } from '#test/support/core-scenario.ts';
import {
  before,
  cancelActivity,
  insideNested,
  joining,
  line,
  modify,
  nested,
  refuses,
  scenarioOf,
  scenarioStarted,
} from '#test/support/modification-scenario.ts';
import { aProcess, compensation, start, throwEvent, undoneBy, userTask } from '#test/support/process-builder.ts';

describe('beginning an activity in a running instance', () => {
  it('has the scopes around it, their mappings, timers and event sub-processes', () => {
    const s = scenarioStarted(nested, { x: 7 });
    modify(s, [cancelActivity('first'), before('deep')]);
    assert.deepEqual(s.active(), ['outer', 'inner', 'deep']);
    assert.equal(s.instancesOf('inner')[0]?.variables?.['given']?.value, 7);
    assert.equal(s.jobsOf('late')[0]?.dueAt, s.ports.now + 600_000);
    s.receive('called');
    assert.deepEqual(s.active(), ['outer', 'onCall', 'answer'], 'the event sub-process takes over');
  });

  it('uses the scope that is there', () => {
    const s = insideNested();
    modify(s, [before('beside')]);
    assert.deepEqual(sorted(s.active()), sorted(['outer', 'inner', 'deep', 'beside']));
  });

  it('needs the ancestor named when the scope is there twice', () => {
    const twice = () => {
      const s = insideNested();
      modify(s, [before('outer')]);
      return s;
    };
    refuses(() => modify(twice(), [before('beside')]));
    const s = twice();
    const [one] = s.instancesOf('outer');
    modify(s, [before('beside', { ancestor: one?.id })]);
    assert.equal(s.instancesOf('beside')[0]?.scope, one?.id);
  });

  it('begins scopes of its own below the named ancestor', () => {
    const s = insideNested();
    modify(s, [before('deep', { ancestor: s.states()[0]?.id })]);
    assert.equal(s.instancesOf('outer').length, 2);
  });

  it('sets variables in the process and on the element', () => {
    const s = scenarioStarted(line);
    modify(s, [before('b', { variables: vars({ all: 1 }), localVariables: vars({ own: 2 }) })]);
    assert.equal(s.variable('all'), 1);
    assert.deepEqual(s.instancesOf('b')[0]?.variables, { own: typed(2) });
  });

  it('leaves listeners and mappings out when it is asked to', () => {
    const s = scenarioStarted(nested);
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
    const s = scenarioStarted(line);
    modify(s, [{ type: 'startAfter', target: 'a' }]);
    modify(s, [{ type: 'startTransition', target: 'a-b' }]);
    assert.deepEqual(s.active(), ['a', 'b', 'b']);
    refuses(() => modify(scenarioStarted(joining), [{ type: 'startAfter', target: 'split' }]));
  });

  it('counts at a join like the token of a flow that has not come yet', () => {
    const s = scenarioStarted(joining);
    s.complete('a');
    modify(s, [cancelActivity('b'), before('join')]);
    assert.deepEqual(s.active(), ['c']);
  });

  it('ends the host of an interrupting boundary event', () => {
    const s = insideNested();
    modify(s, [before('late')]);
    assert.deepEqual(s.active(), ['lateTask']);
  });

  it('takes a scope over by the start event of its interrupting event sub-process, not by another element of it', () => {
    const s = insideNested();
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
    const undo = aProcess(
      'undo',
      { begin: start(), a: userTask(), edge: undoneBy('a', 'handler'), handler: userTask(), throwIt: throwEvent(compensation()) },
      ['begin -> a -> throwIt'],
    );
    refuses(() => modify(scenarioStarted(undo), [before('handler')]));
    refuses(() => modify(scenarioStarted(undo), [before('edge')]));
  });
});
