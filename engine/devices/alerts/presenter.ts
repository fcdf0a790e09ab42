import { deviceById, type DeviceRow } from '#engine/store/device-store.ts';
import { openTaskOf, type AlertRow } from '#engine/store/alert-store.ts';
import { areaByPath } from '#engine/store/area-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { kindName } from './kinds.ts';
import type { ElderForAlert, Surroundings } from './surroundings.ts';

type Locale = 'zh-CN' | 'en';

/** The wire form of an alert: `/api/alerts` and the `alert` event of the stream. */
export interface Alert {
  id: string;
  number: string;
  kind: string;
  kindName: string;
  level: number;
  status: 'active' | 'cleared';
  acknowledged: boolean;
  /** `elder:<id>` or `device:<id>`: whose active alerts of a kind are one. */
  subject: string;
  elder: { id: string; name: string; phone: string | null; address: string | null; tags: string[] } | null;
  device: { code: string; name: string; location: string | null } | null;
  area: { path: string; name: string };
  count: number;
  raisedAt: number;
  lastAt: number;
  recoveredAt: number | null;
  clearedAt: number | null;
  instanceId: string | null;
  taskId: string | null;
  flowSilent: boolean;
  spokenText: string;
  /** Words that depend on the language, for readers of a stream that is written once for all. */
  texts: Record<Locale, { kindName: string; spokenText: string }>;
}

export interface AlertParts {
  elder: ElderForAlert | null;
  device: DeviceRow | null;
  areaName: string;
  taskId: number | null;
}

export function* partsOf(surroundings: Surroundings, alert: AlertRow): Work<AlertParts> {
  return {
    elder: alert.elderId === null ? null : yield* surroundings.elder(alert.tenant, alert.elderId),
    device: alert.deviceId === null ? null : yield* deviceById(alert.deviceId),
    areaName: yield* areaName(alert.tenant, alert.area),
    taskId: alert.instanceId === null ? null : yield* openTaskOf(alert.instanceId),
  };
}

/** e.g. `天塔街道`; the path's last code when the tree does not know it. */
export function* areaName(tenant: string, path: string): Work<string> {
  return (yield* areaByPath(tenant, path))?.name ?? path.slice(path.lastIndexOf('/') + 1);
}

export const subjectOf = (alert: { elderId: string | null; deviceId: number | null }): string =>
  alert.elderId === null ? `device:${alert.deviceId ?? ''}` : `elder:${alert.elderId}`;

export function presentAlert(alert: AlertRow, parts: AlertParts, locale: Locale): Alert {
  const { elder, device } = parts;
  const texts = { 'zh-CN': textsOf(alert, parts, 'zh-CN'), en: textsOf(alert, parts, 'en') };
  return {
    id: String(alert.id),
    number: alert.number,
    kind: alert.kind,
    kindName: texts[locale].kindName,
    level: alert.level,
    status: alert.activeKey === null ? 'cleared' : 'active',
    acknowledged: alert.acknowledgedAt !== null,
    subject: subjectOf(alert),
    elder: elder && { id: elder.elderId, name: elder.elderName, phone: maskPhone(elder.elderPhone), address: elder.address, tags: elder.tags },
    device: device && { code: device.code, name: device.name, location: device.location },
    area: { path: alert.area, name: parts.areaName },
    count: alert.count,
    raisedAt: alert.raisedAt,
    lastAt: alert.lastAt,
    recoveredAt: alert.recoveredAt,
    clearedAt: alert.clearedAt,
    instanceId: alert.instanceId === null ? null : String(alert.instanceId),
    taskId: parts.taskId === null ? null : String(parts.taskId),
    flowSilent: alert.flowSilent,
    spokenText: texts[locale].spokenText,
    texts,
  };
}

const textsOf = (alert: AlertRow, parts: AlertParts, locale: Locale): { kindName: string; spokenText: string } => ({
  kindName: kindName(alert.kind, locale),
  spokenText: spokenText(alert, parts, locale),
});

/** What the call centre's loudspeaker says: what, who, where; no number, no code. */
export function spokenText(alert: Pick<AlertRow, 'kind' | 'level'>, parts: Pick<AlertParts, 'elder' | 'device' | 'areaName'>, locale: Locale): string {
  const what = kindName(alert.kind, locale);
  const who = parts.elder?.elderName ?? parts.device?.name ?? '';
  const where = parts.elder?.address ?? parts.areaName;
  const room = parts.device?.location ?? '';
  if (locale === 'en') {
    const urgent = alert.level === 1 ? 'Emergency. ' : '';
    return `${urgent}${what}: ${[who, where, room].filter((part) => part !== '').join(', ')}.`;
  }
  const urgent = alert.level === 1 ? '紧急。' : '';
  return `${urgent}${what}：${[who, where, room].filter((part) => part !== '').join('，')}。`;
}

/** 138****1234: enough to recognise, not enough to call; the elder's card shows it to those who may see it. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  return phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
