import type { Knex } from 'knex';
import { createClusteredTable, createTable, indexWhereSet, isMysql, longText } from '../dialect/tables.ts';

/** Definitions, running instances with the projections of their state, history and events. */
export const engine = {
  name: '0001-engine',
  async up(knex: Knex): Promise<void> {
    await infrastructure(knex);
    await definitions(knex);
    await instances(knex);
    await waiting(knex);
    await history(knex);
  },
};

async function infrastructure(knex: Knex): Promise<void> {
  await createTable(knex, 'id_block', (table) => {
    table.string('name', 64).notNullable().primary();
    table.bigInteger('next').notNullable();
  });
  const [block] = await knex('id_block').where({ name: 'engine' });
  if (!block) await knex('id_block').insert({ name: 'engine', next: 1 });
  await createClusteredTable(knex, 'idempotency', (table) => {
    table.string('tenant', 64).notNullable();
    table.string('scope', 64).notNullable();
    table.string('idem_key', 190).notNullable();
    table.bigInteger('created_at').notNullable();
    longText(table, 'result').notNullable();
    table.primary(['tenant', 'scope', 'idem_key']);
    table.index(['created_at'], 'idempotency_created_at_idx');
  });
  await createTable(knex, 'node_lock', (table) => {
    table.string('name', 64).notNullable().primary();
    table.string('node_id', 64).notNullable();
    table.integer('pid').notNullable();
    table.string('host', 255).notNullable();
    table.bigInteger('started_at').notNullable();
  });
  await createTable(knex, 'payload', (table) => {
    table.string('hash', 64).notNullable().primary();
    longText(table, 'content').notNullable();
  });
  if (!isMysql(knex) || (await knex.schema.hasTable('command_tx'))) return;
  // `expected = hit` aborts a group whose compare-and-set missed a row, before its COMMIT and without a second round trip.
  await knex.raw(
    'create table command_tx (id varchar(64) not null primary key, expected int not null, hit int not null, created_at bigint not null,' +
      ' index command_tx_created_at_idx (created_at), constraint command_tx_all_hit check (expected = hit))',
  );
}

async function definitions(knex: Knex): Promise<void> {
  await createTable(knex, 'deployment', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.string('tenant', 64).notNullable();
    table.string('name', 255);
    table.string('source', 255);
    table.bigInteger('created_at').notNullable();
    table.string('created_by', 190);
    table.index(['tenant', 'created_at'], 'deployment_tenant_created_at_idx');
  });
  await createTable(knex, 'resource', (table) => {
    table.bigInteger('deployment_id').notNullable();
    table.string('name', 255).notNullable();
    table.string('hash', 64).notNullable();
    table.specificType('content', isMysql(knex) ? 'longblob' : 'blob').notNullable();
    table.primary(['deployment_id', 'name']);
  });
  await createTable(knex, 'process_definition', (table) => {
    versioned(table, 'def_key', 'process_definition');
    table.string('name', 255);
    table.string('model_hash', 64).notNullable();
    table.string('start_form_key', 255);
    table.integer('startable').notNullable();
    table.integer('suspended').notNullable();
    table.index(['def_key'], 'process_definition_def_key_idx');
  });
  await createTable(knex, 'decision_definition', (table) => {
    versioned(table, 'decision_key', 'decision_definition');
    table.string('name', 255);
    table.string('model_hash', 64).notNullable();
  });
  await createTable(knex, 'form_definition', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.string('tenant', 64).notNullable();
    table.string('form_key', 190).notNullable();
    table.integer('version').notNullable();
    table.string('hash', 64).notNullable();
    table.bigInteger('deployment_id').notNullable();
    longText(table, 'content').notNullable();
    longText(table, 'module').notNullable();
    table.unique(['tenant', 'form_key', 'version'], { indexName: 'form_definition_tenant_form_key_version_idx' });
    table.index(['hash'], 'form_definition_hash_idx');
  });
  await createTable(knex, 'compiled_model', (table) => {
    table.string('hash', 64).notNullable();
    table.integer('compiler').notNullable();
    longText(table, 'model').notNullable();
    table.primary(['hash', 'compiler']);
  });
  await createTable(knex, 'start_subscription', (table) => {
    table.bigInteger('definition_id').notNullable();
    table.string('tenant', 64).notNullable();
    table.string('kind', 32).notNullable();
    table.string('name', 190).notNullable();
    table.string('element', 190).notNullable();
    table.primary(['definition_id', 'element']);
    table.index(['kind', 'name', 'tenant'], 'start_subscription_kind_name_tenant_idx');
  });
}

function versioned(table: Knex.CreateTableBuilder, key: string, name: string): void {
  table.bigInteger('id').notNullable().primary();
  table.string('tenant', 64).notNullable();
  table.string(key, 190).notNullable();
  table.integer('version').notNullable();
  table.string('version_tag', 190);
  table.bigInteger('deployment_id').notNullable();
  table.string('resource', 255).notNullable();
  table.unique(['tenant', key, 'version'], { indexName: `${name}_tenant_${key}_version_idx` });
  table.index(['deployment_id'], `${name}_deployment_id_idx`);
}

async function instances(knex: Knex): Promise<void> {
  await createTable(knex, 'process_instance', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.integer('rev').notNullable();
    table.bigInteger('definition_id').notNullable();
    table.bigInteger('root_id').notNullable();
    table.bigInteger('super_id');
    table.bigInteger('super_element');
    table.string('business_key', 255);
    table.string('tenant', 64).notNullable();
    table.string('area', 190).notNullable();
    table.string('status', 16).notNullable();
    table.bigInteger('started_at').notNullable();
    table.string('started_by', 190);
    table.bigInteger('updated_at').notNullable();
    table.integer('state_version').notNullable();
    longText(table, 'state').notNullable();
    // A root finds itself by its id; only called instances need the way from their root.
    indexWhereSet(knex, table, ['root_id', 'super_id'], 'process_instance_root_id_idx', 'super_id');
    indexWhereSet(knex, table, ['business_key'], 'process_instance_business_key_idx', 'business_key');
    // Lists go by id, which every index carries and which is roughly the time.
    table.index(['definition_id'], 'process_instance_definition_id_idx');
    table.index(['tenant'], 'process_instance_tenant_idx');
    table.index(['area'], 'process_instance_area_idx');
  });
  await createClusteredTable(knex, 'search_variable', (table) => {
    table.bigInteger('instance_id').notNullable();
    table.string('name', 190).notNullable();
    table.string('type', 16).notNullable();
    table.string('text_value', 255);
    table.double('number_value');
    table.primary(['instance_id', 'name']);
    table.index(['name', 'text_value', 'number_value', 'instance_id'], 'search_variable_name_value_idx');
  });
  await createClusteredTable(knex, 'event', (table) => {
    table.bigInteger('instance_id').notNullable();
    table.integer('seq').notNullable();
    table.bigInteger('at').notNullable();
    table.string('actor', 190);
    table.string('operation', 64).notNullable();
    longText(table, 'payload').notNullable();
    table.binary('salt', 16).notNullable();
    table.binary('hash', 32).notNullable();
    table.primary(['instance_id', 'seq']);
  });
}

async function waiting(knex: Knex): Promise<void> {
  await createTable(knex, 'task', (table) => {
    owned(table);
    table.string('name', 255);
    table.string('assignee', 190);
    table.string('owner', 190);
    table.integer('priority').notNullable();
    table.bigInteger('due_at');
    table.bigInteger('follow_up_at');
    table.string('form_key', 255);
    table.text('description');
    table.integer('rev').notNullable();
    table.index(['instance_id'], 'task_instance_id_idx');
    indexWhereSet(knex, table, ['assignee', 'created_at'], 'task_assignee_created_at_idx', 'assignee');
    indexWhereSet(knex, table, ['tenant', 'due_at'], 'task_tenant_due_at_idx', 'due_at');
    table.index(['tenant', 'created_at'], 'task_tenant_created_at_idx');
    table.index(['area', 'created_at'], 'task_area_created_at_idx');
  });
  await createClusteredTable(knex, 'task_candidate', (table) => {
    table.string('grp', 190).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('task_id').notNullable();
    table.primary(['grp', 'created_at', 'task_id']);
  });
  await createTable(knex, 'job', (table) => {
    owned(table);
    table.bigInteger('root_id').notNullable();
    table.string('kind', 32).notNullable();
    table.bigInteger('due_at').notNullable();
    // NULL = nobody shall run it: no retries left, or its instance is suspended.
    table.bigInteger('available_at');
    table.string('lock_owner', 64);
    table.integer('retries').notNullable();
    table.bigInteger('priority').notNullable();
    table.text('error');
    longText(table, 'error_details');
    // Of timer start events, which have no instance whose state could remember them: -1 = endless.
    table.string('repeat_cycle', 255);
    table.integer('repeat_left');
    indexWhereSet(knex, table, ['available_at'], 'job_available_at_idx', 'available_at');
    table.index(['instance_id'], 'job_instance_id_idx');
  });
  await createTable(knex, 'subscription', (table) => {
    owned(table);
    table.bigInteger('element_instance').notNullable();
    table.string('kind', 32).notNullable();
    table.string('name', 190).notNullable();
    table.string('business_key', 255);
    table.index(['name', 'tenant', 'business_key'], 'subscription_name_tenant_business_key_idx');
    table.index(['instance_id'], 'subscription_instance_id_idx');
  });
  const isNew = await createTable(knex, 'external_task', (table) => {
    owned(table);
    table.string('topic', 190).notNullable();
    table.string('worker_id', 190);
    // 0 = free, else the end of its lock or of its wait for a retry; NULL = no retries left.
    table.bigInteger('available_at');
    table.integer('retries');
    table.bigInteger('priority').notNullable();
    table.text('error_message');
    longText(table, 'error_details');
    table.index(['instance_id'], 'external_task_instance_id_idx');
  });
  // Workers take the highest priority first, then the oldest: the index has that order, so that a long queue is never sorted.
  if (isNew) await knex.raw('create index external_task_topic_priority_idx on external_task (topic, priority desc, available_at)');
  await createTable(knex, 'incident', (table) => {
    owned(table);
    table.string('kind', 64).notNullable();
    table.bigInteger('source_id').notNullable();
    table.text('message');
    table.index(['instance_id'], 'incident_instance_id_idx');
    table.index(['tenant', 'created_at'], 'incident_tenant_created_at_idx');
  });
}

/** What all rows that belong to a place in a running instance have; `element` is the BPMN id. */
function owned(table: Knex.CreateTableBuilder): void {
  table.bigInteger('id').notNullable().primary();
  table.bigInteger('instance_id').notNullable();
  table.bigInteger('definition_id').notNullable();
  table.string('element', 190).notNullable();
  table.string('tenant', 64).notNullable();
  table.string('area', 190).notNullable();
  table.bigInteger('created_at').notNullable();
}

async function history(knex: Knex): Promise<void> {
  await createTable(knex, 'history_instance', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.bigInteger('definition_id').notNullable();
    table.string('business_key', 255);
    table.string('tenant', 64).notNullable();
    table.string('area', 190).notNullable();
    table.bigInteger('root_id').notNullable();
    table.bigInteger('super_id');
    table.bigInteger('started_at').notNullable();
    table.string('started_by', 190);
    table.bigInteger('ended_at').notNullable();
    table.string('end_state', 32).notNullable();
    table.string('end_element', 190);
    table.text('delete_reason');
    longText(table, 'vars').notNullable();
    table.index(['definition_id', 'ended_at'], 'history_instance_definition_id_ended_at_idx');
    table.index(['tenant'], 'history_instance_tenant_idx');
    table.index(['area'], 'history_instance_area_idx');
    indexWhereSet(knex, table, ['business_key'], 'history_instance_business_key_idx', 'business_key');
    indexWhereSet(knex, table, ['super_id'], 'history_instance_super_id_idx', 'super_id');
  });
  await createClusteredTable(knex, 'history_activity', (table) => {
    table.bigInteger('instance_id').notNullable();
    table.bigInteger('seq').notNullable();
    table.string('element', 190).notNullable();
    table.string('element_type', 64).notNullable();
    table.bigInteger('element_instance').notNullable();
    table.bigInteger('task_id');
    table.string('assignee', 190);
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at').notNullable();
    table.integer('canceled').notNullable();
    table.bigInteger('called_instance');
    table.primary(['instance_id', 'seq']);
  });
  await createTable(knex, 'history_task', (table) => {
    owned(table);
    table.string('name', 255);
    table.string('assignee', 190);
    table.string('owner', 190);
    table.integer('priority').notNullable();
    table.bigInteger('due_at');
    table.bigInteger('ended_at').notNullable();
    table.string('reason', 32).notNullable();
    table.index(['instance_id'], 'history_task_instance_id_idx');
    indexWhereSet(knex, table, ['assignee', 'ended_at'], 'history_task_assignee_ended_at_idx', 'assignee');
  });
  await createTable(knex, 'history_incident', (table) => {
    owned(table);
    table.string('kind', 64).notNullable();
    table.bigInteger('source_id').notNullable();
    table.text('message');
    table.bigInteger('ended_at').notNullable();
    table.index(['instance_id'], 'history_incident_instance_id_idx');
  });
  await createTable(knex, 'history_decision', (table) => {
    table.bigInteger('instance_id').notNullable();
    table.bigInteger('seq').notNullable();
    table.bigInteger('definition_id').notNullable();
    table.string('element', 190).notNullable();
    table.bigInteger('element_instance').notNullable();
    table.bigInteger('decision_id').notNullable();
    table.string('decision_key', 190).notNullable();
    table.integer('decision_version').notNullable();
    table.bigInteger('evaluated_at').notNullable();
    longText(table, 'record').notNullable();
    table.primary(['instance_id', 'seq']);
  });
}
