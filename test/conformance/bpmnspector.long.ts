import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { bpmnspector, readRules } from '#test/support/bpmnspector.ts';
import type { SpectorResult } from '#test/support/bpmnspector.ts';

/** The models that BPMNspector tests itself with: each breaks one rule of BPMN or none. */
describe('BPMNspector models', function () {
  if (!existsSync(bpmnspector.folder)) {
    it('are reported under their rules (the models are not there: set SONGBAI_CONFORMANCE_DIR)');
    return;
  }
  const rules = readRules();
  let result: SpectorResult | undefined;
  before(async function () {
    this.timeout(120_000);
    result = await bpmnspector.run(rules);
  });

  it('are there in full', () => {
    assert.ok(result && result.models > 380 && result.valid > 150);
  });

  it('every invalid one is reported under its rule', () => {
    assert.deepEqual(result?.missed, []);
  });

  it('no valid one is reported', () => {
    assert.deepEqual(result?.alarms, []);
  });

  after(() => {
    if (!result) return;
    const invalid = result.models - result.valid;
    process.stdout.write(`      BPMNspector: ${invalid - result.missed.length} of ${invalid} invalid models reported under their rule, `);
    process.stdout.write(`${result.valid - result.alarms.length} of ${result.valid} valid ones not reported\n`);
    const warnings = [...rules.codes].filter(([, codes]) => codes.every(({ severity }) => severity === 'warning')).map(([rule]) => rule);
    process.stdout.write(`      as warnings: ${warnings.sort().join(' ')}\n`);
    const refused = [...result.refused].map(([code, count]) => `${code} ${count}`);
    process.stdout.write(`      valid BPMN, but not executable here: ${refused.join(', ')}\n`);
  });
});
