import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createRandom } from '#engine/seed/random.ts';
import { dialects } from '#test/support/dialects.ts';
import { killPoints } from './kill-points.ts';

const SEED = Number(process.env['SONGBAI_FAULT_SEED'] ?? 1);
const RUNS = 20;
const MAX_HIT = 40;
/** Reached by whole servers only: `kill-points.long.ts`. */
const OUT_OF_REACH = new Set(['migration:after-each-step', 'historyCleanup:mid-batch', 'job:after-commit-before-unlock']);

const script = path.join(import.meta.dirname, 'random-until-killed.ts');
const hook = path.join(import.meta.dirname, '../support/kill-hook.ts');

/** Twenty random processes for each point; the first process after a death checks everything that it finds. */
for (const dialect of dialects()) {
  dialect.describe(`random processes on an engine that dies at kill points (SONGBAI_FAULT_SEED=${SEED})`, () => {
    let url: string;
    let from = 0;
    const random = createRandom(SEED);
    before(async () => (url = await dialect.newDatabase()));

    function run(kill: string, runs: number) {
      const args = ['--disable-warning=ExperimentalWarning', '--import', hook, script, url, String(SEED), String(from), String(runs)];
      const { stdout, stderr, signal } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, SONGBAI_KILL: kill } });
      from += runs;
      const lines = stdout.split('\n').filter((line) => line !== '');
      for (const line of lines) assert.deepEqual(JSON.parse(line), [], `${kill}: ${stderr}`);
      assert.ok(lines.length > 0, `${kill}: ${stderr}`);
      return signal;
    }

    for (const { name } of killPoints.filter((point) => !OUT_OF_REACH.has(point.name))) {
      it(`are never left half done: ${name}`, () => {
        const kill = `${name}#${random.integer(1, MAX_HIT)}`;
        // A late hit of a rare point may not come; then an early one does.
        const signal = run(kill, RUNS) ?? run(`${name}#1`, RUNS);
        assert.equal(signal, 'SIGKILL', kill);
      });
    }

    it('are all as they should be at the end', () => {
      assert.equal(run('', 1), null);
    });
  });
}
