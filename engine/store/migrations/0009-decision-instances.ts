import type { Knex } from 'knex';
import { isMysql, longText } from '../dialect/tables.ts';

const KEY = ['instance_id', 'seq', 'part'];

/** A row for each decision that was evaluated: part 0 is the one that was asked for, the others are those it required, in the order of evaluation. */
export const decisionInstances = {
  name: '0009-decision-instances',
  async up(knex: Knex): Promise<void> {
    if (isMysql(knex)) {
      if (!(await knex.schema.hasColumn('history_decision', 'part'))) {
        await knex.schema.alterTable('history_decision', (table) => {
          table.integer('part').notNullable().defaultTo(0);
        });
      }
      await knex.raw(`ALTER TABLE history_decision DROP PRIMARY KEY, ADD PRIMARY KEY (${KEY.join(', ')})`);
      return;
    }
    // SQLite cannot change a primary key, but it undoes a whole migration that is cut short.
    await knex.schema.renameTable('history_decision', 'history_decision_before');
    await knex.schema.createTable('history_decision', (table) => {
      table.bigInteger('instance_id').notNullable();
      table.bigInteger('seq').notNullable();
      table.integer('part').notNullable().defaultTo(0);
      table.bigInteger('definition_id').notNullable();
      table.string('element', 190).notNullable();
      table.bigInteger('element_instance').notNullable();
      table.bigInteger('decision_id').notNullable();
      table.string('decision_key', 190).notNullable();
      table.integer('decision_version').notNullable();
      table.bigInteger('evaluated_at').notNullable();
      longText(table, 'record').notNullable();
      table.primary(KEY);
    });
    const columns =
      'instance_id, seq, definition_id, element, element_instance, decision_id, decision_key, decision_version, evaluated_at, record';
    await knex.raw(`INSERT INTO history_decision (${columns}) SELECT ${columns} FROM history_decision_before`);
    await knex.schema.dropTable('history_decision_before');
  },
};
