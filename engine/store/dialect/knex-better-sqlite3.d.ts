declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type { Knex } from 'knex';

  /** knex ships no types for its dialect classes; these are the members that the node:sqlite client builds on. */
  class BetterSqlite3Client extends Knex.Client {
    declare connectionSettings: { filename: string; readOnly: boolean };
    columnCompiler(...args: unknown[]): object;
    _formatBindings(bindings: readonly unknown[] | undefined): unknown[];
  }
  export default BetterSqlite3Client;
}
