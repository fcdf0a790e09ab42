// The short version of every bench, one after the other; each prints its ratio, median, quartiles and what is wanted.
// Run: npm run bench ; ONLY=timers,feel. The long versions: docs/performance.md.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** By file, with what makes it short. */
const BENCHES: Record<string, Record<string, string>> = {
  w1: { PAIRS: '5' },
  'w1-in-process': { PAIRS: '5' },
  'core-nodes': {},
  nodes: { PAIRS: '5' },
  feel: {},
  timers: { PAIRS: '5' },
  boot: { BOOTS: '3' },
  loop: {},
  history: {},
  neighbours: {},
  alerts: {},
};

const only = process.env['ONLY']?.split(',') ?? Object.keys(BENCHES);
const failed: string[] = [];
for (const name of only) {
  process.stdout.write(`\n== ${name}\n`);
  const begin = performance.now();
  if ((await run(name, BENCHES[name] ?? {})) !== 0) failed.push(name);
  process.stdout.write(`(${((performance.now() - begin) / 1000).toFixed(0)} s)\n`);
}
if (failed.length > 0) {
  process.stdout.write(`\nmissed or failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}

/** Exit code of the bench. Its own environment wins over the short version's. */
function run(name: string, short: Record<string, string>): Promise<number> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: 'inherit',
    env: { ...short, ...process.env },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
