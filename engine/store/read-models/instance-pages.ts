import { read, type Row, type Work } from '../unit-of-work.ts';
import type { Fragment, ListScope } from './filtered-list.ts';
import { containing } from './keyset.ts';
import { fewAreas, inScope, isLarge, ofArea, ofTenant, union, walk } from './walks.ts';

export interface InstancePageRequest {
  scope: ListScope;
  status: 'active' | 'ended' | 'all';
  /** Process definition key. */
  key?: string | null;
  businessKey?: string | null;
  /** Part of the business key, or of a searchable text variable while the instance runs. */
  search?: string | null;
  /** At most 200. */
  limit: number;
  cursor?: string | null;
}

export interface InstanceListRow {
  id: number;
  definitionId: number;
  definitionKey: string;
  definitionName: string | null;
  version: number;
  businessKey: string | null;
  tenant: string;
  area: string;
  rootId: number;
  superId: number | null;
  /** `active`, `suspended`, or `ended`. */
  status: string;
  startedAt: number;
  startedBy: string | null;
  endedAt: number | null;
  /** `COMPLETED`, `EXTERNALLY_TERMINATED`, `INTERNALLY_TERMINATED`; null while it runs. */
  endState: string | null;
  deleteReason: string | null;
}

const SHARED_COLUMNS = 'i.id, i.definition_id, i.business_key, i.tenant, i.area, i.root_id, i.super_id, i.started_at, i.started_by';
const RUNNING = `SELECT ${SHARED_COLUMNS}, i.status, NULL AS ended_at, NULL AS end_state, NULL AS delete_reason FROM process_instance i`;
const ENDED = `SELECT ${SHARED_COLUMNS}, 'ended' AS status, i.ended_at, i.end_state, i.delete_reason FROM history_instance i`;

/** One page of instances, newest first: ids are roughly time-ordered. */
export function* instancePage(request: InstancePageRequest): Work<{ items: InstanceListRow[]; nextCursor: string | null }> {
  const { status, limit } = request;
  const walks: Fragment[] = [];
  if (status !== 'ended') walks.push(...(yield* walksOf('process_instance', RUNNING, request)));
  if (status !== 'active') walks.push(...(yield* walksOf('history_instance', ENDED, request)));
  const { sql: from, params } = union(walks);
  const sql = `SELECT k.*, d.def_key, d.name AS def_name, d.version FROM (${from}) k JOIN process_definition d ON d.id = k.definition_id ORDER BY k.id DESC LIMIT ${limit + 1}`;
  const rows = (yield* read(sql, params)).map(instanceListRow);
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}

/** One instance inside the scope, running or ended; null when there is none. */
export function* instanceById(scope: ListScope, id: number): Work<InstanceListRow | null> {
  const visible = inScope('i', scope);
  const where = `WHERE i.id = ? AND ${visible.sql}`;
  const sql = `SELECT k.*, d.def_key, d.name AS def_name, d.version FROM (${RUNNING} ${where} UNION ALL ${ENDED} ${where}) k JOIN process_definition d ON d.id = k.definition_id`;
  const [row] = yield* read(sql, [id, ...visible.params, id, ...visible.params]);
  return row ? instanceListRow(row) : null;
}

/** The instances that this one's call activities started, running and ended. */
export function* calledInstances(scope: ListScope, { id, rootId }: Pick<InstanceListRow, 'id' | 'rootId'>): Work<InstanceListRow[]> {
  const visible = inScope('i', scope);
  const sql = `SELECT k.*, d.def_key, d.name AS def_name, d.version FROM (${RUNNING} WHERE i.root_id = ? AND i.super_id = ? AND ${visible.sql}
    UNION ALL ${ENDED} WHERE i.super_id = ? AND ${visible.sql}) k JOIN process_definition d ON d.id = k.definition_id ORDER BY k.id`;
  return (yield* read(sql, [rootId, id, ...visible.params, id, ...visible.params])).map(instanceListRow);
}

/** By what the rows are found: the business key, a process that has few, the areas when they are few, else the district. */
function* walksOf(table: 'process_instance' | 'history_instance', select: string, request: InstancePageRequest): Work<Fragment[]> {
  const { scope, key, businessKey, search, cursor, limit } = request;
  const parts: Fragment[] = [];
  const definitions = key ? (yield* read('SELECT id FROM process_definition WHERE def_key = ?', [key])).map((row) => Number(row.id)) : null;
  const inKey = definitions && (definitions.length === 0 ? '1 = 0' : `IN (${definitions.map(() => '?').join(', ')})`);
  if (search) parts.push(searched(search, table === 'process_instance'));
  if (cursor && /^\d{1,16}$/.test(cursor)) parts.push({ sql: 'i.id < ?', params: [Number(cursor)] });
  const page = (conditions: Fragment[]) => walk(select, [...conditions, ...parts], 'i.id DESC', limit + 1);
  if (definitions && inKey) {
    if (definitions.length === 0) return [page([{ sql: inKey, params: [] }])];
    const isCommon = yield* isLarge(`SELECT 1 FROM ${table} WHERE definition_id ${inKey}`, definitions);
    const ofKey: Fragment = { sql: `${isCommon ? '+' : ''}i.definition_id ${inKey}`, params: definitions };
    if (!isCommon && !businessKey) return [page([ofKey, inScope('i', scope)])];
    parts.push({ ...ofKey, sql: `+i.definition_id ${inKey}` });
  }
  if (businessKey) return [page([{ sql: 'i.business_key = ?', params: [businessKey] }, inScope('i', scope)])];
  const areas = yield* fewAreas(scope);
  return areas ? areas.map((area) => page([ofArea('i', area, scope)])) : [page([ofTenant('i', scope)])];
}

function searched(text: string, isRunning: boolean): Fragment {
  const pattern = containing(text);
  const byKey = "i.business_key LIKE ? ESCAPE '!'";
  if (!isRunning) return { sql: byKey, params: [pattern] };
  return {
    sql: `(${byKey} OR EXISTS (SELECT 1 FROM search_variable v WHERE v.instance_id = i.id AND v.text_value LIKE ? ESCAPE '!'))`,
    params: [pattern, pattern],
  };
}

function instanceListRow(row: Row): InstanceListRow {
  return {
    id: Number(row.id),
    definitionId: Number(row.definition_id),
    definitionKey: String(row.def_key),
    definitionName: row.def_name as string | null,
    version: Number(row.version),
    businessKey: row.business_key as string | null,
    tenant: String(row.tenant),
    area: String(row.area),
    rootId: Number(row.root_id),
    superId: row.super_id as number | null,
    status: String(row.status),
    startedAt: Number(row.started_at),
    startedBy: row.started_by as string | null,
    endedAt: row.ended_at as number | null,
    endState: row.end_state as string | null,
    deleteReason: row.delete_reason as string | null,
  };
}
