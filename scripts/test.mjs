// `npm test`: set up what is missing, then lint, types, unit, API, flow and browser tests; the last line is `N passed, N failed`.
// Arguments narrow the mocha run: `npm test -- engine/core` runs the test files under that folder only (no lint, no types).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { ensureConsole, ensureDependencies, environment, node24, requireNode20, root } from './setup.mjs';

requireNode20();
ensureDependencies();
const missing = ensureDebianPackages();
ensureConsole();

const isRoot = process.getuid?.() === 0;
const strict = isRoot || process.env.CI === 'true';
const reports = mkdtempSync(join(tmpdir(), 'songbai-test-'));
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;

if (only.length === 0) {
  check('lint', ['scripts/lint.mjs']);
  check('types', ['scripts/types.mjs']);
}
for (const suite of suites()) mocha(suite);
if (missing.length > 0) {
  process.stdout.write(`\nsuites that need ${missing.join(', ')} were skipped: install them with "apt-get install ${missing.join(' ')}"\n`);
  if (strict) failed += 1;
}
rmSync(reports, { recursive: true, force: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** Browser and fault tests run last and one file at a time: they start whole servers. */
function suites() {
  const folders = ['engine', 'forms', 'processes', 'plugins', 'console/src', 'node-red-flows', 'bench', 'scripts', 'test'];
  const files = folders.flatMap((folder) => testFiles(folder)).filter((file) => only.length === 0 || only.some((prefix) => file.startsWith(prefix)));
  const whole = files.filter((file) => ['test/e2e/', 'test/faults/', 'test/start/'].some((folder) => file.startsWith(folder)));
  return [
    { name: 'unit and API', files: files.filter((file) => !whole.includes(file)) },
    { name: 'browser and faults', files: whole },
  ].filter((suite) => suite.files.length > 0);
}

function testFiles(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .flatMap((name) => {
      const child = `${folder}/${name}`;
      if (statSync(join(root, child)).isDirectory()) return testFiles(child);
      return name.endsWith('.test.ts') ? [child] : [];
    })
    .sort();
}

function check(name, args) {
  process.stdout.write(`\n— ${name}\n`);
  if (run(args).status === 0) passed += 1;
  else failed += 1;
}

function mocha({ name, files }) {
  process.stdout.write(`\n— ${name} (${files.length} files)\n`);
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`);
  const args = ['--disable-warning=ExperimentalWarning', 'node_modules/mocha/bin/mocha.js', '--no-config', '--config=scripts/mocharc.run.json', '--reporter=scripts/counting-reporter.cjs', ...files];
  const result = run(args, { SONGBAI_TEST_REPORT: report, ...(strict ? { SONGBAI_TEST_REQUIRE_ALL: '1' } : {}) });
  if (!existsSync(report)) {
    process.stdout.write(`Expected mocha to finish ${name}, but it ended with status ${result.status} and no report\n`);
    failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.passes;
  failed += counts.failures;
  if (counts.pending > 0) {
    process.stdout.write(`${counts.pending} skipped\n`);
    if (strict) failed += counts.pending;
  }
  if (counts.tests === 0 || (result.status !== 0 && counts.failures === 0)) failed += 1;
}

function run(args, extra = {}) {
  return spawnSync(node24(), args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment(extra) });
}
