import createKnex, { type Knex } from 'knex';
import { NodeSqliteClient } from '#engine/store/dialect/knex-node-sqlite.ts';
import { migrate } from '#engine/store/migrate.ts';
import { MIGRATIONS } from '#engine/store/migrations/list.ts';
import type { Dialect } from './dialects.ts';

/** A new database as it was before a migration, filled by `fill`. */
export async function aDatabaseBefore(migration: string, dialect: Pick<Dialect, 'newDatabase'>, fill: (knex: Knex) => Promise<unknown>): Promise<string> {
  const url = await dialect.newDatabase();
  const knex = await connect(url);
  await migrate(knex, MIGRATIONS.slice(0, MIGRATIONS.findIndex(({ name }) => name === migration)));
  await fill(knex);
  await knex.destroy();
  return url;
}

async function connect(url: string): Promise<Knex> {
  if (url.startsWith('sqlite:'))
    return createKnex({ client: NodeSqliteClient, connection: { filename: url.slice('sqlite:'.length) }, useNullAsDefault: true, pool: { min: 0, max: 1 } });
  const { protocol, pathname } = new URL(url);
  const connection = url.replace(protocol, 'mysql:');
  const server = createKnex({ client: 'mysql2', connection: connection.replace(pathname, '/') });
  await server.raw(`CREATE DATABASE \`${pathname.slice(1)}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await server.destroy();
  return createKnex({ client: 'mysql2', connection });
}
