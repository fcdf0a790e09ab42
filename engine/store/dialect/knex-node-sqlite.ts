import { createRequire } from 'node:module';
import type { StatementSync } from 'node:sqlite';
import type BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js';
import { openSqlite, type SqliteConnection } from './sqlite.ts';

// knex is CommonJS and names no entry for its dialects, so the class is required, not imported.
const Base = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3/index.js') as typeof BetterSqlite3Client;

interface QueryObject {
  sql: string;
  bindings?: readonly unknown[];
  response?: unknown;
  context?: { lastID: number | bigint; changes: number | bigint };
}
interface Prepared {
  statement: StatementSync;
  isReader: boolean;
}
type Connection = SqliteConnection & { prepared: Map<string, Prepared> };

/** knex on node:sqlite: the shipped better-sqlite3 dialect with other connections and a cache of prepared statements. */
export class NodeSqliteClient extends Base {
  _driver(): object {
    return {};
  }

  /** A primary key is SQLite's rowid itself only when its type is written `integer`, so `bigInteger` has to become that. */
  override columnCompiler(...args: unknown[]): object {
    return Object.assign(super.columnCompiler(...args), { bigint: 'integer', biginteger: 'integer' });
  }

  override async acquireRawConnection(): Promise<Connection> {
    const { filename, readOnly } = this.connectionSettings;
    return Object.assign(openSqlite(filename, { readOnly, busyTimeoutMs: 5000 }), { prepared: new Map<string, Prepared>() });
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    connection.prepared.clear();
    connection.close();
  }

  async _query(connection: Connection, query: QueryObject): Promise<QueryObject> {
    const { statement, isReader } = prepare(connection, query.sql);
    const bindings = this._formatBindings(query.bindings) as (string | number)[];
    if (isReader) {
      query.response = statement.all(...bindings);
      return query;
    }
    const { lastInsertRowid, changes } = statement.run(...bindings);
    query.response = { lastInsertRowid, changes };
    query.context = { lastID: lastInsertRowid, changes };
    return query;
  }
}

function prepare({ db, prepared }: Connection, sql: string): Prepared {
  const known = prepared.get(sql);
  if (known) return known;
  const statement = db.prepare(sql);
  const entry = { statement, isReader: statement.columns().length > 0 };
  if (prepared.size >= 300) prepared.delete(prepared.keys().next().value ?? '');
  prepared.set(sql, entry);
  return entry;
}
