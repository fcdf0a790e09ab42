import assert from 'node:assert/strict';
import { batchReads } from './mysql-reads.ts';

describe('batched reads', () => {
  const statements: [string, string, string][] = [
    ['columns', 'SELECT id, name FROM task WHERE id = ?', 'SELECT id, name, id AS batch_key FROM task WHERE id IN (7, 8)'],
    ['every column', 'SELECT * FROM account WHERE id = ?', 'SELECT *, id AS batch_key FROM account WHERE id IN (7, 8)'],
    [
      'a join',
      'SELECT t.* FROM a\n  JOIN t ON t.id = a.t WHERE a.id = ?',
      'SELECT t.*, a.id AS batch_key FROM a\n  JOIN t ON t.id = a.t WHERE a.id IN (7, 8)',
    ],
  ];
  for (const [what, sql, expected] of statements) {
    it(`puts point reads of ${what} into one statement`, () => {
      const batch = batchReads([7, 8, 7].map((id) => ({ sql, params: [id] })));
      assert.equal(batch.sql, expected);
      const seven = { id: 7, batch_key: 7 };
      assert.deepEqual(batch.answers([[seven]]), [[seven], [], [seven]]);
    });
  }

  it('leaves other reads as they are', () => {
    const { sql } = batchReads([
      { sql: 'SELECT COUNT(*) AS n FROM task WHERE id = ?', params: [7] },
      { sql: 'SELECT id FROM task WHERE id = ? ORDER BY id', params: [7] },
      { sql: 'SELECT id FROM task WHERE tenant = ? AND id = ?', params: [1, 7] },
    ]);
    assert.doesNotMatch(sql, /batch_key/);
  });
});
