import { FeelDate, FeelRange } from 'feelin';
import { compare } from './operators.ts';
import { spend } from './function.ts';
import type { FeelRun } from './function.ts';
import { addDuration, readDuration } from './temporal.ts';
import { kindOf } from './values.ts';
import type { FeelDuration } from 'feelin';

const ordered: ReadonlySet<string> = new Set([
  'number',
  'string',
  'date',
  'time',
  'date and time',
  'years and months duration',
  'days and time duration',
]);

/** Null when the ends have no common order; an end that is null is open. */
export function rangeOf(start: unknown, end: unknown, startIncluded: boolean, endIncluded: boolean): FeelRange | null {
  const kind = kindOf(start ?? end);
  if (!ordered.has(kind) || (start !== null && end !== null && compare(start, end) === null)) return null;
  return new FeelRange({
    start,
    end,
    'start included': startIncluded && start !== null,
    'end included': endIncluded && end !== null,
    valueType: kind,
  });
}

/** Null when the value cannot be compared with the ends. */
export function inRange(range: FeelRange, value: unknown): boolean | null {
  const { start, end } = range;
  const low = start === null ? 1 : compare(value, start);
  const high = end === null ? -1 : compare(value, end);
  if (low === null || high === null) return null;
  return (range['start included'] ? low >= 0 : low > 0) && (range['end included'] ? high <= 0 : high < 0);
}

const oneDay = readDuration('P1D') as FeelDuration;

/** The whole numbers or days of `start..end`, also downwards; null for other ranges. */
export function itemsOf(start: unknown, end: unknown, run: FeelRun): unknown[] | null {
  if (typeof start === 'number' && typeof end === 'number' && Number.isInteger(start) && Number.isInteger(end)) {
    const step = start <= end ? 1 : -1;
    const length = Math.abs(end - start) + 1;
    spend(run, length);
    return Array.from({ length }, (_, index) => start + index * step);
  }
  return start instanceof FeelDate && end instanceof FeelDate ? daysOf(start, end, run) : null;
}

function daysOf(start: FeelDate, end: FeelDate, run: FeelRun): FeelDate[] | null {
  const sign = (compare(start, end) ?? 0) <= 0 ? 1 : -1;
  const days: FeelDate[] = [];
  for (
    let day: FeelDate | null = start;
    day && (compare(day, end) ?? 0) * sign <= 0;
    day = addDuration(day, oneDay, sign) as FeelDate | null
  ) {
    spend(run, 1);
    days.push(day);
  }
  return days;
}

/** What `for`, `some` and `every` run over: lists, ranges of whole numbers or days upwards, and any other value as a list of itself. */
export function iterable(value: unknown, run: FeelRun): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!(value instanceof FeelRange)) return value === null ? null : [value];
  const { start, end } = value;
  if ((compare(start, end) ?? 1) > 0) return null;
  const items = itemsOf(start, end, run);
  return items && items.slice(value['start included'] ? 0 : 1, value['end included'] ? items.length : -1);
}
