import type { Knex } from 'knex';
import { createClusteredTable, createTable, longText } from '../dialect/tables.ts';

/**
 * Gateways, devices with the last value of each property, the inbox of device events, and alerts.
 * `alert.active_key` is the deduplication key while the alert is active and NULL afterwards: the unique index is the rule
 * "one active alert per subject and kind".
 */
export const devices = {
  name: '0003-devices',
  async up(knex: Knex): Promise<void> {
    await createTable(knex, 'gateway', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('tenant', 64).notNullable();
      table.string('area', 190).notNullable();
      table.string('name', 190).notNullable();
      table.string('account', 64).notNullable().unique('gateway_account_idx');
      table.string('password_hash', 255).notNullable();
      table.string('base_topic', 190).notNullable().unique('gateway_base_topic_idx');
      table.integer('enabled').notNullable().defaultTo(1);
      table.integer('online').notNullable().defaultTo(0);
      // A device whose `synced_at` is older than this sends its cached state first.
      table.bigInteger('online_at').notNullable().defaultTo(0);
      table.bigInteger('last_seen_at').nullable();
      table.bigInteger('created_at').notNullable();
    });
    await createTable(knex, 'device', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('tenant', 64).notNullable();
      table.string('area', 190).notNullable();
      table.string('code', 64).notNullable();
      table.string('name', 190).notNullable();
      table.string('profile', 64).notNullable();
      table.string('model', 190).nullable();
      table.string('location', 190).nullable();
      table.bigInteger('gateway_id').notNullable();
      table.string('address', 190).notNullable();
      table.string('elder_id', 64).nullable();
      table.integer('enabled').notNullable().defaultTo(1);
      table.integer('online').nullable();
      table.bigInteger('last_seen_at').nullable();
      table.bigInteger('synced_at').notNullable().defaultTo(0);
      table.bigInteger('created_at').notNullable();
      table.unique(['tenant', 'code'], { indexName: 'device_tenant_code_idx' });
      table.unique(['gateway_id', 'address'], { indexName: 'device_gateway_address_idx' });
    });
    await createClusteredTable(knex, 'device_property', (table) => {
      table.bigInteger('device_id').notNullable();
      table.string('name', 64).notNullable();
      table.string('value', 1024).notNullable();
      table.bigInteger('device_at').nullable();
      table.bigInteger('changed_at').notNullable();
      table.primary(['device_id', 'name']);
    });
    await createTable(knex, 'inbox', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('event_key', 100).notNullable().unique('inbox_event_key_idx');
      table.string('fingerprint', 64).notNullable();
      table.string('tenant', 64).notNullable();
      table.string('area', 190).notNullable();
      table.bigInteger('gateway_id').notNullable();
      table.bigInteger('device_id').nullable();
      table.string('device_code', 190).notNullable();
      table.string('elder_id', 64).nullable();
      table.string('capability', 64).notNullable();
      table.string('value', 1024).notNullable();
      table.string('previous', 1024).nullable();
      table.integer('changed').notNullable();
      table.integer('snapshot').notNullable();
      table.integer('test').notNullable();
      table.string('edge', 8).notNullable();
      table.integer('life_safety').notNullable();
      table.bigInteger('device_at').nullable();
      table.bigInteger('received_at').notNullable();
      table.string('topic', 255).notNullable();
      longText(table, 'raw').notNullable();
      table.string('status', 16).notNullable();
      table.bigInteger('available_at').notNullable();
      table.string('lease_token', 64).nullable();
      table.string('worker_id', 100).nullable();
      table.integer('tries').notNullable().defaultTo(0);
      table.string('error', 1024).nullable();
      table.bigInteger('handled_at').nullable();
      table.string('handled_by', 100).nullable();
      table.bigInteger('alert_id').nullable();
      table.index(['status', 'life_safety', 'available_at', 'id'], 'inbox_status_life_safety_idx');
      table.index(['fingerprint'], 'inbox_fingerprint_idx');
      table.index(['device_id', 'capability', 'status', 'id'], 'inbox_device_order_idx');
      table.index(['tenant', 'status', 'id'], 'inbox_tenant_status_idx');
      table.index(['gateway_id', 'status'], 'inbox_gateway_status_idx');
    });
    await createTable(knex, 'alert', (table) => {
      table.bigInteger('id').notNullable().primary();
      table.string('number', 40).notNullable();
      table.string('tenant', 64).notNullable();
      table.string('area', 190).notNullable();
      table.string('kind', 64).notNullable();
      table.integer('level').notNullable();
      table.string('active_key', 255).nullable().unique('alert_active_key_idx');
      table.string('elder_id', 64).nullable();
      table.bigInteger('device_id').nullable();
      table.string('value', 1024).nullable();
      table.text('details').nullable();
      table.integer('count').notNullable();
      table.bigInteger('raised_at').notNullable();
      table.bigInteger('last_at').notNullable();
      table.bigInteger('recovered_at').nullable();
      table.bigInteger('acknowledged_at').nullable();
      table.string('acknowledged_by', 64).nullable();
      table.bigInteger('cleared_at').nullable();
      table.string('cleared_by', 64).nullable();
      table.bigInteger('instance_id').nullable();
      table.string('problem', 1024).nullable();
      table.integer('flow_silent').notNullable();
      table.index(['tenant', 'id'], 'alert_tenant_idx');
      table.index(['instance_id'], 'alert_instance_idx');
      table.index(['elder_id'], 'alert_elder_idx');
    });
    // One row per occurrence that was counted; the key makes raising idempotent.
    await createTable(knex, 'alert_event', (table) => {
      table.string('event_key', 190).notNullable().primary();
      table.bigInteger('alert_id').notNullable();
      table.string('outcome', 16).notNullable();
      table.bigInteger('at').notNullable();
      table.index(['alert_id'], 'alert_event_alert_idx');
    });
  },
};
