import assert from 'node:assert/strict';
import { aDatabaseBefore } from '#test/support/database-before.ts';
import { dialects } from '#test/support/dialects.ts';

for (const dialect of dialects()) {
  dialect.describe('migration 0006', () => {
    it('keeps the start subscriptions, and allows several for one start event', async function () {
      this.timeout(60_000);
      // given: a database of the version before
      const row = { definition_id: 7, tenant: '120103', kind: 'message', name: 'order', element: 'begin' };
      const url = await aDatabaseBefore('0006-events', dialect, (knex) => knex('start_subscription').insert(row));
      // when
      const store = await dialect.open(url);
      await store.batcher.run({ key: null, name: 'test' }, function* (writes) {
        writes.insert('start_subscription', { ...row, kind: 'signal' });
        writes.insert('start_subscription', { ...row, name: 'call' });
      });
      // then
      const rows = await store.read('SELECT kind, name, element FROM start_subscription WHERE definition_id = 7 ORDER BY kind, name');
      assert.deepEqual(
        rows.map(({ kind, name }) => `${String(kind)} ${String(name)}`),
        ['message call', 'message order', 'signal order'],
      );
      assert.deepEqual(await store.read('SELECT id FROM outbox'), []);
      await store.close();
    });
  });
}
