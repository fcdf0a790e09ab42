import type { IsoDuration } from './iso-duration.ts';
import { defaultTimeZone, fromLocal, toLocal } from './time-zone.ts';

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?(?:\[[\w/+-]+\])?)?$/;

/** ISO 8601 date or date-time → UTC epoch ms; without offset it is a wall-clock time in `zone`. Null when the text is no date. */
export function parseDate(text: string, zone = defaultTimeZone): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const part = (index: number) => Number(match[index] ?? '0');
  const local = {
    year: part(1),
    month: part(2),
    day: part(3),
    hour: part(4),
    minute: part(5),
    second: part(6),
    ms: Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)),
  };
  if (!isReal(local)) return null;
  return match[8] === undefined ? fromLocal(local, zone) : fromLocal(local, 'UTC') - offset(match[8]);
}

function isReal({
  year,
  month,
  day,
  hour,
  minute,
  second,
}: {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
}

export const daysInMonth = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function offset(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  return (text[0] === '-' ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** Adds a duration to an instant; months are counted on the calendar of `zone` (31 January + P1M = the last of February). */
export function addDuration(at: number, duration: IsoDuration, zone = defaultTimeZone): number {
  if (duration.months === 0) return at + duration.ms;
  const local = toLocal(at, zone);
  const months = local.year * 12 + (local.month - 1) + duration.months;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return fromLocal({ ...local, year, month, day: Math.min(local.day, daysInMonth(year, month)) }, zone) + duration.ms;
}

/** Camunda's wire form, `2026-01-31T08:00:00.000+0000`, in UTC. */
export const formatDate = (at: number) => new Date(at).toISOString().replace('Z', '+0000');
