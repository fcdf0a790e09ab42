import {
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelTime,
  duration,
  parseDate as feelDate,
  parseDateTime as feelDateTime,
  parseTime as feelTime,
} from 'feelin';

/** Dates, times and durations: feelin's values (Temporal underneath) and the arithmetic of DMN 1.5, 10.3.2.3. */
export type FeelInstant = FeelDate | FeelDateTime;

const noDuration = (duration('PT0S') as FeelDuration).unwrap();
const someDay = (feelDate('2000-01-01') as FeelDate).unwrap();
const midnight = (feelTime('00:00:00') as FeelTime).unwrap();

/** ISO 8601 text with years of four digits or more, and no sign before those after 9999. */
export const isoText = (value: FeelInstant | FeelTime | FeelDuration): string =>
  value.iso.replace(
    /^([+-])(\d{6})-/,
    (_all, sign: string, year: string) => `${sign === '-' ? '-' : ''}${String(Number(year)).padStart(4, '0')}-`,
  );

export const monthsOf = (value: FeelDuration): number => value.unwrap().years * 12 + value.unwrap().months;
export const secondsOf = (value: FeelDuration): number => value.unwrap().total('seconds');

export function monthDuration(months: number): FeelDuration | null {
  return attempt(() => new FeelDuration(noDuration.with({ months: Math.trunc(months) }), true));
}

export function secondDuration(seconds: number): FeelDuration | null {
  const whole = Math.trunc(seconds);
  const nanoseconds = Math.round((seconds - whole) * 1e9);
  return attempt(() => new FeelDuration(noDuration.with({ seconds: whole, nanoseconds }), false));
}

function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    // Temporal throws for what lies outside its calendar.
    return null;
  }
}

const durationPattern = /^-?P(?!$)(?:(?:\d+Y)?(?:\d+M)?|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d*)?S)?)?)$/;

/** Years and months, or days and time; never both. */
export function readDuration(text: string): FeelDuration | null {
  const match = durationPattern.test(text);
  if (!match) return null;
  const yearsAndMonths = /^[^T]*[YM]/.test(text);
  return attempt(() => {
    const read = duration(text.replace('.S', 'S'));
    return read && new FeelDuration(read.unwrap(), yearsAndMonths);
  });
}

const datePattern = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)$/;

export function readDate(text: string): FeelDate | null {
  const [, sign, year, month, day] = datePattern.exec(text) ?? [];
  return year === undefined ? null : dateOf(Number(`${sign}${year}`), Number(month), Number(day));
}

export function dateOf(year: number, month: number, day: number): FeelDate | null {
  return attempt(() => new FeelDate(someDay.with({ year, month, day }, { overflow: 'reject' })));
}

const timePattern = /^\d\d:\d\d:\d\d(?:\.\d{1,9}\d*)?(?:Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w/+-]*)?$/;

export function readTime(text: string): FeelTime | null {
  if (!timePattern.test(text) || hugeOffset(text)) return null;
  return feelTime(shortFraction(text));
}

export function readDateTime(text: string): FeelDateTime | null {
  const at = text.indexOf('T');
  if (at < 0) {
    const day = readDate(text);
    return day && combine(day, new FeelTime(midnight));
  }
  const [day, clock] = [readDate(text.slice(0, at)), readTime(text.slice(at + 1).replace(/^24:00:00/, '00:00:00'))];
  if (!day || !clock) return null;
  if (text.startsWith('24:00:00', at + 1)) return combine(new FeelDate(day.unwrap().add({ days: 1 })), clock);
  // Temporal knows each zone's rules only with the date.
  return text.startsWith('-') || day.iso.startsWith('+') ? combine(day, clock) : feelDateTime(shortFraction(text));
}

const shortFraction = (text: string) => text.replace(/(\.\d{9})\d+/, '$1');
/** XML Schema's time zones end at 14 hours. */
const hugeOffset = (text: string) => Number(/[+-](\d\d):\d\d(?::\d\d)?$/.exec(text)?.[1] ?? 0) > 14;

export const combine = (day: FeelInstant, clock: FeelTime): FeelDateTime | null =>
  attempt(() => new FeelDateTime(plainDate(day).toPlainDateTime(clock.unwrap()), clock.timezone));
export const dayOf = (value: FeelInstant): FeelDate => (value instanceof FeelDate ? value : new FeelDate(plainDate(value)));
export const clockOf = (value: FeelInstant): FeelTime =>
  value instanceof FeelDate ? new FeelTime(midnight, 'UTC') : new FeelTime(value.unwrap().toPlainTime(), value.timezone);
export const plainDate = (value: FeelInstant) => (value instanceof FeelDate ? value.unwrap() : value.unwrap().toPlainDate());

export function timeOf(hour: number, minute: number, second: number, offset?: FeelDuration | null): FeelTime | null {
  const whole = Math.floor(second);
  const nanos = Math.round((second - whole) * 1e9);
  const seconds = offset ? secondsOf(offset) : 0;
  if (Math.abs(seconds) > 14 * 3600) return null;
  return attempt(() => {
    const clock = midnight.with(
      {
        hour,
        minute,
        second: whole,
        millisecond: Math.floor(nanos / 1e6),
        microsecond: Math.floor(nanos / 1e3) % 1000,
        nanosecond: nanos % 1000,
      },
      { overflow: 'reject' },
    );
    return new FeelTime(clock, offset ? zoneOf(seconds) : null);
  });
}

function zoneOf(seconds: number): string {
  if (seconds === 0) return 'UTC';
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(seconds);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`;
}

const fixedOffset = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

function offsetSeconds(zone: string): number | null {
  const [, sign, hours, minutes, seconds] = fixedOffset.exec(zone) ?? [];
  return sign === undefined ? null : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0));
}

/** Nanoseconds from 1970 in UTC; a value without zone is taken as UTC. */
export function nanosOf(value: FeelInstant): bigint {
  if (value instanceof FeelDate) return value.unwrap().toZonedDateTime('UTC').epochNanoseconds;
  const zone = value.timezone ?? 'UTC';
  const offset = offsetSeconds(zone);
  if (offset === null) return value.unwrap().toZonedDateTime(zone).epochNanoseconds;
  return value.unwrap().toZonedDateTime('UTC').epochNanoseconds - BigInt(offset) * 1_000_000_000n;
}

/** Nanoseconds from midnight, in UTC where the time has a zone. */
export function clockNanos(value: FeelTime): number {
  const clock = value.unwrap();
  const nanos =
    ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1e9 + clock.millisecond * 1e6 + clock.microsecond * 1e3 + clock.nanosecond;
  const offset = value.timezone === null ? null : value['time offset'];
  return offset ? nanos - secondsOf(offset) * 1e9 : nanos;
}

/** `Z` and `+00:00` are one zone. */
export const zoneName = (value: FeelDateTime | FeelTime): string | null => (value.timezone === '+00:00' ? 'UTC' : value.timezone);
export const hasZone = (value: FeelDateTime | FeelTime): boolean => value.timezone !== null;

export function addDuration(value: FeelInstant | FeelTime, added: FeelDuration, sign: 1 | -1): FeelInstant | FeelTime | null {
  const amount = sign === 1 ? added.unwrap() : added.unwrap().negated();
  return attempt(() => {
    if (value instanceof FeelTime) return added.yearsMonths ? null : new FeelTime(value.unwrap().add(amount), value.timezone);
    if (value instanceof FeelDate) {
      if (added.yearsMonths) return new FeelDate(value.unwrap().add(amount));
      return new FeelDate(value.unwrap().toPlainDateTime().add(amount).toPlainDate());
    }
    const zone = value.timezone;
    if (zone === null || offsetSeconds(zone) !== null) return new FeelDateTime(value.unwrap().add(amount), zone);
    return new FeelDateTime(value.unwrap().toZonedDateTime(zone).add(amount).toPlainDateTime(), zone);
  });
}

/** A days and time duration; null where one has a zone and the other has none. */
export function between(from: FeelInstant | FeelTime, to: FeelInstant | FeelTime): FeelDuration | null {
  if (from instanceof FeelTime || to instanceof FeelTime) {
    if (!(from instanceof FeelTime && to instanceof FeelTime) || hasZone(from) !== hasZone(to)) return null;
    return secondDuration((clockNanos(to) - clockNanos(from)) / 1e9);
  }
  // A day counts as midnight in UTC.
  const zoned = (value: FeelInstant) => value instanceof FeelDate || hasZone(value);
  if (zoned(from) !== zoned(to)) return null;
  return secondDuration(Number((nanosOf(to) - nanosOf(from)) / 1000n) / 1e6);
}
