import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { dialects } from '#test/support/dialects.ts';

const campaign = path.join(import.meta.dirname, 'database-faults.ts');
const kinds = {
  SQLite: ['busy at BEGIN', 'busy at COMMIT', 'COMMIT done and reported as failed'],
  MariaDB: ['lost before COMMIT', 'lost after COMMIT', 'timeout of COMMIT', 'deadlock', 'lock wait', 'lost before a query', 'deadlock of a query', 'lost before a read'],
};

for (const { name, describe } of dialects()) {
  describe('random processes, with a database that fails now and then,', () => {
    it('go along their known paths', () => {
      // when
      const options = ['--runs', '40', '--rate', '0.03', '--databases', name.toLowerCase()];
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', campaign, ...options], { encoding: 'utf8' });
      // then
      assert.equal(status, 0, `${stdout}${stderr}`);
      const { raised } = JSON.parse(stdout) as { raised: Record<string, number> };
      assert.deepEqual(Object.keys(raised).sort(), kinds[name].sort());
    }).timeout(180_000);
  });
}
