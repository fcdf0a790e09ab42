import { HISTORY_LEVELS, type HistoryLevel } from './history-level.ts';
import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

/** In the database the shared standard content has the tenant ''. */
export const SHARED = '';

export interface DeploymentRow {
  id: number;
  tenant: string;
  name: string | null;
  source: string | null;
  createdAt: number;
  createdBy: string | null;
}
export interface ResourceRow {
  name: string;
  /** SHA-256 of the content, hexadecimal. */
  hash: string;
  content: Uint8Array;
}
export interface DefinitionRow {
  /** What `songbai:historyLevel` says; only for writing. */
  historyLevel?: HistoryLevel | null;
  id: number;
  tenant: string;
  key: string;
  version: number;
  versionTag: string | null;
  name: string | null;
  deploymentId: number;
  resource: string;
  modelHash: string;
  startFormKey: string | null;
  isStartable: boolean;
  isSuspended: boolean;
  /** Only history still names it. */
  isDeleted?: true;
}
export interface DecisionRow {
  id: number;
  tenant: string;
  key: string;
  version: number;
  versionTag: string | null;
  name: string | null;
  deploymentId: number;
  resource: string;
  modelHash: string;
}
export interface FormRow {
  id: number;
  tenant: string;
  key: string;
  version: number;
  hash: string;
  deploymentId: number;
  /** JSON of `{schema, ui, messages}`. */
  content: string;
  /** The validator as an ES module. */
  module: string;
}
export interface StartSubscriptionRow {
  definitionId: number;
  tenant: string;
  kind: 'message' | 'signal' | 'conditional';
  /** Of the message or signal; of a condition its number among the event's definitions. */
  name: string;
  /** BPMN id of the start event. */
  element: string;
}

/** Which version of a definition is wanted; `deployment` = the one of the same deployment. */
export type VersionQuery =
  | { kind: 'latest' }
  | { kind: 'version'; version: number }
  | { kind: 'versionTag'; versionTag: string }
  | { kind: 'deployment'; deploymentId: number };

const PROCESS =
  'id, tenant, def_key, version, version_tag, name, deployment_id, resource, model_hash, start_form_key, startable, suspended, deleted_at';
const DECISION = 'id, tenant, decision_key, version, version_tag, name, deployment_id, resource, model_hash';
const FORM = 'id, tenant, form_key, version, hash, deployment_id, content, module';

export function insertDeployment(writes: Writes, deployment: DeploymentRow, resources: readonly ResourceRow[]): void {
  const { id, tenant, name, source, createdAt, createdBy } = deployment;
  writes.insert('deployment', { id, tenant, name, source, created_at: createdAt, created_by: createdBy });
  for (const resource of resources)
    writes.insert('resource', { deployment_id: id, name: resource.name, hash: resource.hash, content: resource.content });
}

/** The version must be the latest plus one: the unique key refuses a second one, and the unit runs again. */
export function insertDefinition(writes: Writes, row: DefinitionRow): void {
  writes.insert('process_definition', {
    ...versionedRow(row),
    def_key: row.key,
    start_form_key: row.startFormKey,
    startable: row.isStartable ? 1 : 0,
    suspended: row.isSuspended ? 1 : 0,
    history_level: row.historyLevel ? HISTORY_LEVELS.indexOf(row.historyLevel) : null,
  });
}

export function insertDecision(writes: Writes, row: DecisionRow): void {
  writes.insert('decision_definition', { ...versionedRow(row), decision_key: row.key });
}

function versionedRow({ id, tenant, version, versionTag, name, deploymentId, resource, modelHash }: DecisionRow): Row {
  return { id, tenant, version, version_tag: versionTag, name, deployment_id: deploymentId, resource, model_hash: modelHash };
}

export function insertForm(writes: Writes, row: FormRow): void {
  const { id, tenant, key, version, hash, deploymentId, content, module } = row;
  writes.insert('form_definition', { id, tenant, form_key: key, version, hash, deployment_id: deploymentId, content, module });
}

export function setDefinitionSuspended(writes: Writes, id: number, isSuspended: boolean): void {
  writes.update('process_definition', { id }, { suspended: isSuspended ? 1 : 0 });
}

/** Compiled models are kept by the hash of their source and the compiler's version: boot parses no BPMN. */
export function saveCompiledModel(writes: Writes, model: { hash: string; compiler: number; json: string }): void {
  writes.insertIfAbsent('compiled_model', { hash: model.hash, compiler: model.compiler, model: model.json });
}

export function* compiledModel(hash: string, compiler: number): Work<string | null> {
  const [row] = yield* read('SELECT model FROM compiled_model WHERE hash = ? AND compiler = ?', [hash, compiler]);
  return row ? String(row.model) : null;
}

export function* deploymentById(id: number): Work<DeploymentRow | null> {
  const [row] = yield* read('SELECT id, tenant, name, source, created_at, created_by FROM deployment WHERE id = ?', [id]);
  return row ? deploymentRow(row) : null;
}

/** The newest deployment of that name and tenant: what duplicate filtering compares with. */
export function* latestDeployment(name: string | null, tenant: string): Work<DeploymentRow | null> {
  const sql =
    'SELECT id, tenant, name, source, created_at, created_by FROM deployment WHERE tenant = ? AND COALESCE(name, ?) = ? ORDER BY created_at DESC, id DESC LIMIT 1';
  const [row] = yield* read(sql, [tenant, '', name ?? '']);
  return row ? deploymentRow(row) : null;
}

/** Names and hashes; the contents stay in the database. */
export function* resourcesOf(deploymentId: number): Work<Omit<ResourceRow, 'content'>[]> {
  const rows = yield* read('SELECT name, hash FROM resource WHERE deployment_id = ? ORDER BY name', [deploymentId]);
  return rows.map((row) => ({ name: String(row.name), hash: String(row.hash) }));
}

export function* resourceContent(deploymentId: number, name: string): Work<Uint8Array | null> {
  const [row] = yield* read('SELECT content FROM resource WHERE deployment_id = ? AND name = ?', [deploymentId, name]);
  return row ? (row.content as Uint8Array) : null;
}

export function* definitionById(id: number): Work<DefinitionRow | null> {
  const [row] = yield* read(`SELECT ${PROCESS} FROM process_definition WHERE id = ?`, [id]);
  return row ? definitionRow(row) : null;
}

/** By key in one tenant exactly. @see findDefinition for a district's view. */
export function* definitionOf(key: string, tenant: string, query: VersionQuery): Work<DefinitionRow | null> {
  const [row] = yield* findVersion('process_definition', 'def_key', PROCESS, key, tenant, query);
  return row ? definitionRow(row) : null;
}

/** The district's own version, else the shared one, which the district's hides. */
export function* findDefinition(key: string, tenant: string, query: VersionQuery = { kind: 'latest' }): Work<DefinitionRow | null> {
  return (yield* definitionOf(key, tenant, query)) ?? (tenant === SHARED ? null : yield* definitionOf(key, SHARED, query));
}

export function* decisionById(id: number): Work<DecisionRow | null> {
  const [row] = yield* read(`SELECT ${DECISION} FROM decision_definition WHERE id = ?`, [id]);
  return row ? decisionRow(row) : null;
}

export function* decisionOf(key: string, tenant: string, query: VersionQuery): Work<DecisionRow | null> {
  const [row] = yield* findVersion('decision_definition', 'decision_key', DECISION, key, tenant, query);
  return row ? decisionRow(row) : null;
}

export function* decisionsOfDeployment(deploymentId: number): Work<DecisionRow[]> {
  const rows = yield* read(`SELECT ${DECISION} FROM decision_definition WHERE deployment_id = ?`, [deploymentId]);
  return rows.map(decisionRow);
}

export function* findDecision(key: string, tenant: string, query: VersionQuery = { kind: 'latest' }): Work<DecisionRow | null> {
  return (yield* decisionOf(key, tenant, query)) ?? (tenant === SHARED ? null : yield* decisionOf(key, SHARED, query));
}

export function* formOf(key: string, tenant: string, query: Exclude<VersionQuery, { kind: 'versionTag' }>): Work<FormRow | null> {
  const [row] = yield* findVersion('form_definition', 'form_key', FORM, key, tenant, query);
  return row ? formRow(row) : null;
}

export function* findForm(
  key: string,
  tenant: string,
  query: Exclude<VersionQuery, { kind: 'versionTag' }> = { kind: 'latest' },
): Work<FormRow | null> {
  return (yield* formOf(key, tenant, query)) ?? (tenant === SHARED ? null : yield* formOf(key, SHARED, query));
}

/** By content: what a browser was told to load stays there after a new version. */
export function* formByHash(hash: string): Work<FormRow | null> {
  const [row] = yield* read(`SELECT ${FORM} FROM form_definition WHERE hash = ? ORDER BY id LIMIT 1`, [hash]);
  return row ? formRow(row) : null;
}

/** The newest version of each key that a district sees: its own, and the shared ones it has not replaced. */
export function* latestDefinitions(tenant: string): Work<DefinitionRow[]> {
  const newest =
    'NOT EXISTS (SELECT 1 FROM process_definition n WHERE n.tenant = d.tenant AND n.def_key = d.def_key AND n.version > d.version AND n.deleted_at IS NULL)';
  const hidden = 'EXISTS (SELECT 1 FROM process_definition o WHERE o.tenant = ? AND o.def_key = d.def_key AND o.deleted_at IS NULL)';
  const sql = `SELECT ${PROCESS} FROM process_definition d WHERE d.deleted_at IS NULL AND ${newest} AND (d.tenant = ? OR (d.tenant = '' AND NOT ${hidden})) ORDER BY d.def_key`;
  return (yield* read(sql, [tenant, tenant])).map(definitionRow);
}

/** The next version follows this one; versions of deleted definitions do not come again. */
export function* highestVersion(key: string, tenant: string): Work<number> {
  const [row] = yield* read('SELECT MAX(version) AS version FROM process_definition WHERE tenant = ? AND def_key = ?', [tenant, key]);
  return Number(row?.version ?? 0);
}

export function* definitionsOfDeployment(deploymentId: number): Work<DefinitionRow[]> {
  return (yield* read(`SELECT ${PROCESS} FROM process_definition WHERE deployment_id = ? AND deleted_at IS NULL ORDER BY id`, [deploymentId])).map(definitionRow);
}

/** Takes the start subscriptions of the version before away and opens those of the new one. */
export function replaceStartSubscriptions(
  writes: Writes,
  previousDefinitionId: number | null,
  subscriptions: readonly StartSubscriptionRow[],
): void {
  if (previousDefinitionId !== null) writes.delete('start_subscription', { definition_id: previousDefinitionId });
  for (const { definitionId, tenant, kind, name, element } of subscriptions) {
    writes.insert('start_subscription', { definition_id: definitionId, tenant, kind, name, element });
  }
}

/** Who starts on this message or signal in a district: its own definitions, and the shared ones whose key it has not taken over. */
export function* startSubscriptions(kind: StartSubscriptionRow['kind'], name: string, tenant: string): Work<StartSubscriptionRow[]> {
  return yield* findStarts(tenant, 's.kind = ? AND s.name = ?', [kind, name]);
}

/** The conditional start events that count in a district. */
export function* conditionalStarts(tenant: string): Work<StartSubscriptionRow[]> {
  return yield* findStarts(tenant, "s.kind = 'conditional'", []);
}

function* findStarts(tenant: string, where: string, params: SqlValue[]): Work<StartSubscriptionRow[]> {
  const hidden = 'EXISTS (SELECT 1 FROM process_definition o WHERE o.tenant = ? AND o.def_key = d.def_key AND o.deleted_at IS NULL)';
  const sql = `SELECT s.definition_id, s.tenant, s.kind, s.name, s.element FROM start_subscription s JOIN process_definition d ON d.id = s.definition_id
    WHERE ${where} AND d.suspended = 0 AND (s.tenant = ? OR (s.tenant = '' AND NOT ${hidden})) ORDER BY s.definition_id`;
  return (yield* read(sql, [...params, tenant, tenant])).map((row) => ({
    definitionId: Number(row.definition_id),
    tenant: String(row.tenant),
    kind: row.kind as StartSubscriptionRow['kind'],
    name: String(row.name),
    element: String(row.element),
  }));
}

function* findVersion(table: string, keyColumn: string, columns: string, key: string, tenant: string, query: VersionQuery): Work<Row[]> {
  const from = `SELECT ${columns} FROM ${table} WHERE tenant = ? AND ${keyColumn} = ?${table === 'process_definition' ? ' AND deleted_at IS NULL' : ''}`;
  const newestFirst = 'ORDER BY version DESC LIMIT 1';
  switch (query.kind) {
    case 'latest':
      return yield* read(`${from} ${newestFirst}`, [tenant, key]);
    case 'version':
      return yield* read(`${from} AND version = ?`, [tenant, key, query.version]);
    case 'versionTag':
      return yield* read(`${from} AND version_tag = ? ${newestFirst}`, [tenant, key, query.versionTag]);
    case 'deployment':
      return yield* read(`${from} AND deployment_id = ? ${newestFirst}`, [tenant, key, query.deploymentId]);
  }
}

function deploymentRow(row: Row): DeploymentRow {
  return {
    id: Number(row.id),
    tenant: String(row.tenant),
    name: row.name as string | null,
    source: row.source as string | null,
    createdAt: Number(row.created_at),
    createdBy: row.created_by as string | null,
  };
}

function definitionRow(row: Row): DefinitionRow {
  return {
    ...versionedColumns(row),
    key: String(row.def_key),
    startFormKey: row.start_form_key as string | null,
    isStartable: Number(row.startable) === 1,
    isSuspended: Number(row.suspended) === 1,
    ...(row.deleted_at !== null && { isDeleted: true }),
  };
}

function decisionRow(row: Row): DecisionRow {
  return { ...versionedColumns(row), key: String(row.decision_key) };
}

function versionedColumns(row: Row): Omit<DecisionRow, 'key'> {
  return {
    id: Number(row.id),
    tenant: String(row.tenant),
    version: Number(row.version),
    versionTag: row.version_tag as string | null,
    name: row.name as string | null,
    deploymentId: Number(row.deployment_id),
    resource: String(row.resource),
    modelHash: String(row.model_hash),
  };
}

function formRow(row: Row): FormRow {
  return {
    id: Number(row.id),
    tenant: String(row.tenant),
    key: String(row.form_key),
    version: Number(row.version),
    hash: String(row.hash),
    deploymentId: Number(row.deployment_id),
    content: String(row.content),
    module: String(row.module),
  };
}
