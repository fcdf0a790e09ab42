import { decodeEvents } from '../event-codec.ts';
import { restorePayloads } from '../instance-store.ts';
import { read, type Row, type SqlValue, type Work } from '../unit-of-work.ts';
import type { MissingPayload } from '../variable-codec.ts';
import { areaFragment, byDefinitionKey, equals, oneOf, type Filter, type FilterValue, type Fragment, type ListScope } from './filtered-list.ts';
import type { EventRow } from './instance-history.ts';
import { union, walk } from './walks.ts';

/** An instance, running or ended, whose events are looked at. */
export interface HistoricInstance {
  id: number;
  definitionId: number;
  rootId: number;
  tenant: string;
  area: string;
  startedAt: number;
  /** null while it runs. */
  endedAt: number | null;
}

export interface InstancesRequest {
  scope: ListScope;
  /** Words of `INSTANCE_FILTERS`. */
  filter: Readonly<Record<string, FilterValue>>;
  /** Below this id; the newest come first. */
  before: number;
  limit: number;
}

const COLUMNS = 'h.id, h.definition_id, h.root_id, h.tenant, h.area, h.started_at';

/** What narrows the instances themselves, whatever is asked of their events. */
export const INSTANCE_FILTERS: Readonly<Record<string, Filter>> = {
  processInstanceId: equals('h.id'),
  processInstanceIdIn: oneOf('h.id'),
  rootProcessInstanceId: equals('h.root_id'),
  processDefinitionId: equals('h.definition_id'),
  processDefinitionKey: byDefinitionKey('h.definition_id'),
  tenantIdIn: oneOf('h.tenant'),
  withoutTenantId: () => ({ sql: "h.tenant = ''", params: [] }),
};

/** Each side stops by itself after a page, so that a page costs the same however many instances there are. */
export function* historicInstances({ scope, filter, before, limit }: InstancesRequest): Work<HistoricInstance[]> {
  const conditions: Fragment[] = [
    { sql: 'h.id < ?', params: [before] },
    { sql: 'h.tenant = ?', params: [scope.tenant] },
    areaFragment('h.area', scope.areas),
  ];
  for (const [name, value] of Object.entries(filter)) {
    const build = INSTANCE_FILTERS[name];
    if (!build) throw new Error(`Expected a filter of instances, but ${name} is none`);
    conditions.push(build(value));
  }
  const side = (table: string, endedAt: string) => walk(`SELECT ${COLUMNS}, ${endedAt} AS ended_at FROM ${table} h`, conditions, 'h.id DESC', limit);
  const both = union([side('process_instance', 'NULL'), side('history_instance', 'h.ended_at')]);
  const rows = yield* read(`SELECT * FROM (${both.sql}) b ORDER BY id DESC LIMIT ${limit}`, both.params);
  return rows.map((row) => ({
    id: Number(row.id),
    definitionId: Number(row.definition_id),
    rootId: Number(row.root_id),
    tenant: String(row.tenant),
    area: String(row.area),
    startedAt: Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  }));
}

/** A place in the events of several instances: the newest instance first, in each from its beginning. */
export interface CommandPlace {
  instance: number;
  seq: number;
}

export interface StoredCommand extends EventRow {
  instance: number;
}

/**
 * The commands of these instances that have at least one event of the types with these codes; a text in a variable may look like
 * one, so the events themselves decide.
 */
export function* commandsWith(instances: readonly number[], codes: readonly string[], after: CommandPlace, limit: number): Work<StoredCommand[]> {
  const marks = instances.map(() => '?').join(', ');
  const like = codes.length > 0 ? ` AND (${codes.map(() => 'payload LIKE ?').join(' OR ')})` : '';
  const params: SqlValue[] = [...instances, after.instance, after.instance, after.seq, ...codes.map((code) => `%["${code}"%`)];
  const sql = `SELECT instance_id, seq, at, actor, operation, payload FROM event WHERE instance_id IN (${marks}) AND (instance_id < ? OR (instance_id = ? AND seq > ?))${like} ORDER BY instance_id DESC, seq LIMIT ${limit}`;
  const rows = yield* read(sql, params);
  const missing: MissingPayload[] = [];
  const commands = rows.map((row) => storedCommand(row, missing));
  yield* restorePayloads(missing);
  return commands;
}

function storedCommand(row: Row, missing: MissingPayload[]): StoredCommand {
  const instance = Number(row.instance_id);
  return {
    instance,
    seq: Number(row.seq),
    at: Number(row.at),
    actor: row.actor as string | null,
    operation: String(row.operation),
    events: decodeEvents(instance, String(row.payload), missing),
  };
}
