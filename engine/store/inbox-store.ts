import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

export type InboxStatus = 'new' | 'done' | 'dead' | 'quarantined';

export interface InboxRow {
  id: number;
  tenant: string;
  area: string;
  gatewayId: number;
  deviceId: number | null;
  deviceCode: string;
  elderId: string | null;
  capability: string;
  value: unknown;
  previous: unknown;
  changed: boolean;
  snapshot: boolean;
  test: boolean;
  edge: 'rise' | 'fall' | 'none';
  lifeSafety: boolean;
  deviceAt: number | null;
  receivedAt: number;
  topic: string;
  raw: string;
  status: InboxStatus;
  availableAt: number;
  leaseToken: string | null;
  workerId: string | null;
  tries: number;
  error: string | null;
  handledBy: string | null;
  alertId: number | null;
}

/** After this many deliveries an event is dead: it waits for a person to replay it. */
export const MAX_TRIES = 5;
/** Open quarantined messages kept per gateway; what comes beyond is only counted. */
export const MAX_QUARANTINED = 1000;

export type NewInboxRow = Omit<InboxRow, 'leaseToken' | 'workerId' | 'tries' | 'handledBy' | 'alertId'> & { eventKey: string; fingerprint: string };

/** Writes the event unless its key is there already. */
export function insertEvent(writes: Writes, row: NewInboxRow): void {
  writes.insertIfAbsent('inbox', {
    id: row.id,
    event_key: row.eventKey,
    fingerprint: row.fingerprint,
    tenant: row.tenant,
    area: row.area,
    gateway_id: row.gatewayId,
    device_id: row.deviceId,
    device_code: row.deviceCode,
    elder_id: row.elderId,
    capability: row.capability,
    value: JSON.stringify(row.value),
    previous: JSON.stringify(row.previous),
    changed: flag(row.changed),
    snapshot: flag(row.snapshot),
    test: flag(row.test),
    edge: row.edge,
    life_safety: flag(row.lifeSafety),
    device_at: row.deviceAt,
    received_at: row.receivedAt,
    topic: row.topic.slice(0, 255),
    raw: row.raw,
    status: row.status,
    available_at: row.availableAt,
    lease_token: null,
    worker_id: null,
    tries: 0,
    error: row.error,
    handled_at: null,
    handled_by: null,
    alert_id: null,
  });
}

const flag = (value: boolean): number => (value ? 1 : 0);

export function toInboxRow(row: Row): InboxRow {
  return {
    id: Number(row.id),
    tenant: String(row.tenant),
    area: String(row.area),
    gatewayId: Number(row.gateway_id),
    deviceId: row.device_id === null ? null : Number(row.device_id),
    deviceCode: String(row.device_code),
    elderId: text(row.elder_id),
    capability: String(row.capability),
    value: JSON.parse(String(row.value)),
    previous: row.previous === null ? null : JSON.parse(String(row.previous)),
    changed: Number(row.changed) === 1,
    snapshot: Number(row.snapshot) === 1,
    test: Number(row.test) === 1,
    edge: String(row.edge) as InboxRow['edge'],
    lifeSafety: Number(row.life_safety) === 1,
    deviceAt: row.device_at === null ? null : Number(row.device_at),
    receivedAt: Number(row.received_at),
    topic: String(row.topic),
    raw: String(row.raw),
    status: String(row.status) as InboxStatus,
    availableAt: Number(row.available_at),
    leaseToken: text(row.lease_token),
    workerId: text(row.worker_id),
    tries: Number(row.tries),
    error: text(row.error),
    handledBy: text(row.handled_by),
    alertId: row.alert_id === null ? null : Number(row.alert_id),
  };
}

const text = (value: SqlValue | undefined): string | null => (value === null || value === undefined ? null : String(value));

/** Whether this very packet was stored since `since`. */
export function* wasStored(fingerprint: string, since: number): Work<boolean> {
  const rows = yield* read('SELECT id FROM inbox WHERE fingerprint = ? AND received_at >= ? LIMIT 1', [fingerprint, since]);
  return rows.length > 0;
}

export function* hasQuarantineRoom(gatewayId: number): Work<boolean> {
  const [row] = yield* read(
    "SELECT COUNT(*) AS open FROM (SELECT id FROM inbox WHERE gateway_id = ? AND status = 'quarantined' LIMIT ?) AS quarantined",
    [gatewayId, MAX_QUARANTINED],
  );
  return Number(row!.open) < MAX_QUARANTINED;
}

export function* inboxRow(id: number): Work<InboxRow | null> {
  const [row] = yield* read('SELECT inbox.* FROM inbox WHERE id = ?', [id]);
  return row ? toInboxRow(row) : null;
}

/** Events that may be leased now, life-safety first, then in the order they became available. */
export function* leasable(query: { tenants: string[]; capabilities: string[]; now: number; max: number }): Work<InboxRow[]> {
  const urgent = yield* leasableOf(1, query);
  if (urgent.length >= query.max) return urgent;
  return [...urgent, ...(yield* leasableOf(0, { ...query, max: query.max - urgent.length }))];
}

/** Events that workers with this prefix hold now. */
export function* leasedBy(workerPrefix: string, now: number): Work<InboxRow[]> {
  const prefix = `${workerPrefix.replace(/[!%_]/g, '!$&')}%`;
  const rows = yield* read("SELECT * FROM inbox WHERE status = 'new' AND life_safety IN (0, 1) AND available_at > ? AND worker_id LIKE ? ESCAPE '!' LIMIT 1000", [now, prefix]);
  return rows.map(toInboxRow);
}

/**
 * What a device says of one thing is handled in its order: "dry again" must not overtake "water". A life-safety event
 * waits for nothing, not even for an earlier one that cannot be handled.
 */
const IN_ORDER = ` AND NOT EXISTS (SELECT 1 FROM inbox earlier WHERE earlier.device_id = inbox.device_id AND earlier.capability = inbox.capability
      AND earlier.status = 'new' AND earlier.id < inbox.id)`;

/** Two statements instead of one sorted by `life_safety`: each walks the index in order, however long the backlog is. */
function* leasableOf(lifeSafety: 0 | 1, query: { tenants: string[]; capabilities: string[]; now: number; max: number }): Work<InboxRow[]> {
  const { tenants, capabilities } = query;
  const ofTenants = tenants.length > 0 ? ` AND tenant IN (${marks(tenants)})` : '';
  const ofCapabilities = capabilities.length > 0 ? ` AND capability IN (${marks(capabilities)})` : '';
  const rows = yield* read(
    `SELECT inbox.* FROM inbox WHERE status = 'new' AND life_safety = ? AND available_at <= ?${ofTenants}${ofCapabilities}${lifeSafety === 0 ? IN_ORDER : ''}
      ORDER BY available_at, id LIMIT ?`,
    [lifeSafety, query.now, ...tenants, ...capabilities, query.max],
  );
  return rows.map(toInboxRow);
}

const marks = (values: unknown[]): string => values.map(() => '?').join(', ');

/** Takes or changes the row only as it was read: two nodes never lease the same event. */
export function changeRow(writes: Writes, row: InboxRow, set: Row): void {
  writes.update('inbox', { id: row.id }, set, { status: row.status, available_at: row.availableAt, tries: row.tries });
}

export function markDone(writes: Writes, row: InboxRow, how: { now: number; by: string; alertId?: number }): void {
  changeRow(writes, row, { status: 'done', handled_at: how.now, handled_by: how.by, alert_id: how.alertId ?? null, error: null });
}

/** Life-safety events that no flow has acknowledged since `before`. Dead ones too: nobody acts on those. */
export function* silentLifeSafety(before: number, max: number): Work<InboxRow[]> {
  const rows = yield* read(
    "SELECT * FROM inbox WHERE status IN ('new', 'dead') AND life_safety = 1 AND received_at <= ? ORDER BY id LIMIT ?",
    [before, max],
  );
  return rows.map(toInboxRow);
}

/** The console's list, newest first, below `beforeId` for the next page. */
export function* listInbox(query: { tenant: string; areas: string[]; status: InboxStatus | null; beforeId: number | null; limit: number }): Work<InboxRow[]> {
  if (query.areas.length === 0) return [];
  const inAreas = query.areas.map(() => '(area = ? OR area LIKE ?)').join(' OR ');
  const ofStatus = query.status ? ' AND status = ?' : '';
  const before = query.beforeId === null ? '' : ' AND id < ?';
  const rows = yield* read(`SELECT * FROM inbox WHERE tenant = ? AND (${inAreas})${ofStatus}${before} ORDER BY id DESC LIMIT ?`, [
    query.tenant,
    ...query.areas.flatMap((area) => [area, `${area}/%`]),
    ...(query.status ? [query.status] : []),
    ...(query.beforeId === null ? [] : [query.beforeId]),
    query.limit,
  ]);
  return rows.map(toInboxRow);
}
