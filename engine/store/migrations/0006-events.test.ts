import assert from 'node:assert/strict';
import createKnex from 'knex';
import { dialects } from '#test/support/dialects.ts';
import { NodeSqliteClient } from '../dialect/knex-node-sqlite.ts';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from './list.ts';

async function connect(url: string) {
  if (url.startsWith('sqlite:'))
    return createKnex({ client: NodeSqliteClient, connection: { filename: url.slice('sqlite:'.length) }, useNullAsDefault: true, pool: { min: 0, max: 1 } });
  const { protocol, pathname } = new URL(url);
  const connection = url.replace(protocol, 'mysql:');
  const server = createKnex({ client: 'mysql2', connection: connection.replace(pathname, '/') });
  await server.raw(`CREATE DATABASE \`${pathname.slice(1)}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await server.destroy();
  return createKnex({ client: 'mysql2', connection });
}

for (const dialect of dialects()) {
  dialect.describe('migration 0006', () => {
    it('keeps the start subscriptions, and allows several for one start event', async function () {
      this.timeout(60_000);
      // given: a database of the version before
      const url = await dialect.newDatabase();
      const knex = await connect(url);
      await migrate(knex, MIGRATIONS.slice(0, 5));
      const row = { definition_id: 7, tenant: '120103', kind: 'message', name: 'order', element: 'begin' };
      await knex('start_subscription').insert(row);
      await knex.destroy();
      // when
      const store = await dialect.open(url);
      await store.batcher.run({ key: null, name: 'test' }, function* (writes) {
        writes.insert('start_subscription', { ...row, kind: 'signal' });
        writes.insert('start_subscription', { ...row, name: 'call' });
      });
      // then
      const rows = await store.read('SELECT kind, name, element FROM start_subscription WHERE definition_id = 7 ORDER BY kind, name');
      assert.deepEqual(rows.map(({ kind, name }) => `${String(kind)} ${String(name)}`), ['message call', 'message order', 'signal order']);
      assert.deepEqual(await store.read('SELECT id FROM outbox'), []);
      await store.close();
    });
  });
}
