// `npm run docs:bpmn-coverage`: runs the tests of the core and the random processes, and writes which of them visits which element.
import { globSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';
import { onVisit } from '#test/support/bpmn-coverage.ts';
import { everyPosition } from '#test/support/bpmn-positions.ts';
import { dialects } from '#test/support/dialects.ts';
import { runCampaign } from '../random/run.ts';
import { bpmnCoverage, coverageFile } from './bpmn-coverage-table.ts';

const RUNS = 300;

const files = await visitedByTests();
const sqlite = dialects().find(({ name }) => name === 'SQLite');
if (!sqlite) throw new Error('Expected SQLite among the databases, but it is not there');
const { counts, failures } = await runCampaign({ dialect: sqlite, seed: 1, from: 0, runs: RUNS });
if (failures.length > 0) throw new Error(`Expected the random processes to go well, but: ${failures.join('\n')}`);
const rows = everyPosition().map((position) => ({
  position,
  files: [...(files.get(position) ?? [])].sort(),
  runs: counts.get(position) ?? 0,
}));
writeFileSync(coverageFile, bpmnCoverage(rows, RUNS));
const bare = rows.filter((row) => row.files.length === 0 && row.runs === 0).map(({ position }) => position);
process.stdout.write(`${rows.length} positions, ${bare.length} not visited: ${bare.join('; ')}\n`);
process.exit(bare.length > 0 ? 1 : 0);

/** Position → the test files of the core in which an element there came to its end. */
async function visitedByTests(): Promise<Map<string, Set<string>>> {
  const visited = new Map<string, Set<string>>();
  const mocha = new Mocha({ reporter: 'dot', timeout: 60_000 });
  for (const file of globSync('engine/core/**/*.test.ts')) mocha.addFile(file);
  await mocha.loadFilesAsync();
  let current = '';
  onVisit((position) => visited.set(position, (visited.get(position) ?? new Set()).add(current)));
  mocha.suite.beforeEach(function noteFile() {
    current = relative(process.cwd(), this.currentTest?.file ?? '');
  });
  const failed = await new Promise<number>((resolve) => mocha.run(resolve));
  onVisit(null);
  if (failed > 0) throw new Error(`Expected the tests of the core to pass, but ${failed} fail`);
  return visited;
}
