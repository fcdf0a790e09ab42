import { areaFragment, type ListScope } from './read-models/filtered-list.ts';
import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

/** `history_instance.removal_at` of what is never removed by itself. */
export const NEVER = Number.MAX_SAFE_INTEGER;

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');

/** These instances and all that they called, as far as they have ended. */
export function* withCalled(ids: readonly number[]): Work<number[]> {
  const found = new Set(ids);
  let callers: readonly number[] = ids;
  while (callers.length > 0) {
    const rows = yield* read(`SELECT id FROM history_instance WHERE super_id IN (${marks(callers)})`, [...callers]);
    callers = rows.map(({ id }) => Number(id)).filter((id) => !found.has(id));
    for (const id of callers) found.add(id);
  }
  return [...found];
}

/** Those of the instances that run, or belong to one that runs. */
export function* runningAmong(ids: readonly number[]): Work<Set<number>> {
  if (ids.length === 0) return new Set();
  const list = marks(ids);
  const sql = `SELECT id AS found FROM process_instance WHERE id IN (${list}) UNION ALL SELECT root_id FROM process_instance WHERE root_id IN (${list}) AND super_id IS NOT NULL
    UNION ALL SELECT h.id FROM history_instance h JOIN process_instance p ON p.id = h.root_id WHERE h.id IN (${list})`;
  return new Set((yield* read(sql, [...ids, ...ids, ...ids])).map(({ found }) => Number(found)));
}

const TABLES = ['event', 'history_activity', 'history_task', 'history_incident', 'history_decision', 'payload_use'];

/**
 * Deletes all that is kept of instances that have ended, with what they called. Those that run, or whose caller runs, are left
 * alone. Returns how many are gone.
 */
export function* deleteHistory(writes: Writes, ids: readonly number[]): Work<number> {
  const all = yield* withCalled(ids);
  const running = yield* runningAmong(all);
  const ended = all.filter((id) => !running.has(id));
  for (const id of ended) {
    for (const table of TABLES) writes.delete(table, { instance_id: id });
    writes.delete('history_instance', { id });
  }
  return ended.length;
}

/** `days` null = kept for ever. */
export interface Retention {
  tenant: string;
  key: string;
  days: number | null;
}

/** What districts decided, for all versions of a process. */
export function* retentions(): Work<Retention[]> {
  return (yield* read('SELECT tenant, def_key, days FROM history_retention')).map((row) => ({
    tenant: String(row.tenant),
    key: String(row.def_key),
    days: row.days === null ? null : Number(row.days),
  }));
}

export function setRetention(writes: Writes, { tenant, key, days }: Retention): void {
  writes.upsert('history_retention', { tenant, def_key: key }, { days });
}

/** Definitions that have instances of the past. */
export function* definitionsWithHistory(): Work<{ id: number; key: string }[]> {
  const sql = 'SELECT d.id, d.def_key FROM process_definition d WHERE EXISTS (SELECT 1 FROM history_instance h WHERE h.definition_id = d.id) ORDER BY d.id';
  return (yield* read(sql)).map((row) => ({ id: Number(row.id), key: String(row.def_key) }));
}

/** Instances of a definition that ended before a time; called ones go with their root. */
export interface EndedBefore {
  definitionId: number;
  before: number;
  /** Of these districts only, or of all but these. */
  tenants: { only: readonly string[] } | { not: readonly string[] };
  limit: number;
}

function conditions({ definitionId, before, tenants }: Omit<EndedBefore, 'limit'>): { sql: string; params: SqlValue[] } {
  const [word, names] = 'only' in tenants ? ['IN', tenants.only] : ['NOT IN', tenants.not];
  const ofTenants = names.length > 0 ? ` AND h.tenant ${word} (${marks(names)})` : '';
  return {
    sql: `h.definition_id = ? AND h.ended_at < ? AND h.super_id IS NULL AND h.removal_at IS NULL${ofTenants}`,
    params: [definitionId, before, ...names],
  };
}

/** With how many commands each has, so that a batch stays small. */
export interface Removable {
  id: number;
  commands: number;
}

const COMMANDS = '(SELECT MAX(e.seq) FROM event e WHERE e.instance_id = h.id) AS commands';
const removable = (row: Row): Removable => ({ id: Number(row.id), commands: Number(row.commands ?? 0) });

export function* endedBefore(wanted: EndedBefore): Work<Removable[]> {
  const { sql, params } = conditions(wanted);
  return (yield* read(`SELECT h.id, ${COMMANDS} FROM history_instance h WHERE ${sql} ORDER BY h.ended_at LIMIT ?`, [...params, wanted.limit])).map(removable);
}

/** Instances whose own removal time has come. */
export function* dueForRemoval(now: number, limit: number): Work<Removable[]> {
  const sql = `SELECT h.id, ${COMMANDS} FROM history_instance h WHERE h.removal_at <= ? AND h.super_id IS NULL ORDER BY h.removal_at LIMIT ?`;
  return (yield* read(sql, [now, limit])).map(removable);
}

/** `finished` = all that ended in the scope; `cleanable` = those of them whose time is over. `before` null = never. */
export function* countsOfHistory(definitionId: number, { tenant, areas }: ListScope, before: number | null, now: number): Work<{ finished: number; cleanable: number }> {
  const area = areaFragment('h.area', areas);
  const [row] = yield* read(
    `SELECT COUNT(*) AS finished, SUM(CASE WHEN h.removal_at IS NOT NULL THEN CASE WHEN h.removal_at <= ? THEN 1 ELSE 0 END WHEN h.ended_at < ? THEN 1 ELSE 0 END) AS cleanable
     FROM history_instance h WHERE h.definition_id = ? AND h.tenant = ? AND ${area.sql} AND h.super_id IS NULL`,
    [now, before ?? -1, definitionId, tenant, ...area.params],
  );
  return { finished: Number(row?.finished ?? 0), cleanable: Number(row?.cleanable ?? 0) };
}

/** Sets the removal time of ended instances; null = their end and the definition's time to live say it again. */
export function* setRemovalTime(writes: Writes, ids: readonly number[], removalAt: number | null): Work<void> {
  if (ids.length === 0) return;
  for (const { id } of yield* read(`SELECT id FROM history_instance WHERE id IN (${marks(ids)})`, [...ids])) writes.update('history_instance', { id: id! }, { removal_at: removalAt });
}

export function* rootOf(id: number): Work<number | null> {
  const [row] = yield* read('SELECT root_id FROM history_instance WHERE id = ?', [id]);
  return row ? Number(row.root_id) : null;
}
