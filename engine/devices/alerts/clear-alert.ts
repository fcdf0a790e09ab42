import { conflict, invalidInput } from '#engine/errors.ts';
import { activeAlert, activeAlertOfInstance, alertsOfEndedInstances, changeAlert, type AlertRow } from '#engine/store/alert-store.ts';
import { deviceByCode } from '#engine/store/device-store.ts';
import { markDone } from '#engine/store/inbox-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { leasedRow, type Lease } from '../inbox.ts';
import type { AlertContext } from './alert-context.ts';
import { announceAlert, tellProcess } from './announce-alert.ts';
import { mayAutoClose } from './kinds.ts';
import { activeKeyOf } from './raise-alert.ts';

export interface ClearInput {
  lease?: Lease | undefined;
  tenant: string;
  kind: string;
  deviceCode?: string | undefined;
  elderId?: string | undefined;
  at: number;
}

export interface ClearResult {
  alertId: number | null;
  /** `recovered`: the sensor is quiet, but a person has to close an alert of level 1 or 2. */
  outcome: 'cleared' | 'recovered' | 'none';
}

/** What the sensor says when it is over. Acknowledges the event in the same transaction. @throws RequestError as `raiseAlertWork` */
export function* recoverAlertWork(context: AlertContext, writes: Writes, input: ClearInput): Work<ClearResult> {
  const row = input.lease ? yield* leasedRow(input.lease) : null;
  const tenant = row?.tenant ?? input.tenant;
  const device = input.deviceCode && !row ? yield* deviceByCode(tenant, input.deviceCode) : null;
  const elderId = input.elderId ?? row?.elderId ?? device?.elderId ?? null;
  const deviceId = row?.deviceId ?? device?.id ?? null;
  if (elderId === null && deviceId === null) throw invalidInput('ALERT_WITHOUT_SUBJECT', 'Expected a device or an elder, but the request names neither');
  if (row && row.status !== 'new' && row.status !== 'done') throw conflict('EVENT_HANDLED', `Expected event ${row.id} to be open, but it is ${row.status}`);
  const alert = yield* activeAlert(activeKeyOf({ tenant, elderId, deviceId }, input.kind));
  if (row?.status === 'new') {
    writes.afterCommit(context.handled);
    markDone(writes, row, { now: context.store.clock.now(), by: 'clear', ...(alert ? { alertId: alert.id } : {}) });
  }
  if (!alert) return { alertId: null, outcome: 'none' };
  const cleared = mayAutoClose(alert.level);
  if (cleared) clear(context, writes, alert, 'device');
  else {
    changeAlert(writes, alert, { recovered_at: input.at });
    writes.afterCommit(() => announceAlert(context, alert.id, 'updated'));
  }
  yield* tellProcess(context, writes, alert, 'device.recovered', { recoveredAt: input.at });
  return { alertId: alert.id, outcome: cleared ? 'cleared' : 'recovered' };
}

/** An alert closes with its process. */
export function* clearEndedWork(context: AlertContext, writes: Writes, instanceId: number): Work<void> {
  const alert = yield* activeAlertOfInstance(instanceId);
  if (alert) clear(context, writes, alert, 'process');
}

/** Closes what a node that died could not close. */
export function* clearAllEndedWork(context: AlertContext, writes: Writes): Work<number> {
  const alerts = yield* alertsOfEndedInstances(50);
  for (const alert of alerts) clear(context, writes, alert, 'process');
  return alerts.length;
}

function clear(context: AlertContext, writes: Writes, alert: AlertRow, by: 'device' | 'process'): void {
  changeAlert(writes, alert, { active_key: null, cleared_at: context.store.clock.now(), cleared_by: by });
  writes.afterCommit(() => announceAlert(context, alert.id, 'cleared'));
}
