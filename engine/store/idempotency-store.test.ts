import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { forgetOld, recall, remember, REMEMBER_MS } from './idempotency-store.ts';
import type { Store } from './open-store.ts';
import type { Work } from './unit-of-work.ts';

const key = { tenant: '120103', scope: 'start:order', key: 'k1' };
const NOW = Date.UTC(2026, 10, 22);

for (const dialect of dialects()) {
  dialect.describe('idempotency store', () => {
    let store: Store;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      await store.batcher.run(
        { key: null, name: 'test' },
        function* (writes): Work<void> {
          remember(writes, key, NOW, { id: '1', 名: '张' });
          remember(writes, { ...key, key: 'newer' }, NOW + 1, null);
        },
      );
    });
    after(() => store.close());

    it('gives the first answer for seven days, to the same tenant, scope and key only', async () => {
      assert.deepEqual(await store.query(recall(key, NOW + REMEMBER_MS)), { result: { id: '1', 名: '张' } });
      assert.equal(await store.query(recall(key, NOW + 2 * REMEMBER_MS)), null);
      for (const other of [{ tenant: '120104' }, { scope: 'other' }, { key: 'k2' }]) {
        assert.equal(await store.query(recall({ ...key, ...other }, NOW)), null);
      }
    });

    it('deletes what is older, and nothing else', async () => {
      const deleted = await store.batcher.run({ key: null, name: 'forget' }, (writes) => forgetOld(writes, NOW + REMEMBER_MS + 1));
      assert.equal(deleted, 1);
      assert.deepEqual(
        (await store.read('SELECT idem_key FROM idempotency')).map((row) => row.idem_key),
        ['newer'],
      );
    });
  });
}
