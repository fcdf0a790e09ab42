import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dmnTck } from '#test/support/dmn-tck.ts';
import type { TckRow } from '#test/support/dmn-tck.ts';

/** Rows that must pass: no change may lose one. Camunda 7.21 passes 2,745 of both levels. */
const floors = { 'compliance-level-2': 126, 'compliance-level-3': 3_338 } as const;

/** Rows that do not pass, by folder. */
const missing: Readonly<Record<string, [rows: number, reason: string]>> = {
  'compliance-level-3/0068-feel-equality': [1, '(= 10) as a value is the range [10..10], but is not to equal it'],
  'compliance-level-3/0076-feel-external-java': [14, 'functions written in Java are not called'],
  'compliance-level-3/1111-feel-matches-function': [6, 'back references, subtracted classes and Unicode blocks: RE2 has none'],
  'compliance-level-3/1115-feel-date-function': [4, 'years beyond 271,821'],
  'compliance-level-3/1117-feel-date-and-time-function': [2, 'years beyond 271,821'],
  'compliance-level-3/1120-feel-duration-function': [4, 'durations beyond 271,821 years'],
};

/** The whole Technology Compatibility Kit: one row per result node of a test case, as the kit counts. */
describe('DMN TCK', () => {
  if (!existsSync(dmnTck.folder)) {
    it('passes in full (the kit is not there: set SONGBAI_CONFORMANCE_DIR)');
    return;
  }
  const rows: TckRow[] = [];

  for (const folder of dmnTck.folders()) {
    const [expected, reason] = missing[folder] ?? [0, ''];
    it(`${folder}${expected > 0 ? ` passes but for ${expected}: ${reason}` : ' passes'}`, async () => {
      const own = await dmnTck.run(folder);
      rows.push(...own);
      const failed = own.filter((row) => !row.passed);
      const told = failed.map((row) => `${row.testCase} ${row.name}: ${row.difference}`);
      assert.ok(own.length > 0, 'it has no rows');
      assert.equal(failed.length, expected, told.join('\n'));
    });
  }

  for (const [level, floor] of Object.entries(floors)) {
    it(`${level} has at least ${floor} rows that pass`, () => {
      assert.ok(rows.filter((row) => row.passed && row.folder.startsWith(level)).length >= floor);
    });
  }

  after(() => process.stdout.write(report(rows)));
});

function report(rows: TckRow[]): string {
  const count = (own: TckRow[]) => `${String(own.filter((row) => row.passed).length).padStart(5)} of ${String(own.length).padStart(4)}`;
  const folders = [...new Set(rows.map((row) => row.folder))].map(
    (folder) => `${count(rows.filter((row) => row.folder === folder))}  ${folder}`,
  );
  const levels = Object.keys(floors).map((level) => `${count(rows.filter((row) => row.folder.startsWith(level)))}  ${level}`);
  return `      DMN TCK, rows that pass:\n${[...folders, ...levels, `${count(rows)}  total`].map((line) => `      ${line}\n`).join('')}`;
}
