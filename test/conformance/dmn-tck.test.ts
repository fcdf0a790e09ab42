import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dmnTck } from '#test/support/dmn-tck.ts';

/** A part of the kit for every run; `npm run test:conformance` runs all of it. */
const inShort = /level-2|0004-lending|0014-loan|0034-drg|0037|0085-dec|0086|0092|1150|1152/;

// Data of others, beside the repository: a clone without it has no such test, and `npm run test:conformance` says so.
if (existsSync(dmnTck.folder))
  describe('DMN TCK in short', () => {
    it('passes', async () => {
      const rows = (
        await Promise.all(
          dmnTck
            .folders()
            .filter((folder) => inShort.test(folder))
            .map(dmnTck.run),
        )
      ).flat();
      assert.deepEqual(
        rows.filter((row) => !row.passed).map((row) => `${row.folder} ${row.testCase} ${row.name}: ${row.difference}`),
        [],
      );
      assert.ok(rows.length > 190, `there are only ${rows.length} rows`);
    });
  });
