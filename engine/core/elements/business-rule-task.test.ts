import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, businessRuleTask, expr, mapping, start, userTask } from '#test/support/process-builder.ts';

describe('business rule task', () => {
  function run(results: Record<string, unknown>[], mapResult: string, fields: Record<string, unknown> = {}) {
    const ref = { key: expr('level'), binding: { kind: 'latest' } };
    const implementation = { kind: 'decision', ref, resultVariable: 'result', mapResult };
    const model = aProcess('p', { start: start(), a: businessRuleTask({ implementation, ...fields }), b: userTask() }, ['start -> a -> b']);
    const decide = (key: string) => ({ record: { key, version: 1, definitionId: 7, rules: ['r1'], inputs: {}, outputs: [] }, results });
    const s = scenario(corePorts([model], {}, decide));
    const { events } = s.start();
    assert.deepEqual(s.active(), ['b']);
    return { result: s.variable('result'), mapped: s.variable('mapped'), whole: s.variable('decisionResult'), decision: events.find((event) => event.type === 'DecisionEvaluated')?.decision };
  }

  describe('when the decision answers', () => {
    it('records which rules matched', () => {
      assert.deepEqual(run([{ level: 2 }], 'singleEntry').decision?.rules, ['r1']);
    });
    it('maps singleEntry to the value', () => assert.equal(run([{ level: 2 }], 'singleEntry').result, 2));
    it('maps singleResult to the row', () =>
      assert.deepEqual(run([{ level: 2, sla: 'A' }], 'singleResult').result, { level: 2, sla: 'A' }));
    it('maps collectEntries to the values', () => assert.deepEqual(run([{ level: 2 }, { level: 3 }], 'collectEntries').result, [2, 3]));
    it('maps resultList to the rows', () => assert.deepEqual(run([{ a: 1 }, { a: 2 }], 'resultList').result, [{ a: 1 }, { a: 2 }]));
    it('maps no result to null', () => assert.equal(run([], 'singleEntry').result, null));
  });

  describe('when it has output parameters', () => {
    it('lets them read the whole result as decisionResult, which is not stored', () => {
      const { mapped, whole } = run([{ level: 2 }, { level: 3 }], 'resultList', { outputs: [mapping('mapped', '${decisionResult}')] });
      assert.deepEqual(mapped, [{ level: 2 }, { level: 3 }]);
      assert.equal(whole, undefined);
    });
  });

  describe('when the mapping wants one result but there are more', () => {
    it('fails for rows', () => assert.throws(() => run([{ a: 1 }, { a: 2 }], 'singleEntry'), { code: 'DECISION_RESULT_AMBIGUOUS' }));
    it('fails for columns', () => assert.throws(() => run([{ a: 1, b: 2 }], 'singleEntry'), { code: 'DECISION_RESULT_AMBIGUOUS' }));
  });
});
