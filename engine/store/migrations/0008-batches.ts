import type { Knex } from 'knex';
import { createTable, indexWhereSet, isMysql, longText } from '../dialect/tables.ts';

/** Batches, jobs that are suspended on their own, jobs of no instance, settings of job definitions, and definitions that are deleted. */
export const batches = {
  name: '0008-batches',
  async up(knex: Knex): Promise<void> {
    await createTable(knex, 'batch', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('type', 64).notNullable();
      table.string('tenant', 64).notNullable();
      table.integer('total').notNullable();
      // Items that have a job by now.
      table.integer('seeded').notNullable();
      table.integer('jobs_per_seed').notNullable();
      table.integer('items_per_job').notNullable();
      table.integer('suspended').notNullable();
      table.bigInteger('created_at').notNullable();
      table.string('created_by', 190);
      table.bigInteger('started_at');
      // NULL = it runs.
      table.bigInteger('ended_at');
      longText(table, 'items').notNullable();
      longText(table, 'configuration').notNullable();
      table.index(['tenant', 'ended_at'], 'batch_tenant_ended_at_idx');
    });
    await createTable(knex, 'job_setting', (table) => {
      table.bigInteger('definition_id').notNullable();
      table.string('element', 190).notNullable();
      table.string('kind', 32).notNullable();
      table.integer('suspended').notNullable();
      table.bigInteger('priority');
      table.primary(['definition_id', 'element', 'kind']);
    });
    await indexExecutions(knex);
    await addToJob(knex, 'suspended', (table) => void table.integer('suspended').nullable());
    await addToJob(knex, 'batch_id', (table) => {
      table.bigInteger('batch_id').nullable();
      indexWhereSet(knex, table, ['batch_id'], 'job_batch_id_idx', 'batch_id');
    });
    // Of a batch job: how many of its items are done.
    await addToJob(knex, 'batch_done', (table) => void table.integer('batch_done').nullable());
    // The row of a deleted definition stays: history may name it. Nothing else sees it.
    if (!(await knex.schema.hasColumn('process_definition', 'deleted_at'))) {
      await knex.schema.alterTable('process_definition', (table) => {
        table.bigInteger('deleted_at').nullable();
      });
    }
    // Of a job of no instance: what it shall do; of a batch job its items.
    await addToJob(knex, 'payload', (table) => void longText(table, 'payload').nullable());
  },
};

async function addToJob(knex: Knex, column: string, add: (table: Knex.AlterTableBuilder) => void): Promise<void> {
  if (!(await knex.schema.hasColumn('job', column))) await knex.schema.alterTable('job', add);
}

/** The execution that waits is how Camunda's API names a subscription. */
async function indexExecutions(knex: Knex): Promise<void> {
  const name = 'subscription_element_instance_idx';
  if (!isMysql(knex)) {
    await knex.raw(`create index if not exists ${name} on subscription (element_instance)`);
    return;
  }
  const [known] = (await knex.raw('SHOW INDEX FROM subscription WHERE Key_name = ?', [name])) as [unknown[]];
  if (known.length === 0) await knex.raw(`CREATE INDEX ${name} ON subscription (element_instance)`);
}
