import type { Knex } from 'knex';
import { type Migration, MIGRATIONS } from './migrations/list.ts';
import { StartupError } from './startup-error.ts';

/** Brings the schema to this program's version. Call it with the only connection that may write. @throws StartupError `DATABASE_SCHEMA_NEWER` */
export async function migrate(knex: Knex, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await refuseNewerSchema(knex, migrations);
  const migrationSource: Knex.MigrationSource<Migration> = {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: (migration) => migration.name,
    getMigration: (migration) => Promise.resolve({ up: (connection: Knex) => migration.up(connection), down: () => Promise.resolve() }),
  };
  // The caller excludes other processes, so a lock that is set was left behind by a process that died in a migration.
  if (await knex.schema.hasTable('knex_migrations_lock')) await knex.migrate.forceFreeMigrationsLock({ migrationSource });
  await knex.migrate.latest({ migrationSource });
}

async function refuseNewerSchema(knex: Knex, migrations: readonly Migration[]): Promise<void> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return;
  const known = new Set(migrations.map(({ name }) => name));
  const done: { name: string }[] = await knex('knex_migrations').select('name');
  const unknown = done.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unknown.length === 0) return;
  throw new StartupError(
    'DATABASE_SCHEMA_NEWER',
    `Expected a database of this version or older, but a newer Songbai has changed it (${unknown.join(', ')}); start that version`,
  );
}
