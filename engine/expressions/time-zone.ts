/** Where cron expressions and dates without an offset are meant, unless configured otherwise. */
export const defaultTimeZone = 'Asia/Shanghai';

/** A wall-clock time; `month` and `day` count from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Offset from UTC in ms at an instant. @throws RangeError for an unknown zone */
export function offsetMs(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formatters.set(zone, formatter);
  }
  const name = formatter.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
}

export function toLocal(at: number, zone: string): LocalTime {
  const date = new Date(at + offsetMs(zone, at));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    ms: date.getUTCMilliseconds(),
  };
}

/** The instant of a wall-clock time; out-of-range fields roll over as in `Date.UTC`. */
export function fromLocal(local: LocalTime, zone: string): number {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second, local.ms);
  const guess = asUtc - offsetMs(zone, asUtc);
  // Around a change of the offset the first guess may have used the wrong one.
  return asUtc - offsetMs(zone, guess);
}
