import { FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime } from 'feelin';
import { entryOf } from './scope.ts';
import { isContext } from './values.ts';

const dateNames = ['year', 'month', 'day', 'weekday'];
const timeNames = ['hour', 'minute', 'second', 'time offset', 'timezone'];

/** `value.name`, for each item of a list; null when it has none. @see DMN 1.5, table 65 */
export function propertyOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => propertyOf(item, name));
  if (isContext(value)) return entryOf(value, name) ?? null;
  return namesOf(value).includes(name) ? ((value as Record<string, unknown>)[name] ?? null) : null;
}

function namesOf(value: unknown): readonly string[] {
  if (value instanceof FeelDate) return dateNames;
  if (value instanceof FeelDateTime) return [...dateNames, ...timeNames];
  if (value instanceof FeelTime) return timeNames;
  if (value instanceof FeelDuration) return value.yearsMonths ? ['years', 'months'] : ['days', 'hours', 'minutes', 'seconds'];
  return value instanceof FeelRange ? ['start', 'end', 'start included', 'end included'] : [];
}
