import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { countLines, runCampaign } from './run.ts';

const RUNS = 300;
/** How often an element has to stand on the path of a run, at each of its positions. */
const LEAST = 20;

for (const dialect of dialects()) {
  dialect.describe('random processes', () => {
    it(`go along their known paths, ${RUNS} of them`, async () => {
      const { failures, steps, counts } = await runCampaign({ dialect, seed: 1, from: 0, runs: RUNS, restartEvery: 30 });
      assert.deepEqual(failures, []);
      assert.ok(steps > RUNS);
      const rare = [...counts].filter(([, times]) => times < LEAST).map(([position]) => position);
      assert.deepEqual(rare, [], countLines(counts).join('\n'));
    }).timeout(300_000);
  });
}
