import type { Knex } from 'knex';
import { createTable, indexWhereSet, isMysql, longText } from '../dialect/tables.ts';

/** What a transaction leaves to be done outside of it, and start events with several definitions. */
export const events = {
  name: '0006-events',
  async up(knex: Knex): Promise<void> {
    await createTable(knex, 'outbox', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('kind', 32).notNullable();
      table.string('tenant', 64).notNullable();
      longText(table, 'payload').notNullable();
      table.bigInteger('created_at').notNullable();
      // NULL = no tries left.
      table.bigInteger('available_at');
      table.string('lock_owner', 64);
      table.integer('retries').notNullable();
      table.text('error');
      indexWhereSet(knex, table, ['available_at'], 'outbox_available_at_idx', 'available_at');
    });
    await allowSeveralPerElement(knex);
  },
};

const COLUMNS = ['definition_id', 'element', 'kind', 'name'];

async function allowSeveralPerElement(knex: Knex): Promise<void> {
  if (isMysql(knex)) {
    await knex.raw(`ALTER TABLE start_subscription DROP PRIMARY KEY, ADD PRIMARY KEY (${COLUMNS.join(', ')})`);
    return;
  }
  // SQLite cannot change a primary key, but it undoes a whole migration that is cut short.
  const rows = await knex('start_subscription').select('*');
  await knex.schema.dropTable('start_subscription');
  await knex.schema.createTable('start_subscription', (table) => {
    table.bigInteger('definition_id').notNullable();
    table.string('tenant', 64).notNullable();
    table.string('kind', 32).notNullable();
    table.string('name', 190).notNullable();
    table.string('element', 190).notNullable();
    table.primary(COLUMNS);
    table.index(['kind', 'name', 'tenant'], 'start_subscription_kind_name_tenant_idx');
  });
  for (const row of rows) await knex('start_subscription').insert(row);
}
