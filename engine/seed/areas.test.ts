import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { areaRows } from './areas.ts';
import hexi from './data/areas-120103.json' with { type: 'json' };

describe('areas of the Hexi district', () => {
  const rows = areaRows(hexi);
  const level = (wanted: number) => rows.filter((row) => row.level === wanted);

  it('are one district, 14 streets and 149 communities with unique codes', () => {
    assert.deepEqual([level(1).length, level(2).length, level(3).length], [1, 14, 149]);
    assert.equal(new Set(rows.map((row) => row.code)).size, rows.length);
  });

  it('have codes that begin with their parent and paths that lead to it', () => {
    for (const row of rows.slice(1)) {
      assert.ok(row.code.startsWith(row.parent!), row.code);
      assert.ok(row.path.endsWith(`${row.parent}/${row.code}`), row.path);
    }
    assert.equal(rows.find((row) => row.code === '120103008011')?.path, '120103/120103008/120103008011');
    assert.equal(rows.find((row) => row.code === '120103008011')?.name, '宾水南里社区');
  });
});
