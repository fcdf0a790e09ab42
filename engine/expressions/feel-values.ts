import { FeelDate, FeelDateTime, FeelDuration, FeelTime, isFunction, isRange } from 'feelin';

/** FEEL's dates, times and durations as ISO 8601 text, in lists and contexts too; functions and ranges become null. */
export function fromFeel(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof FeelDate || value instanceof FeelDateTime || value instanceof FeelTime || value instanceof FeelDuration)
    return value.toString();
  if (Array.isArray(value)) return value.map(fromFeel);
  if (typeof value === 'function' || isFunction(value) || isRange(value)) return null;
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fromFeel(entry)]));
  return value;
}
