import { FeelDate, FeelDateTime, dateAndTime, parseDate as parseFeelDate } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { parseDate } from '#engine/expressions/iso-date.ts';
import { readDate, readDateTime, readDuration, readTime } from '#engine/expressions/feel/temporal.ts';
import { coerce } from '#engine/expressions/feel/types.ts';
import type { FeelType, TestAllowed } from '#engine/expressions/feel/types.ts';
import type { ColumnType, ValueType } from './model.ts';

/**
 * A value as its column, variable or parameter declares it: FEEL's coercions, for Camunda's column types Camunda's conversions.
 * @param name of the column or variable, for the message
 * @throws Failure `DECISION_TYPE_MISMATCH`
 */
export function convert(value: unknown, type: ValueType | undefined, name: string, test?: TestAllowed): unknown {
  if (value === null || value === undefined) return null;
  if (type === undefined) return value;
  const converted = type.is === 'column' ? columns[type.name](value) : coerce(value, type, test);
  if (converted === undefined) {
    const wanted = type.is === 'column' ? type.name : type.is;
    throw new Failure('DECISION_TYPE_MISMATCH', `Expected "${name}" to hold a ${wanted}, but its value is none`);
  }
  return converted;
}

/** The same for what comes from outside, where dates, times and durations are text. */
export const convertInput = (value: unknown, type: ValueType | undefined, name: string, test?: TestAllowed): unknown =>
  convert(type && type.is !== 'column' ? fromText(value, type) : value, type, name, test);

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  date: readDate,
  time: readTime,
  'date and time': readDateTime,
  'years and months duration': readDuration,
  'days and time duration': readDuration,
  duration: readDuration,
};

function fromText(value: unknown, type: FeelType): unknown {
  if (type.is === 'allowed') return fromText(value, type.of);
  if (type.is === 'list' && Array.isArray(value)) return value.map((item) => fromText(item, type.of));
  if (type.is === 'context' && typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => {
        const wanted = Object.hasOwn(type.entries, name) ? type.entries[name] : undefined;
        return [name, wanted ? fromText(entry, wanted) : entry];
      }),
    );
  }
  return typeof value === 'string' ? (readers[type.is]?.(value) ?? value) : value;
}

const columns: Readonly<Record<ColumnType, (value: unknown) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : typeof value === 'object' ? undefined : JSON.stringify(value)),
  boolean: (value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined),
  integer,
  long: integer,
  double: (value) => {
    const number = toNumber(value);
    return number !== undefined && Number.isFinite(number) ? number : undefined;
  },
  date: (value) => {
    // A day stays a FEEL day, everything else becomes a FEEL instant: FEEL does not compare the two.
    if (value instanceof FeelDate || value instanceof FeelDateTime) return value;
    const day = typeof value === 'string' ? parseFeelDate(value) : null;
    const at = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseDate(value) : null;
    return day ?? (at === null ? undefined : dateAndTime(new Date(at).toISOString()));
  },
};

function integer(value: unknown): number | undefined {
  const number = toNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
}
