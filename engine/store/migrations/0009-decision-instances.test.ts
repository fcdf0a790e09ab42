import assert from 'node:assert/strict';
import { aDatabaseBefore } from '#test/support/database-before.ts';
import { dialects } from '#test/support/dialects.ts';

for (const dialect of dialects()) {
  dialect.describe('migration 0009', () => {
    it('keeps the decisions of history, and allows several for one event', async function () {
      this.timeout(60_000);
      // given: a database of the version before
      const row = { instance_id: 1, seq: 2, definition_id: 7, element: 'decide', element_instance: 3, decision_id: 4, decision_key: 'level', decision_version: 1, evaluated_at: 5, record: '{}' };
      const url = await aDatabaseBefore('0009-decision-instances', dialect, (knex) => knex('history_decision').insert(row));
      // when
      const store = await dialect.open(url);
      await store.batcher.run({ key: null, name: 'test' }, function* (writes) {
        writes.insert('history_decision', { ...row, part: 1, decision_key: 'base' });
      });
      // then
      const rows = await store.read('SELECT part, decision_key, element, record FROM history_decision WHERE instance_id = 1 ORDER BY part');
      assert.deepEqual(rows.map((each) => ({ ...each })), [
        { part: 0, decision_key: 'level', element: 'decide', record: '{}' },
        { part: 1, decision_key: 'base', element: 'decide', record: '{}' },
      ]);
      await store.close();
    });
  });
}
