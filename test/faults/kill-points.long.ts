import { strict as assert } from 'node:assert';
import { dialects } from '#test/support/dialects.ts';
import { runKillCampaign } from '#test/support/kill-campaign.ts';

const SEEDS = Number(process.env['SONGBAI_KILL_ROUNDS'] ?? 20);
const FIRST_SEED = Number(process.env['SONGBAI_FAULT_SEED'] ?? 1);

/** Long: every point in each round, in another order and at other hits; a failure names its seed. */
for (const dialect of dialects()) {
  dialect.describe('an engine that dies at each kill point', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      it(`keeps every promise it made (SONGBAI_FAULT_SEED=${seed})`, async () => {
        const outcome = await runKillCampaign({ dialect, seed, clients: 6, maxHit: 5 });
        process.stdout.write(`${JSON.stringify({ seed, database: dialect.name, ...outcome })}\n`);
        assert.deepEqual(outcome.violations, []);
        assert.equal(outcome.exitCode, 0);
      });
    }
  });
}
