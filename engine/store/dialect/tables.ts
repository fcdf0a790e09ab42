import type { Knex } from 'knex';

/** Whether this knex speaks to MySQL or MariaDB. */
export function isMysql(knex: Knex): boolean {
  return knex.client.config.client === 'mysql2';
}

/** Text without a limit: `text` on SQLite, `longtext` on MySQL. */
export function longText(table: Knex.TableBuilder, name: string): Knex.ColumnBuilder {
  return table.text(name, 'longtext');
}

/** Creates a table unless it is there: on MySQL a migration that was cut short has left some. Returns whether it did. */
export async function createTable(knex: Knex, name: string, build: (table: Knex.CreateTableBuilder) => void): Promise<boolean> {
  if (await knex.schema.hasTable(name)) return false;
  await knex.schema.createTable(name, build);
  return true;
}

/**
 * A table stored in the order of its composite primary key, without a second index: InnoDB always does, SQLite by `WITHOUT ROWID`,
 * which knex's builder does not know.
 */
export async function createClusteredTable(knex: Knex, name: string, build: (table: Knex.CreateTableBuilder) => void): Promise<void> {
  if (isMysql(knex)) {
    await createTable(knex, name, build);
    return;
  }
  if (await knex.schema.hasTable(name)) return;
  for (const { sql } of knex.schema.createTable(name, build).toSQL() as unknown as { sql: string }[]) {
    await knex.raw(sql.toLowerCase().startsWith('create table') ? `${sql} without rowid` : sql);
  }
}

/** An index over the rows where `column` has a value; the whole table on MySQL, which knows no partial indexes. */
export function indexWhereSet(knex: Knex, table: Knex.TableBuilder, columns: string[], name: string, column: string): void {
  if (isMysql(knex)) table.index(columns, name);
  else table.index(columns, name, { predicate: knex.whereNotNull(column) });
}
