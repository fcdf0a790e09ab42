import { InvariantError } from '#engine/errors.ts';
import type { Variables } from '#engine/core/values.ts';
import { searchRow } from './project-variables.ts';
import { read, type Row, type SqlValue, type Work } from './unit-of-work.ts';

export interface SubscriptionRow {
  id: number;
  instanceId: number;
  rootId: number;
  definitionId: number;
  /** BPMN id of the catching event. */
  element: string;
  elementInstance: number;
  name: string;
  businessKey: string | null;
  tenant: string;
  area: string;
  createdAt: number;
}

export interface CorrelationQuery {
  name: string;
  tenant: string;
  /** Area path; its sub-areas count too. null = the whole tenant. */
  area: string | null;
  businessKey?: string | null;
  instanceId?: number | null;
  /** Process variables that must have these values; primitive ones up to 255 characters. */
  correlationKeys?: Variables;
  /** Default 100: more than enough to see that a message matches more than one execution. */
  limit?: number;
}

const SELECT = `SELECT s.id, s.instance_id, p.root_id, s.definition_id, s.element, s.element_instance, s.name, s.business_key, s.tenant, s.area, s.created_at
    FROM subscription s JOIN process_instance p ON p.id = s.instance_id`;

/** Open message subscriptions that a message meets, oldest first. */
export function* matchingSubscriptions(query: CorrelationQuery): Work<SubscriptionRow[]> {
  const { name, tenant, area, businessKey, instanceId, correlationKeys = {}, limit = 100 } = query;
  // Process variables pick out few instances; a message name alone may be waited for by all.
  const byVariable = Object.keys(correlationKeys).length > 0 && !businessKey;
  const where = ["s.kind = 'message'", `${byVariable ? '+' : ''}s.name = ?`, `${byVariable ? '+' : ''}s.tenant = ?`, "p.status = 'active'"];
  const params: SqlValue[] = [name, tenant];
  const and = (condition: string, ...values: SqlValue[]) => {
    where.push(condition);
    params.push(...values);
  };
  if (businessKey !== undefined && businessKey !== null) and('s.business_key = ?', businessKey);
  if (instanceId !== undefined && instanceId !== null) and('s.instance_id = ?', instanceId);
  if (area !== null) and(IN_AREA, ...inArea(area));
  for (const variable in correlationKeys) {
    const condition = variableIs(variable, correlationKeys[variable] as Variables[string]);
    if (!condition) return [];
    and(condition.sql, ...condition.params);
  }
  const sql = `${SELECT} WHERE ${where.join(' AND ')} ORDER BY s.id LIMIT ?`;
  return (yield* read(sql, [...params, limit])).map(subscriptionRow);
}

export interface SignalQuery {
  name: string;
  tenant: string;
  /** Area path; its sub-areas count too. null = the whole tenant. */
  area: string | null;
  /** The tree that has the signal already. */
  exceptRoot: number | null;
  /** The signal; who began to wait after it was thrown does not get it. */
  thrown: { id: number; at: number };
  /** Id of the last one of the page before. */
  after: number;
  limit: number;
}

/** Open signal subscriptions of the tenant's active instances that a signal meets, oldest first. */
export function* signalSubscriptions({ name, tenant, area, exceptRoot, thrown, after, limit }: SignalQuery): Work<SubscriptionRow[]> {
  const sql = `${SELECT} WHERE s.kind = 'signal' AND s.name = ? AND s.tenant = ? AND p.status = 'active' AND p.root_id <> ? AND s.id > ?
    AND (s.created_at < ? OR (s.created_at = ? AND s.id < ?))${area === null ? '' : ` AND ${IN_AREA}`} ORDER BY s.id LIMIT ?`;
  const params = [name, tenant, exceptRoot ?? 0, after, thrown.at, thrown.at, thrown.id, ...(area === null ? [] : inArea(area)), limit];
  return (yield* read(sql, params)).map(subscriptionRow);
}

/** Where one execution waits for a signal; several when it has boundary events or event sub-processes for it. */
export function* signalSubscriptionsOf(
  elementInstance: number,
  query: Pick<SignalQuery, 'name' | 'tenant' | 'area'>,
): Work<SubscriptionRow[]> {
  const { name, tenant, area } = query;
  const sql = `${SELECT} WHERE s.kind = 'signal' AND s.name = ? AND s.tenant = ? AND s.element_instance = ?${area === null ? '' : ` AND ${IN_AREA}`} ORDER BY s.id`;
  return (yield* read(sql, [name, tenant, elementInstance, ...(area === null ? [] : inArea(area))])).map(subscriptionRow);
}

/** Receive tasks without a message that an execution, or an instance as a whole, waits at. */
export function* waitingExecutions(id: number, { tenant, area }: Pick<SignalQuery, 'tenant' | 'area'>): Work<SubscriptionRow[]> {
  const sql = `${SELECT} WHERE s.kind = 'execution' AND s.tenant = ? AND (s.element_instance = ? OR s.instance_id = ?)${area === null ? '' : ` AND ${IN_AREA}`} ORDER BY s.id LIMIT 2`;
  return (yield* read(sql, [tenant, id, id, ...(area === null ? [] : inArea(area))])).map(subscriptionRow);
}

const IN_AREA = '(s.area = ? OR (s.area > ? AND s.area < ?))';
const inArea = (area: string): SqlValue[] => [area, `${area}/`, `${area}0`];

/** A condition on a process variable; null for a value that is not kept for searching. */
function variableIs(name: string, value: Variables[string]): { sql: string; params: SqlValue[] } | null {
  const row = searchRow(value);
  if (!row) return null;
  const { text_value: text, number_value: number } = row;
  if (text === undefined || number === undefined) throw new InvariantError('Expected a search row to have both of its value columns');
  const has = 's.instance_id IN (SELECT v.instance_id FROM search_variable v WHERE v.name = ? AND';
  if (text !== null) return { sql: `${has} v.text_value = ?)`, params: [name, text] };
  if (number !== null) return { sql: `${has} v.number_value = ?)`, params: [name, number] };
  return { sql: `${has} v.text_value IS NULL AND v.number_value IS NULL)`, params: [name] };
}

export function* subscriptionById(id: number): Work<SubscriptionRow | null> {
  const [row] = yield* read(`${SELECT} WHERE s.id = ?`, [id]);
  return row ? subscriptionRow(row) : null;
}

function subscriptionRow(row: Row): SubscriptionRow {
  return {
    id: Number(row.id),
    instanceId: Number(row.instance_id),
    rootId: Number(row.root_id),
    definitionId: Number(row.definition_id),
    element: String(row.element),
    elementInstance: Number(row.element_instance),
    name: String(row.name),
    businessKey: row.business_key as string | null,
    tenant: String(row.tenant),
    area: String(row.area),
    createdAt: Number(row.created_at),
  };
}
