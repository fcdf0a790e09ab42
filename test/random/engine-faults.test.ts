import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { engineFaults } from './engine-faults.ts';

const probe = path.join(import.meta.dirname, 'fault-probe.ts');

describe('an engine with a deliberate fault', () => {
  for (const { name } of engineFaults) {
    it(`is found out: ${name}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', probe, name], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, `${stdout}${stderr}`);
      assert.match(stdout, /^seed 1 run \d+/);
    }).timeout(120_000);
  }
});
