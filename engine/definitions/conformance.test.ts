import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { bpmnspector, readRules } from '#test/support/bpmnspector.ts';
import { miwg } from '#test/support/miwg.ts';
import { compileProcesses } from './compile-process.ts';

// The models of others lie beside the repository, not in it: a clone without them has no such tests.
if (existsSync(bpmnspector.folder))
  describe('the checks of a deployment', () => {
    describe('when models break the rules that BPMNspector collected', () => {
      it('reports each under its rule and no valid one', async function () {
        this.timeout(60_000);
        const { missed, alarms } = await bpmnspector.run(readRules());
        assert.deepEqual({ missed, alarms }, { missed: [], alarms: [] });
      });
    });
  });

if (existsSync(miwg.folder))
  describe('the reference models of the interchange group', () => {
    it('are imported and exported without loss', async function () {
      this.timeout(60_000);
      for (const file of miwg.files()) assert.deepEqual((await miwg.roundTrip(miwg.read(file))).lost, [], file);
    });

    it('are compiled in little time, whatever they hold', async function () {
      this.timeout(60_000);
      for (const file of miwg.files()) {
        const startedAt = performance.now();
        await compileProcesses(miwg.read(file).replaceAll('isExecutable="false"', 'isExecutable="true"'), { checkExpression });
        assert.ok(performance.now() - startedAt < 1_000, `${file} took too long`);
      }
    });
  });
