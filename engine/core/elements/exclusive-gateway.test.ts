import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, exclusive, scriptTask, start, userTask } from '#test/support/process-builder.ts';

describe('exclusive gateway', () => {
  const flows = ['start -> gw', 'gw -> a if ${x > 10}', 'gw -> b if ${x > 5}'];
  const elements = { start: start(), gw: exclusive(), a: userTask(), b: userTask(), c: userTask() };
  const activeWith = (x: unknown, more: string[]) => {
    const s = scenario(corePorts([aProcess('p', elements, [...flows, ...more])]));
    s.start({ x });
    return s.active();
  };

  it('takes the first open flow only', () => assert.deepEqual(activeWith(11, []), ['a']));
  it('takes the next one when the first is not open', () => assert.deepEqual(activeWith(6, []), ['b']));
  it('takes the default flow when none is open', () => assert.deepEqual(activeWith(1, ['gw -> c default']), ['c']));

  describe('when no condition is true and there is no default flow', () => {
    it('fails', () => assert.throws(() => activeWith(1, []), { code: 'NO_FLOW_TAKEN', elementId: 'gw' }));
  });

  describe('when a condition is neither true nor false', () => {
    it('fails', () => {
      const model = aProcess('p', elements, ['start -> gw', 'gw -> a if ${x}']);
      assert.throws(() => scenario(corePorts([model])).start({ x: 3 }), { code: 'CONDITION_NOT_BOOLEAN', elementId: 'gw' });
    });
  });

  describe('when a loop goes back three times', () => {
    it('counts in a variable and comes out', () => {
      const model = aProcess(
        'p',
        {
          start: start(),
          merge: exclusive(),
          work: userTask(),
          count: scriptTask('${n + 1}', { resultVariable: 'n' }),
          again: exclusive(),
          end: end(),
        },
        ['start -> merge -> work -> count -> again', 'again -> merge if ${n < 3}', 'again -> end default'],
      );
      const s = scenario(corePorts([model]));
      s.start({ n: 0 });
      const ids = new Set<number>();
      for (let round = 1; round <= 3; round++) {
        ids.add(s.taskOf('work'));
        s.complete('work');
        assert.equal(s.variable('n'), round);
      }
      assert.equal(ids.size, 3);
      assert.deepEqual(s.status(), ['ended']);
    });
  });
});
