import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { everyPosition } from '#test/support/bpmn-positions.ts';
import { coverageFile } from './bpmn-coverage-table.ts';

/** Cells of the table's rows: position, tests, random runs. */
const rows = readFileSync(coverageFile, 'utf8')
  .split('\n')
  .filter((line) => /^\| .* \| \d+ \|$/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

describe('docs/bpmn-coverage.md', () => {
  it('has every element at every position that the engine runs: else run `npm run docs:bpmn-coverage`', () => {
    assert.deepEqual(
      rows.map(([position]) => position),
      everyPosition(),
    );
  });

  it('names a test or random processes for each, and only tests that are there', () => {
    for (const [position, tests = '', runs] of rows) {
      const files = [...tests.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file);
      assert.ok(files.length > 0 || Number(runs) > 0, `${position} has no test`);
      for (const file of files) assert.ok(existsSync(new URL(`../../${file}`, import.meta.url)), `${file} is not there`);
    }
  });
});
