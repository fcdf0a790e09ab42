import type { Knex } from 'knex';

/**
 * Accounts, sessions (by hash of their id), attempts to log in, API clients and the operation log.
 * `audit` has one hash chain per (tenant, node): a row's hash covers the hash before it.
 */
export const identity = {
  name: '0002-identity',
  async up(knex: Knex): Promise<void> {
    await knex.schema.createTable('account', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('username', 64).notNullable().unique('account_username_idx');
      table.string('name', 190).notNullable();
      table.string('password_hash', 255).notNullable();
      table.string('tenant', 64).notNullable();
      table.string('tenant_name', 190).notNullable();
      table.text('roles').notNullable();
      table.text('candidate_groups').notNullable();
      table.text('areas').notNullable();
      table.string('locale', 8).notNullable();
      table.string('status', 16).notNullable();
      table.integer('demo').notNullable();
      table.bigInteger('created_at').notNullable();
      table.bigInteger('updated_at').notNullable();
      table.bigInteger('password_at').notNullable();
      table.index(['tenant'], 'account_tenant_idx');
    });
    await knex.schema.createTable('session', (table) => {
      table.string('token_hash', 64).notNullable().primary();
      table.bigInteger('account_id').notNullable();
      table.bigInteger('created_at').notNullable();
      table.bigInteger('last_seen_at').notNullable();
      table.bigInteger('expires_at').notNullable();
      table.string('ip', 64).notNullable();
      table.index(['account_id'], 'session_account_idx');
      table.index(['expires_at'], 'session_expires_at_idx');
    });
    await knex.schema.createTable('login_attempt', (table) => {
      table.string('subject', 100).notNullable().primary();
      table.integer('failures').notNullable();
      table.bigInteger('first_at').notNullable();
      table.bigInteger('locked_until').notNullable();
    });
    await knex.schema.createTable('api_client', (table) => {
      table.string('id', 64).notNullable().primary();
      table.string('name', 190).notNullable();
      // argon2id for `basic`; SHA-256 of the 256-bit random token for `bearer`.
      table.string('kind', 8).notNullable();
      table.string('secret_hash', 255).notNullable().unique('api_client_secret_hash_idx');
      table.string('tenant', 64).notNullable();
      table.text('areas').notNullable();
      table.text('scopes').notNullable();
      table.string('status', 16).notNullable();
      table.bigInteger('created_at').notNullable();
    });
    await knex.schema.createTable('audit', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('tenant', 64).notNullable();
      table.string('node', 64).notNullable();
      table.bigInteger('seq').notNullable();
      table.bigInteger('at').notNullable();
      table.string('actor', 64).notNullable();
      table.string('actor_kind', 16).notNullable();
      table.string('ip', 64).notNullable();
      table.string('route', 100).notNullable();
      table.string('method', 8).notNullable();
      table.string('path', 500).notNullable();
      table.integer('status').notNullable();
      table.string('summary', 255).notNullable();
      table.string('salt', 64).notNullable();
      table.string('payload_hash', 64).notNullable();
      table.string('previous_hash', 64).notNullable();
      table.string('hash', 64).notNullable();
      table.unique(['tenant', 'node', 'seq'], { indexName: 'audit_tenant_node_seq_idx' });
      table.index(['tenant', 'id'], 'audit_tenant_idx');
    });
  },
};
