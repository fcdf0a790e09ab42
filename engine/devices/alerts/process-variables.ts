import { typed, type Variables } from '#engine/core/values.ts';
import type { AlertRow } from '#engine/store/alert-store.ts';
import { kindName } from './kinds.ts';
import { spokenText, type AlertParts } from './presenter.ts';

/** What the alert's process starts with. Names are part of the contract with `processes/alert_response`. */
export function processVariables(alert: AlertRow, parts: Omit<AlertParts, 'taskId'>, value: unknown): Variables {
  const plain = {
    alertId: String(alert.id),
    alertNumber: alert.number,
    kind: alert.kind,
    kindName: kindName(alert.kind, 'zh-CN'),
    level: alert.level,
    deviceCode: parts.device?.code ?? null,
    deviceName: parts.device?.name ?? null,
    deviceLocation: parts.device?.location ?? null,
    elderId: alert.elderId,
    elderName: parts.elder?.elderName ?? null,
    elderPhone: parts.elder?.elderPhone ?? null,
    address: parts.elder?.address ?? null,
    livingAlone: parts.elder?.livingAlone ?? null,
    abilityLevel: parts.elder?.abilityLevel ?? null,
    contacts: parts.elder?.contacts ?? null,
    areaPath: alert.area,
    areaName: parts.areaName,
    at: alert.raisedAt,
    value: value ?? null,
    flowSilent: alert.flowSilent,
    spokenText: spokenText(alert, parts, 'zh-CN'),
    details: alert.details,
  };
  return Object.fromEntries(Object.entries(plain).map(([name, plainValue]) => [name, typed(plainValue)]));
}
