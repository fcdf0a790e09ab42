import type { EngineEvent } from '#engine/core/events.ts';
import type { Variables } from '#engine/core/values.ts';
import { decodeEvents } from '../event-codec.ts';
import { restorePayloads } from '../instance-store.ts';
import { read, type Row, type Work } from '../unit-of-work.ts';
import { decodeVariables, type EncodedValue, type MissingPayload } from '../variable-codec.ts';

/** One command on an instance with the facts that it recorded. */
export interface EventRow {
  /** 1, 2, 3 … without gaps. */
  seq: number;
  at: number;
  /** Account or API client; null = the engine itself. */
  actor: string | null;
  operation: string;
  events: EngineEvent[];
}

/** The commands of an instance in their order. The caller has checked who may see the instance. */
export function* eventsOf(
  instanceId: number,
  { afterSeq = 0, limit = 1000 }: { afterSeq?: number; limit?: number } = {},
): Work<EventRow[]> {
  const rows = yield* read('SELECT seq, at, actor, operation, payload FROM event WHERE instance_id = ? AND seq > ? ORDER BY seq LIMIT ?', [
    instanceId,
    afterSeq,
    limit,
  ]);
  const missing: MissingPayload[] = [];
  const decoded = rows.map((row) => eventRow(instanceId, row, missing));
  yield* restorePayloads(missing);
  return decoded;
}

function eventRow(instanceId: number, row: Row, missing: MissingPayload[]): EventRow {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    actor: row.actor as string | null,
    operation: String(row.operation),
    events: decodeEvents(instanceId, String(row.payload), missing),
  };
}

/** The process variables with which an instance ended; null while it runs. */
export function* finalVariables(instanceId: number): Work<Variables | null> {
  const [row] = yield* read('SELECT vars FROM history_instance WHERE id = ?', [instanceId]);
  if (!row) return null;
  const missing: MissingPayload[] = [];
  const variables = decodeVariables(JSON.parse(String(row.vars)) as Record<string, EncodedValue>, missing);
  yield* restorePayloads(missing);
  return variables;
}

export interface SearchValue {
  instanceId: number;
  name: string;
  value: string | number | null;
}

/** Searchable process variables of running instances, e.g. the title and level that a list shows. */
export function* searchValues(instanceIds: readonly number[], names: readonly string[]): Work<SearchValue[]> {
  if (instanceIds.length === 0 || names.length === 0) return [];
  const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');
  const sql = `SELECT instance_id, name, text_value, number_value FROM search_variable WHERE instance_id IN (${marks(instanceIds)}) AND name IN (${marks(names)})`;
  return (yield* read(sql, [...instanceIds, ...names])).map((row) => ({
    instanceId: Number(row.instance_id),
    name: String(row.name),
    value: (row.text_value ?? row.number_value) as string | number | null,
  }));
}

export interface IncidentRow {
  id: number;
  instanceId: number;
  element: string;
  kind: string;
  sourceId: number;
  message: string | null;
  createdAt: number;
}

/** Open incidents of one instance. */
export function* incidentsOf(instanceId: number): Work<IncidentRow[]> {
  const rows = yield* read(
    'SELECT id, instance_id, element, kind, source_id, message, created_at FROM incident WHERE instance_id = ? ORDER BY id',
    [instanceId],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    instanceId: Number(row.instance_id),
    element: String(row.element),
    kind: String(row.kind),
    sourceId: Number(row.source_id),
    message: row.message as string | null,
    createdAt: Number(row.created_at),
  }));
}
