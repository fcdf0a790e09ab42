import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { dialects } from '#test/support/dialects.ts';
import { runKillCampaign } from '#test/support/kill-campaign.ts';
import { allSites, killPoints, missingKillPoints } from './kill-points.ts';

const root = new URL('../../', import.meta.url);

describe('kill points', () => {
  for (const { point, site } of allSites()) {
    it(`find their text once in the code: ${point} in ${site.file}`, () => {
      const parts = readFileSync(new URL(site.file, root), 'utf8').split(site.text);
      assert.equal(parts.length, 2);
    });
  }

  it('are all 22, but for what the engine does not do', () => {
    assert.equal(killPoints.length + Object.keys(missingKillPoints).length, 22);
  });
});

for (const dialect of dialects()) {
  dialect.describe('an engine that dies at a kill point', () => {
    it('keeps every promise it made, at each of them', async () => {
      // when
      const outcome = await runKillCampaign({ dialect, seed: 20_261_123, clients: 4, maxHit: 2 });
      // then
      assert.deepEqual(outcome.violations, [], outcome.killedAt.join(', '));
      assert.equal(outcome.exitCode, 0);
      assert.equal(outcome.killedAt.length, killPoints.length);
      assert.ok(outcome.ended > 20 && outcome.timersFired > 10, `the run was too small to prove anything: ${JSON.stringify(outcome)}`);
    }).timeout(900_000);
  });
}
