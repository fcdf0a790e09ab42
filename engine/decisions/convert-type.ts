import { FeelDate, FeelDateTime, dateAndTime, parseDate as parseFeelDate } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { parseDate } from '#engine/expressions/iso-date.ts';
import type { DecisionType } from './model.ts';

/** Converts an input or output to the type its column declares, as Camunda does. @throws Failure `DECISION_TYPE_MISMATCH` */
export function convert(value: unknown, type: DecisionType | undefined, column: string): unknown {
  if (value === null || value === undefined) return null;
  if (type === undefined) return value;
  const converted = conversions[type](value);
  if (converted === undefined)
    throw new Failure('DECISION_TYPE_MISMATCH', `Expected the column "${column}" to hold a ${type}, but its value is none`);
  return converted;
}

const conversions: Readonly<Record<DecisionType, (value: unknown) => unknown>> = {
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
