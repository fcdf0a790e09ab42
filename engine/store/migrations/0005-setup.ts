import type { Knex } from 'knex';

/** The one-time token for the first administrator: one row (id 1), by hash; `closed_at` other than 0 = over for good. */
export const setup = {
  name: '0005-setup',
  async up(knex: Knex): Promise<void> {
    await knex.schema.createTable('first_setup', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('token_hash', 64).notNullable();
      table.bigInteger('expires_at').notNullable();
      table.bigInteger('closed_at').notNullable();
    });
  },
};
