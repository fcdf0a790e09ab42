import { Failure } from '#engine/core/failure.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { conflict, invalidInput, RequestError } from '#engine/errors.ts';
import { activeAlert, changeAlert, hasEnded, insertAlert, occurrence, saveOccurrence, type AlertOutcome, type AlertRow } from '#engine/store/alert-store.ts';
import { deviceByCode, deviceById, type DeviceRow } from '#engine/store/device-store.ts';
import { markDone, type InboxRow } from '#engine/store/inbox-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { leasedRow, type Lease } from '../inbox.ts';
import type { AlertContext } from './alert-context.ts';
import { announceAlert, tellProcess } from './announce-alert.ts';
import { defaultLevel } from './kinds.ts';
import { areaName, subjectOf } from './presenter.ts';
import { processVariables } from './process-variables.ts';
import type { ElderForAlert } from './surroundings.ts';

export interface RaiseInput {
  /** The event this alert comes from: acknowledged in the same transaction, counted once. */
  lease?: Lease | undefined;
  /** The watchdog holds the row itself. */
  row?: InboxRow | undefined;
  /** Without a lease: the same key in the same district is counted once. */
  idempotencyKey?: string | null;
  /** District and area when neither event nor device says so. */
  tenant: string;
  kind: string;
  /** Default: by kind. */
  level?: number | undefined;
  deviceCode?: string | undefined;
  elderId?: string | undefined;
  /** When it happened, UTC epoch ms. */
  at: number;
  value?: unknown;
  details?: Record<string, unknown> | undefined;
  /** Raised by the engine itself, because no flow answered. */
  flowSilent?: boolean;
  actor: Actor;
  /** Area paths the caller may raise for; absent = any. */
  areas?: string[] | undefined;
}

export interface RaiseResult {
  /** null when it was a test. */
  alertId: number | null;
  outcome: AlertOutcome | 'test';
}

/** The active alert has to be closed first; then the same call makes a new one. */
export class AlertEnded extends Error {
  readonly instanceId: number;
  constructor(instanceId: number) {
    super(`Expected the process ${instanceId} of the active alert to run, but it has ended`);
    this.name = 'AlertEnded';
    this.instanceId = instanceId;
  }
}

export const ALERT_PROCESS = 'alert_response';

/**
 * Raises an alert, or counts it on the active one of the same subject and kind; starts its process and acknowledges its
 * event. One transaction; repeating it changes nothing.
 * @throws AlertEnded; the caller closes the alert and tries again
 * @throws RequestError 400 `ALERT_WITHOUT_SUBJECT`, 404, 409 `LEASE_LOST` or `EVENT_HANDLED`
 */
export function* raiseAlertWork(context: AlertContext, writes: Writes, input: RaiseInput): Work<RaiseResult> {
  const row = input.row ?? (input.lease ? yield* leasedRow(input.lease) : null);
  const eventKey = row ? `inbox:${row.id}` : input.idempotencyKey ? `key:${input.tenant}:${input.idempotencyKey}`.slice(0, 190) : null;
  const before = eventKey === null ? null : yield* occurrence(eventKey);
  if (before) {
    acknowledge(context, writes, row, input, before.alertId);
    return before;
  }
  if (row?.status === 'done') throw conflict('EVENT_HANDLED', `Expected event ${row.id} to be open, but it was handled by ${row.handledBy ?? 'someone'}`);
  if (row?.test) {
    acknowledge(context, writes, row, input, undefined);
    return { alertId: null, outcome: 'test' };
  }
  const origin = yield* originOf(context, row, input);
  const active = yield* activeAlert(activeKeyOf(origin, input.kind));
  // Its process is over and the alert is about to close: what happens now is not its repetition.
  if (active?.instanceId && (yield* hasEnded(active.instanceId))) throw new AlertEnded(active.instanceId);
  const result = active ? yield* repeat(context, writes, active, input) : yield* create(context, writes, origin, input);
  if (eventKey !== null) saveOccurrence(writes, eventKey, result.alertId, result.outcome, context.store.clock.now());
  acknowledge(context, writes, row, input, result.alertId);
  return result;
}

function acknowledge(context: AlertContext, writes: Writes, row: InboxRow | null, input: RaiseInput, alertId: number | undefined): void {
  if (!row || row.status === 'done') return;
  writes.afterCommit(context.handled);
  markDone(writes, row, { now: context.store.clock.now(), by: input.flowSilent ? 'watchdog' : 'alert', ...(alertId === undefined ? {} : { alertId }) });
}

interface Origin {
  tenant: string;
  area: string;
  device: DeviceRow | null;
  deviceId: number | null;
  elderId: string | null;
  elder: ElderForAlert | null;
}

function* originOf({ surroundings }: AlertContext, row: InboxRow | null, input: RaiseInput): Work<Origin> {
  const tenant = row?.tenant ?? input.tenant;
  const device = row?.deviceId ? yield* deviceById(row.deviceId) : input.deviceCode ? yield* deviceByCode(tenant, input.deviceCode) : null;
  if (input.deviceCode && !row && !device) throw invalidInput('DEVICE_UNKNOWN', `Expected a registered device, but there is none with code ${input.deviceCode}`);
  const elderId = input.elderId ?? row?.elderId ?? device?.elderId ?? null;
  const elder = elderId === null ? null : yield* surroundings.elder(tenant, elderId);
  if (input.elderId && !elder) throw invalidInput('ELDER_UNKNOWN', `Expected an elder of district ${tenant}, but there is none with id ${input.elderId}`);
  const area = row?.area ?? device?.area ?? elder?.area ?? tenant;
  if (!device && elderId === null) throw invalidInput('ALERT_WITHOUT_SUBJECT', 'Expected a device or an elder, but the alert names neither');
  if (input.areas && !input.areas.some((allowed) => area === allowed || area.startsWith(`${allowed}/`)))
    throw new RequestError(403, 'NOT_ALLOWED', `Expected an area the caller works for, but the alert is in ${area}`);
  return { tenant, area, device, deviceId: device?.id ?? null, elderId, elder };
}

/** One active alert per subject and kind: the elder when the device is bound, else the device. */
export const activeKeyOf = (origin: { tenant: string; elderId: string | null; deviceId: number | null }, kind: string): string =>
  `${origin.tenant}|${subjectOf(origin)}|${kind}`;

function* repeat(context: AlertContext, writes: Writes, alert: AlertRow, input: RaiseInput): Work<{ alertId: number; outcome: 'repeated' }> {
  // An alert may get worse by repeating, never milder.
  const count = alert.count + 1;
  const lastAt = Math.max(alert.lastAt, input.at);
  const variables = yield* tellProcess(context, writes, alert, 'device.alert.repeated', { alertCount: count, repeatedAt: input.at, value: input.value ?? null });
  const level = Math.min(alert.level, input.level ?? alert.level, gradedLevel(variables) ?? alert.level);
  changeAlert(writes, alert, { count, last_at: lastAt, level, recovered_at: null });
  writes.afterCommit(() => announceAlert(context, alert.id, 'repeated'));
  return { alertId: alert.id, outcome: 'repeated' };
}

function* create(context: AlertContext, writes: Writes, origin: Origin, input: RaiseInput): Work<{ alertId: number; outcome: 'created' }> {
  const id = context.store.ids.next();
  const { tenant, area, elderId, deviceId, elder } = origin;
  const alert: AlertRow = {
    id,
    number: `${tenant}-YJ-${localDay(input.at)}-${String(id).padStart(5, '0')}`,
    tenant,
    area,
    kind: input.kind,
    level: input.level ?? defaultLevel(input.kind),
    activeKey: activeKeyOf(origin, input.kind),
    elderId,
    deviceId,
    value: input.value === undefined ? null : JSON.stringify(input.value).slice(0, 1024),
    details: input.details ?? null,
    count: 1,
    raisedAt: input.at,
    lastAt: input.at,
    recoveredAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    clearedAt: null,
    clearedBy: null,
    instanceId: null,
    problem: null,
    flowSilent: input.flowSilent ?? false,
  };
  const variables = processVariables(alert, { elder, device: origin.device, areaName: yield* areaName(tenant, area) }, input.value);
  try {
    const start = { definition: { key: ALERT_PROCESS }, startMessage: 'device.alert', tenant, area, businessKey: alert.number, variables, actor: input.actor };
    const started = yield* context.runtime.startWork(writes, start);
    alert.instanceId = started.id;
    alert.level = gradedLevel(started.variables) ?? alert.level;
  } catch (error) {
    // A missing or broken process must not silence the alert: it is on the screen without one.
    if (!(error instanceof RequestError || error instanceof Failure)) throw error;
    alert.problem = error.message.slice(0, 1024);
    context.log.error({ err: error, alert: alert.number }, 'an alert has no process');
  }
  insertAlert(writes, alert);
  writes.afterCommit(() => announceAlert(context, id, 'raised'));
  return { alertId: id, outcome: 'created' };
}

/** The process grades by its decision table (living alone, ability, repeats): the screens show the same level as the task. */
function gradedLevel(variables: Variables): number | null {
  const level = variables['level']?.value;
  return level === 1 || level === 2 || level === 3 || level === 4 ? level : null;
}

const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
const localDay = (at: number): string => DAY.format(at).replaceAll('-', '');
