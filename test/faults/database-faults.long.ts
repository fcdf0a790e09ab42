import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const SEED = process.env['SONGBAI_FAULT_SEED'] ?? '1';
const RATE = '0.01';
/** All that works on a store, but for what starts Node-RED: that has time limits of its own. */
const SUITES = ['engine/{services,store,rest,jobs,audit,history,identity,registers,seed,plugins}/**/*.test.ts', 'engine/devices/{inbox,alerts/*,ingest/*,broker/*}.test.ts'];
/** Every fault is one run more. */
const COUNTS_RUNS = 'gives up after five runs with a conflict';
const root = path.join(import.meta.dirname, '../..');

function run(args: string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  assert.equal(status, 0, `${stdout.slice(-20_000)}${stderr.slice(-5000)}`);
  return stdout;
}

describe(`a database that fails ${RATE} of all commits and queries (SONGBAI_FAULT_SEED=${SEED})`, () => {
  it('leads random processes to their ends all the same', () => {
    const lines = run(['test/faults/database-faults.ts', '--runs', '300', '--seed', SEED, '--rate', RATE]);
    process.stdout.write(lines);
  }).timeout(1_800_000);

  it('passes the tests of store, services and API unseen', () => {
    const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--extension=ts', '--exit', '--timeout=120000', '--reporter=dot', '--invert', `--fgrep=${COUNTS_RUNS}`, ...SUITES];
    const lines = run(['--import', './test/support/database-faults-hook.ts', ...mocha], { SONGBAI_DB_FAULTS: `${SEED}:${RATE}` });
    process.stdout.write(lines.split('\n').slice(-12).join('\n'));
  }).timeout(1_800_000);
});
