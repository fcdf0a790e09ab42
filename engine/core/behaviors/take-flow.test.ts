import assert from 'node:assert/strict';
import { startProcess } from '#test/support/core-scenario.ts';
import { boundary, catchEvent, duration, mapping, message, start, subProcess, userTask } from '#test/support/process-builder.ts';

const after = { b: userTask(), c: userTask() };

describe('conditions on the flows of an activity', () => {
  const elements = { start: start(), a: userTask(), ...after };

  it('take every open flow beside those without a condition', () => {
    const s = startProcess(elements, ['start -> a', 'a -> b if ${x}', 'a -> c']);
    s.complete('a', { x: true });
    assert.deepEqual(s.active(), ['b', 'c']);
  });

  it('take the default flow only when no other is open', () => {
    const flows = ['start -> a', 'a -> b if ${x}', 'a -> c default'];
    for (const [x, active] of [
      [true, 'b'],
      [false, 'c'],
    ] as const) {
      const s = startProcess(elements, flows);
      s.complete('a', { x });
      assert.deepEqual(s.active(), [active]);
    }
  });

  it('fail the command when none is open', () => {
    const s = startProcess(elements, ['start -> a', 'a -> b if ${x}']);
    assert.throws(() => s.complete('a', { x: false }), { code: 'NO_FLOW_TAKEN', elementId: 'a' });
  });

  it('see the outputs of the activity, not its local variables', () => {
    const a = userTask({ inputs: [mapping('x', '${true}')], outputs: [mapping('y', '${x}')] });
    const s = startProcess({ ...elements, a }, ['start -> a', 'a -> b if ${y && !x}', 'a -> c default'], { x: false });
    s.complete('a');
    assert.deepEqual(s.active(), ['b']);
  });

  it('are those of a sub-process when it is done', () => {
    const a = subProcess({ s0: start(), inner: userTask() }, ['s0 -> inner']);
    const s = startProcess({ ...elements, a }, ['start -> a', 'a -> b if ${x}', 'a -> c default']);
    s.complete('inner', { x: true });
    assert.deepEqual(s.active(), ['b']);
  });
});

describe('conditions on the flows of an event', () => {
  it('decide after a start event', () => {
    const flows = ['start -> b if ${x}', 'start -> c if ${!x}'];
    assert.deepEqual(startProcess({ start: start(), ...after }, flows, { x: true }).active(), ['b']);
    assert.deepEqual(startProcess({ start: start(), ...after }, flows, { x: false }).active(), ['c']);
  });

  it('decide after a catch event, with what its message brought', () => {
    const s = startProcess({ start: start(), on: catchEvent(message('m')), ...after }, [
      'start -> on',
      'on -> b if ${x}',
      'on -> c if ${!x}',
    ]);
    s.receive('on', { x: true });
    assert.deepEqual(s.active(), ['b']);
  });

  it('decide after a boundary event', () => {
    const elements = { start: start(), a: userTask(), late: boundary('a', duration('PT1H'), false), ...after };
    const s = startProcess(elements, ['start -> a', 'late -> b if ${x}', 'late -> c if ${!x}'], { x: false });
    s.due('late');
    assert.deepEqual(s.active(), ['a', 'c']);
  });
});
