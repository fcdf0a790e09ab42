import type { Knex } from 'knex';

/**
 * The area tree of each district, register records (elders, providers, staff: `data` is JSON in the shape of
 * `forms/register-*`), and the time limits by SLA class. Rows of `sla_class` with tenant '' are the shared standard.
 */
export const registers = {
  name: '0004-registers',
  async up(knex: Knex): Promise<void> {
    await knex.schema.createTable('area', (table) => {
      table.string('tenant', 64).notNullable();
      table.string('code', 16).notNullable();
      table.string('parent', 16).nullable();
      table.string('path', 190).notNullable();
      table.string('name', 190).notNullable();
      // 1 district, 2 street, 3 community.
      table.integer('level').notNullable();
      table.primary(['tenant', 'code']);
      table.unique(['tenant', 'path'], { indexName: 'area_tenant_path_idx' });
    });
    await knex.schema.createTable('register_record', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('tenant', 64).notNullable();
      table.string('area', 190).notNullable();
      table.string('register', 64).notNullable();
      table.string('record_key', 64).notNullable();
      table.string('name', 190).notNullable();
      // What a search box looks through, lower case: name, phone, address, pinyin initials.
      table.string('search', 500).notNullable();
      table.text('data', 'longtext').notNullable();
      table.bigInteger('rev').notNullable();
      table.bigInteger('created_at').notNullable();
      table.bigInteger('updated_at').notNullable();
      table.unique(['tenant', 'register', 'record_key'], { indexName: 'register_record_tenant_key_idx' });
      table.index(['tenant', 'register', 'area', 'record_key'], 'register_record_tenant_area_idx');
    });
    await knex.schema.createTable('sla_class', (table) => {
      table.string('tenant', 64).notNullable();
      table.string('code', 16).notNullable();
      table.string('step', 64).notNullable();
      table.string('duration', 32).notNullable();
      // `C7` = natural time, every day.
      table.string('clock', 8).notNullable();
      table.string('name', 190).notNullable();
      table.primary(['tenant', 'code', 'step']);
    });
  },
};
