import type { InboxRow } from '#engine/store/inbox-store.ts';

/** A leased event as the flows get it. */
export function presentEvent(row: InboxRow): Record<string, unknown> {
  return {
    id: String(row.id),
    leaseToken: row.leaseToken,
    tenant: row.tenant,
    deviceCode: row.deviceCode,
    gateway: String(row.gatewayId),
    elderId: row.elderId,
    area: row.area,
    capability: row.capability,
    value: row.value,
    previous: row.previous,
    changed: row.changed,
    snapshot: row.snapshot,
    edge: row.edge,
    test: row.test,
    lifeSafety: row.lifeSafety,
    deviceAt: row.deviceAt,
    receivedAt: row.receivedAt,
    topic: row.topic,
    raw: parsed(row.raw),
    tries: row.tries,
  };
}

/** An inbox entry as the integrator sees it: no lease token, the raw text as it came. */
export function presentInboxEntry(row: InboxRow): Record<string, unknown> {
  const { leaseToken: _leaseToken, raw: _raw, ...event } = presentEvent(row);
  return { ...event, raw: row.raw, status: row.status, error: row.error, handledBy: row.handledBy, alertId: row.alertId === null ? null : String(row.alertId) };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}
