import { strict as assert } from 'node:assert';
import { dialects } from '#test/support/dialects.ts';
import { runUnderFire } from '#test/support/engine-under-fire.ts';

for (const dialect of dialects()) {
  dialect.describe('engine that is killed at random moments', () => {
    it('keeps every promise it made', async () => {
      // when
      const outcome = await runUnderFire({ dialect, seed: 20_261_123, kills: 5, clients: 6 });
      // then
      assert.deepEqual(outcome.violations, []);
      assert.equal(outcome.exitCode, 0);
      assert.ok(outcome.ended > 10 && outcome.ended < outcome.instances && outcome.timersFired > 10, `the run was too small to prove anything: ${JSON.stringify(outcome)}`);
    }).timeout(180_000);
  });
}
