import assert from 'node:assert/strict';
import { aDatabaseBefore } from '#test/support/database-before.ts';
import { dialects } from '#test/support/dialects.ts';

const HASH = 'ab'.repeat(32);

for (const dialect of dialects()) {
  dialect.describe('migration 0010', () => {
    it('finds which instances use the large values that are there', async function () {
      this.timeout(60_000);
      // given: a database of the version before, with two instances of which one uses a large value twice
      const event = (instance_id: number, seq: number, payload: string) => ({ instance_id, seq, at: 1, actor: null, operation: 'start', payload, salt: Buffer.alloc(16), hash: Buffer.alloc(32) });
      const url = await aDatabaseBefore('0010-history', dialect, async (knex) => {
        await knex('payload').insert({ hash: HASH, content: '"x"' });
        for (const row of [event(1, 1, `[["vs",1,"a",["s",null,null,"${HASH}"]]]`), event(1, 2, `[["vs",1,"b",["s",null,null,"${HASH}"]]]`), event(2, 1, '[["is",[]]]')]) await knex('event').insert(row);
      });
      // when
      const store = await dialect.open(url);
      // then
      const uses = await store.read('SELECT instance_id, hash FROM payload_use');
      assert.deepEqual(uses.map((row) => [Number(row['instance_id']), row['hash']]), [[1, HASH]]);
      await store.close();
    });
  });
}
