import type { Knex } from 'knex';
import { hashesIn } from '../history-payloads.ts';
import { createClusteredTable, indexWhereSet, isMysql } from '../dialect/tables.ts';

/** How long history is kept, and what refers to large values: docs/adr/0017. */
export const history = {
  name: '0010-history',
  async up(knex: Knex): Promise<void> {
    // 0 none … 3 full; NULL = the engine's.
    await addColumn(knex, 'process_definition', 'history_level', (table) => void table.integer('history_level').nullable());
    // Set by hand only: NULL = the end and the time to live of the definition say it. The largest safe integer = never.
    await addColumn(knex, 'history_instance', 'removal_at', (table) => {
      table.bigInteger('removal_at').nullable();
      indexWhereSet(knex, table, ['removal_at'], 'history_instance_removal_at_idx', 'removal_at');
    });
    // What a district decides for all versions of a process; NULL days = kept for ever.
    await createClusteredTable(knex, 'history_retention', (table) => {
      table.string('tenant', 64).notNullable();
      table.string('def_key', 190).notNullable();
      table.integer('days');
      table.primary(['tenant', 'def_key']);
    });
    // Moves with each command that uses the value, so that collecting it and using it anew exclude each other.
    await addColumn(knex, 'payload', 'used_at', (table) => void table.bigInteger('used_at').notNullable().defaultTo(0));
    await createClusteredTable(knex, 'payload_use', (table) => {
      table.bigInteger('instance_id').notNullable();
      table.string('hash', 64).notNullable();
      table.primary(['instance_id', 'hash']);
      table.index(['hash'], 'payload_use_hash_idx');
    });
    await findUses(knex);
    await addIndex(knex, 'history_decision', ['decision_key', 'instance_id'], 'history_decision_decision_key_instance_id_idx');
  },
};

async function addColumn(knex: Knex, table: string, column: string, add: (table: Knex.AlterTableBuilder) => void): Promise<void> {
  if (!(await knex.schema.hasColumn(table, column))) await knex.schema.alterTable(table, add);
}

/** On MySQL a migration that was cut short may have made it already. */
async function addIndex(knex: Knex, table: string, columns: string[], name: string): Promise<void> {
  if (isMysql(knex)) {
    const [rows] = (await knex.raw('SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = ?', [name])) as [unknown[]];
    if (rows.length > 0) return;
  }
  await knex.schema.alterTable(table, (changed) => void changed.index(columns, name));
}

/** Which instances use the large values that are there already: told by their events. */
async function findUses(knex: Knex): Promise<void> {
  if (!(await knex('payload').first('hash'))) return;
  let last = { instance_id: 0, seq: 0 };
  for (;;) {
    const rows = (await knex('event')
      .select('instance_id', 'seq', 'payload')
      .whereRaw('(instance_id > ? OR (instance_id = ? AND seq > ?))', [last.instance_id, last.instance_id, last.seq])
      .orderBy(['instance_id', 'seq'])
      .limit(500)) as { instance_id: number; seq: number; payload: string }[];
    for (const { instance_id, payload } of rows)
      for (const hash of hashesIn(payload)) await knex('payload_use').insert({ instance_id, hash }).onConflict(['instance_id', 'hash']).ignore();
    const end = rows.at(-1);
    if (!end) return;
    last = { instance_id: Number(end.instance_id), seq: Number(end.seq) };
  }
}
