import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, start, userTask } from '#test/support/process-builder.ts';
import { applyEvent } from './apply.ts';
import type { InstanceState } from './state.ts';

describe('applyEvent', () => {
  const model = aProcess('p', { start: start(), a: userTask(), end: end() }, ['start -> a -> end']);

  it('folds what was stored as JSON to the state that was reached', () => {
    // given
    const s = scenario(corePorts([model]));
    s.start({ x: [1, { y: 'z' }] }, { businessKey: 'WO-1' });
    const stored = JSON.stringify(s.history);
    // when
    let state: InstanceState | undefined;
    for (const event of JSON.parse(stored) as typeof s.history) state = applyEvent(state, event);
    // then
    assert.deepEqual(state, s.states()[0]);
  });

  it('shares what events carry instead of copying it', () => {
    const s = scenario(corePorts([model]));
    const { events } = s.start({ x: [1] });
    const set = events.find((event) => event.type === 'VariableSet');
    assert.equal(s.states()[0]?.elements[0]?.variables?.['x'], set?.value);
  });

  it('keeps the variables of an ended instance', () => {
    const s = scenario(corePorts([model]));
    s.start({ x: 1 });
    s.complete('a');
    assert.deepEqual(
      s.states()[0]?.elements.map(({ element }) => element),
      [0],
    );
    assert.equal(s.variable('x'), 1);
  });

  it('refuses an event of an instance that has not started', () => {
    assert.throws(() => applyEvent(undefined, { instance: 7, type: 'InstanceSuspended' }), /Expected the state of instance 7/);
  });
});
