import { strict as assert } from 'node:assert';
import { dialects } from '#test/support/dialects.ts';
import { runUnderFire } from '#test/support/engine-under-fire.ts';

const SEEDS = Number(process.env['SONGBAI_FAULT_SEEDS'] ?? 5);
const FIRST_SEED = Number(process.env['SONGBAI_FAULT_SEED'] ?? 1);
const KILLS = 20;

/** Long: the same as the short test with more kills and many seeds; a failure names its seed. */
for (const dialect of dialects()) {
  dialect.describe('engine that is killed again and again', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      it(`keeps every promise it made (SONGBAI_FAULT_SEED=${seed})`, async () => {
        const outcome = await runUnderFire({ dialect, seed, kills: KILLS, clients: 8 });
        process.stdout.write(`${JSON.stringify({ seed, database: dialect.name, kills: KILLS, ...outcome })}\n`);
        assert.deepEqual(outcome.violations, []);
        assert.equal(outcome.exitCode, 0);
      });
    }
  });
}
