import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

export interface AlertRow {
  id: number;
  /** Business key of the alert's process, e.g. `120103-YJ-20261122-00017`. */
  number: string;
  tenant: string;
  area: string;
  kind: string;
  /** 1 紧急 … 4 提醒 */
  level: number;
  activeKey: string | null;
  elderId: string | null;
  deviceId: number | null;
  value: string | null;
  details: Record<string, unknown> | null;
  count: number;
  raisedAt: number;
  lastAt: number;
  /** The sensor no longer sees it; a person still has to close it when the level is 1 or 2. */
  recoveredAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  clearedAt: number | null;
  clearedBy: string | null;
  instanceId: number | null;
  /** Why no process was started. */
  problem: string | null;
  flowSilent: boolean;
}

export function insertAlert(writes: Writes, alert: AlertRow): void {
  writes.insert('alert', {
    id: alert.id,
    number: alert.number,
    tenant: alert.tenant,
    area: alert.area,
    kind: alert.kind,
    level: alert.level,
    active_key: alert.activeKey,
    elder_id: alert.elderId,
    device_id: alert.deviceId,
    value: alert.value,
    details: alert.details === null ? null : JSON.stringify(alert.details),
    count: alert.count,
    raised_at: alert.raisedAt,
    last_at: alert.lastAt,
    recovered_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    cleared_at: null,
    cleared_by: null,
    instance_id: alert.instanceId,
    problem: alert.problem,
    flow_silent: alert.flowSilent ? 1 : 0,
  });
}

/** Changes an alert only as it was read, so that two repeats at once both count. */
export function changeAlert(writes: Writes, alert: AlertRow, set: Row): void {
  writes.update('alert', { id: alert.id }, set, { count: alert.count, active_key: alert.activeKey });
}

export function toAlert(row: Row): AlertRow {
  return {
    id: Number(row.id),
    number: String(row.number),
    tenant: String(row.tenant),
    area: String(row.area),
    kind: String(row.kind),
    level: Number(row.level),
    activeKey: text(row.active_key),
    elderId: text(row.elder_id),
    deviceId: integer(row.device_id),
    value: text(row.value),
    details: row.details === null ? null : (JSON.parse(String(row.details)) as Record<string, unknown>),
    count: Number(row.count),
    raisedAt: Number(row.raised_at),
    lastAt: Number(row.last_at),
    recoveredAt: integer(row.recovered_at),
    acknowledgedAt: integer(row.acknowledged_at),
    acknowledgedBy: text(row.acknowledged_by),
    clearedAt: integer(row.cleared_at),
    clearedBy: text(row.cleared_by),
    instanceId: integer(row.instance_id),
    problem: text(row.problem),
    flowSilent: Number(row.flow_silent) === 1,
  };
}

const text = (value: SqlValue | undefined): string | null => (value === null || value === undefined ? null : String(value));
const integer = (value: SqlValue | undefined): number | null => (value === null || value === undefined ? null : Number(value));

export function* alertById(id: number): Work<AlertRow | null> {
  const [row] = yield* read('SELECT alert.* FROM alert WHERE id = ?', [id]);
  return row ? toAlert(row) : null;
}

export function* activeAlert(activeKey: string): Work<AlertRow | null> {
  const [row] = yield* read('SELECT alert.* FROM alert WHERE active_key = ?', [activeKey]);
  return row ? toAlert(row) : null;
}

export function* activeAlertOfInstance(instanceId: number): Work<AlertRow | null> {
  const [row] = yield* read('SELECT * FROM alert WHERE instance_id = ? AND active_key IS NOT NULL', [instanceId]);
  return row ? toAlert(row) : null;
}

export function* hasEnded(instanceId: number): Work<boolean> {
  const rows = yield* read('SELECT id FROM history_instance WHERE id = ? AND ended_at IS NOT NULL', [instanceId]);
  return rows.length > 0;
}

/** Alerts that are still active although their process has ended: the node that ended it died before it could say so. */
export function* alertsOfEndedInstances(max: number): Work<AlertRow[]> {
  const rows = yield* read(
    'SELECT a.* FROM alert a JOIN history_instance h ON h.id = a.instance_id WHERE a.active_key IS NOT NULL AND h.ended_at IS NOT NULL LIMIT ?',
    [max],
  );
  return rows.map(toAlert);
}

export type AlertOutcome = 'created' | 'repeated';

/** The alert that this occurrence was counted on before, if any. */
export function* occurrence(eventKey: string): Work<{ alertId: number; outcome: AlertOutcome } | null> {
  const [row] = yield* read('SELECT alert_id, outcome FROM alert_event WHERE event_key = ?', [eventKey]);
  return row ? { alertId: Number(row.alert_id), outcome: String(row.outcome) as AlertOutcome } : null;
}

export function saveOccurrence(writes: Writes, eventKey: string, alertId: number, outcome: AlertOutcome, at: number): void {
  writes.insert('alert_event', { event_key: eventKey, alert_id: alertId, outcome, at });
}

export interface AlertQuery {
  tenant: string;
  areas: string[];
  activeOnly: boolean;
  beforeId: number | null;
  limit: number;
}

/** Newest first, below the caller's areas. */
export function* listAlerts({ tenant, areas, activeOnly, beforeId, limit }: AlertQuery): Work<AlertRow[]> {
  if (areas.length === 0) return [];
  const inAreas = areas.map(() => '(area = ? OR area LIKE ?)').join(' OR ');
  const active = activeOnly ? ' AND active_key IS NOT NULL' : '';
  const before = beforeId === null ? '' : ' AND id < ?';
  const rows = yield* read(`SELECT * FROM alert WHERE tenant = ? AND (${inAreas})${active}${before} ORDER BY id DESC LIMIT ?`, [
    tenant,
    ...areas.flatMap((area) => [area, `${area}/%`]),
    ...(beforeId === null ? [] : [beforeId]),
    limit,
  ]);
  return rows.map(toAlert);
}

/** The open user task of an alert's process, the one to click. Null between tasks. */
export function* openTaskOf(instanceId: number): Work<number | null> {
  const [row] = yield* read('SELECT id FROM task WHERE instance_id = ? ORDER BY id LIMIT 1', [instanceId]);
  return row ? Number(row.id) : null;
}
