import type { Knex } from 'knex';
import { createTable, longText } from '../dialect/tables.ts';

/**
 * Items of large loops, each with everything inside it: what `process_instance.state` leaves out of an instance.
 * `part` leads a command from its row to the one item that it works on; NULL = it is in the state of the instance itself.
 */
export const parts = {
  name: '0007-parts',
  async up(knex: Knex): Promise<void> {
    await createTable(knex, 'scope', (table) => {
      // The item's element instance.
      table.bigInteger('id').notNullable().primary();
      table.bigInteger('instance_id').notNullable();
      // The body around it.
      table.bigInteger('parent').notNullable();
      longText(table, 'state').notNullable();
      table.index(['instance_id'], 'scope_instance_id_idx');
    });
    for (const name of ['task', 'job', 'subscription', 'external_task']) {
      if (await knex.schema.hasColumn(name, 'part')) continue;
      await knex.schema.alterTable(name, (table) => {
        table.bigInteger('part').nullable();
      });
    }
  },
};
