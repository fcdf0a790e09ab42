import { FeelDate, FeelRange, parseTime } from 'feelin';
import type { FeelTime } from 'feelin';
import { combine } from './temporal.ts';
import { isContext, isFunction, kindOf } from './values.ts';
import type { FeelKind } from './values.ts';

/** A FEEL type or a DMN item definition. JSON-serialisable. @see DMN 1.5, 7.3.2 and 10.3.2.7 */
export type FeelType =
  | { is: 'any' | 'null' | 'duration' | 'unknown' }
  | { is: Exclude<FeelKind, 'null' | 'range' | 'list' | 'context' | 'function'> }
  | { is: 'list'; of: FeelType }
  | { is: 'range'; of: FeelType }
  | { is: 'context'; entries: Record<string, FeelType> }
  | { is: 'function'; parameters?: FeelType[]; result?: FeelType }
  /** Values of a type that also pass unary tests. */
  | { is: 'allowed'; of: FeelType; tests: string };

export const any: FeelType = { is: 'any' };

const named: Readonly<Record<string, FeelType>> = {
  Any: any,
  Null: { is: 'null' },
  number: { is: 'number' },
  string: { is: 'string' },
  boolean: { is: 'boolean' },
  date: { is: 'date' },
  time: { is: 'time' },
  'date and time': { is: 'date and time' },
  dateTime: { is: 'date and time' },
  duration: { is: 'duration' },
  'years and months duration': { is: 'years and months duration' },
  yearMonthDuration: { is: 'years and months duration' },
  'days and time duration': { is: 'days and time duration' },
  dayTimeDuration: { is: 'days and time duration' },
  list: { is: 'list', of: any },
  range: { is: 'range', of: any },
  context: { is: 'context', entries: {} },
  function: { is: 'function' },
};

export const builtInType = (name: string): FeelType | undefined => (Object.hasOwn(named, name) ? named[name] : undefined);

export type TestAllowed = (tests: string, value: unknown) => boolean;
const passAll: TestAllowed = () => true;

/** Whether a value is of a type; null is of none but `Any` and `Null`. */
export function conforms(value: unknown, type: FeelType, test: TestAllowed = passAll): boolean {
  switch (type.is) {
    case 'any':
      return true;
    case 'unknown':
      return false;
    case 'duration':
      return kindOf(value).endsWith('duration');
    case 'list':
      return Array.isArray(value) && value.every((item) => fits(item, type.of, test));
    case 'range':
      return value instanceof FeelRange && [value.start, value.end].every((end) => end === null || conforms(end, type.of));
    case 'context':
      return (
        isContext(value) &&
        Object.entries(type.entries).every(([name, entry]) => Object.hasOwn(value, name) && fits(value[name], entry, test))
      );
    case 'function':
      return isFunction(value) && (type.parameters === undefined || takes(value, type.parameters.length));
    case 'allowed':
      return fits(value, type.of, test) && test(type.tests, value);
    default:
      return kindOf(value) === type.is;
  }
}

const fits = (value: unknown, type: FeelType, test: TestAllowed) =>
  (value === null && type.is !== 'allowed') || conforms(value, type, test);
const takes = (value: { signatures: readonly (readonly unknown[])[] }, count: number) =>
  value.signatures.some((each) => each.length === count);

const midnight = parseTime('00:00:00Z') as FeelTime;

/**
 * A value as a type wants it: a list of one for its item, an item for a list of one, a date for its midnight.
 * @returns undefined when it is of another type
 * @see DMN 1.5, 10.3.2.9.4
 */
export function coerce(value: unknown, type: FeelType, test: TestAllowed = passAll): unknown {
  if (value === null || value === undefined) return null;
  if (conforms(value, type, test)) return value;
  const plain = type.is === 'allowed' ? type.of : type;
  if (Array.isArray(value) && value.length === 1 && plain.is !== 'list' && conforms(value[0], type, test)) return value[0];
  if (!Array.isArray(value) && plain.is === 'list' && conforms([value], type, test)) return [value];
  if (value instanceof FeelDate && plain.is === 'date and time') return combine(value, midnight);
  return undefined;
}
