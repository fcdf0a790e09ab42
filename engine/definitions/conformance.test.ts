import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { bpmnspector, readRules } from '#test/support/bpmnspector.ts';

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
