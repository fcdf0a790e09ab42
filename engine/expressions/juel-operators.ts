import { Failure } from '#engine/core/failure.ts';
import { formatDate, parseDate } from './iso-date.ts';

type Binary = (left: unknown, right: unknown) => unknown;

/**
 * JUEL's operators with its coercions, e.g. `true == 'true'`, `'5' > 4`, null counts as 0.
 * One deviation: `+` on two texts joins them (JUEL would demand numbers).
 */
export const binaryOperators: Readonly<Record<string, Binary>> = {
  '+': add,
  '-': (left, right) => minus(left, right),
  '*': (left, right) => toNumber(left) * toNumber(right),
  '/': (left, right) => toNumber(left) / toNumber(right),
  '%': (left, right) => toNumber(left) % toNumber(right),
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => comparable(left, right) && compare(left, right) < 0,
  '>': (left, right) => comparable(left, right) && compare(left, right) > 0,
  '<=': (left, right) => equals(left, right) || (comparable(left, right) && compare(left, right) < 0),
  '>=': (left, right) => equals(left, right) || (comparable(left, right) && compare(left, right) > 0),
};

export const unaryOperators: Readonly<Record<string, (value: unknown) => unknown>> = {
  '-': (value) => -toNumber(value),
  '!': (value) => !toBoolean(value),
  empty: isEmpty,
};

export function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined || value === '') return false;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  throw new Failure('EXPRESSION_FAILED', `Expected true or false, but found ${describe(value)}`);
}

export function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return formatDate(value.getTime());
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined || value === '') return 0;
  if (value instanceof Date) return value.getTime();
  if (isNumeric(value)) return Number(value);
  throw new Failure('EXPRESSION_FAILED', `Expected a number, but found ${describe(value)}`);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

function add(left: unknown, right: unknown): unknown {
  const asNumbers = canCount(left) && canCount(right) && !(typeof left === 'string' && typeof right === 'string');
  return asNumbers ? toNumber(left) + toNumber(right) : toText(left) + toText(right);
}

const canCount = (value: unknown) => typeof value === 'number' || value === null || value === undefined || isNumeric(value);

function minus(left: unknown, right: unknown): number {
  return toNumber(left) - toNumber(right);
}

function equals(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === null || left === undefined || right === null || right === undefined) return (left ?? null) === (right ?? null);
  if (typeof left === 'number' || typeof right === 'number') return isNumeric(left) && isNumeric(right) && Number(left) === Number(right);
  if (typeof left === 'boolean' || typeof right === 'boolean') return booleanText(left) === booleanText(right);
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (typeof left === 'string' || typeof right === 'string') return toText(left) === toText(right);
  return JSON.stringify(left) === JSON.stringify(right);
}

const booleanText = (value: unknown) => (typeof value === 'string' ? String(value.toLowerCase() === 'true') : toText(value));

/** JUEL: a comparison with null is false. */
const comparable = (left: unknown, right: unknown) => left !== null && left !== undefined && right !== null && right !== undefined;

function compare(left: unknown, right: unknown): number {
  // Dates come out of mappings and results as text.
  if (left instanceof Date || right instanceof Date) return instant(left) - instant(right);
  if (typeof left === 'number' || typeof right === 'number')
    return toNumber(left) - toNumber(right);
  if (typeof left === 'string' || typeof right === 'string')
    return toText(left) < toText(right) ? -1 : Number(toText(left) > toText(right));
  throw new Failure('EXPRESSION_FAILED', `Expected values that have an order, but found ${describe(left)} and ${describe(right)}`);
}

const instant = (value: unknown) => (typeof value === 'string' ? (parseDate(value) ?? toNumber(value)) : toNumber(value));

const isNumeric = (value: unknown) =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));

/** Kind of a value for messages; the value itself may be personal data. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
