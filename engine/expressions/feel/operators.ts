import { FeelDate, FeelDateTime, FeelDuration, FeelTime } from 'feelin';
import type { FeelRange } from 'feelin';
import { spend } from './function.ts';
import type { FeelRun } from './function.ts';
import { addDuration, between, clockNanos, hasZone, monthDuration, monthsOf, nanosOf, secondDuration, secondsOf } from './temporal.ts';
import { kindOf } from './values.ts';
import type { FeelContext } from './values.ts';

/** Sixteen digits of binary are fifteen of decimal: 0.1 + 0.2 is 0.3. Null for what is no number any more. */
export function decimal(value: number): number | null {
  if (Number.isInteger(value)) return value === 0 ? 0 : value;
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : null;
}

/** Equality of FEEL; null for values of different kinds. @see DMN 1.5, table 42 */
export function equals(a: unknown, b: unknown, run: FeelRun): boolean | null {
  spend(run, typeof a === 'string' ? a.length / 1_000 : 1 / 8);
  if (a === null || b === null) return a === b;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return null;
  switch (kind) {
    case 'list':
      return listsEqual(a as unknown[], b as unknown[], run);
    case 'context':
      return contextsEqual(a as FeelContext, b as FeelContext, run);
    case 'range':
      return rangesEqual(a as FeelRange, b as FeelRange, run);
    case 'number':
    case 'string':
    case 'boolean':
    case 'function':
      return a === b;
    default:
      return compare(a, b) === 0;
  }
}

export const same = (a: unknown, b: unknown, run: FeelRun): boolean => equals(a, b, run) === true;

const listsEqual = (a: unknown[], b: unknown[], run: FeelRun) =>
  a.length === b.length && a.every((item, index) => same(item, b[index], run));

function contextsEqual(a: FeelContext, b: FeelContext, run: FeelRun): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name], run));
}

function rangesEqual(a: FeelRange, b: FeelRange, run: FeelRun): boolean {
  return (
    a['start included'] === b['start included'] &&
    a['end included'] === b['end included'] &&
    same(a.start, b.start, run) &&
    same(a.end, b.end, run)
  );
}

/** Negative, zero or positive; null for values that have no order. Times are compared by milliseconds. */
export function compare(a: unknown, b: unknown): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof FeelDate && b instanceof FeelDate) return order(nanosOf(a), nanosOf(b));
  if (a instanceof FeelDateTime && b instanceof FeelDateTime)
    return hasZone(a) === hasZone(b) ? order(nanosOf(a) / 1_000_000n, nanosOf(b) / 1_000_000n) : null;
  if (a instanceof FeelTime && b instanceof FeelTime)
    return hasZone(a) === hasZone(b) ? order(Math.trunc(clockNanos(a) / 1e6), Math.trunc(clockNanos(b) / 1e6)) : null;
  if (a instanceof FeelDuration && b instanceof FeelDuration && a.yearsMonths === b.yearsMonths)
    return a.yearsMonths ? monthsOf(a) - monthsOf(b) : secondsOf(a) - secondsOf(b);
  return null;
}

const order = <T extends number | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);

export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export function compareBy(operator: CompareOperator, a: unknown, b: unknown, run: FeelRun): boolean | null {
  if (operator === '=') return equals(a, b, run);
  if (operator === '!=') {
    const equal = equals(a, b, run);
    return equal === null ? null : !equal;
  }
  if (typeof a === 'string') spend(run, a.length / 1_000);
  const difference = compare(a, b);
  if (difference === null) return null;
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**';

/** Null for kinds that the operator does not take. @see DMN 1.5, tables 52 to 55 */
export function calculate(operator: ArithmeticOperator, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return calculateNumbers(operator, a, b);
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (a instanceof FeelDuration) return withDuration(operator, a, b);
  if (b instanceof FeelDuration) {
    if (isInstant(a)) return operator === '+' ? addDuration(a, b, 1) : operator === '-' ? addDuration(a, b, -1) : null;
    return operator === '*' ? withDuration('*', b, a) : null;
  }
  return operator === '-' && isInstant(a) && isInstant(b) ? between(b, a) : null;
}

const isInstant = (value: unknown): value is FeelDate | FeelDateTime | FeelTime =>
  value instanceof FeelDate || value instanceof FeelDateTime || value instanceof FeelTime;

function calculateNumbers(operator: ArithmeticOperator, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return decimal(a + b);
    case '-':
      return decimal(a - b);
    case '*':
      return decimal(a * b);
    case '/':
      return b === 0 ? null : decimal(a / b);
    case '**':
      return decimal(a ** b);
  }
}

function withDuration(operator: ArithmeticOperator, a: FeelDuration, b: unknown): unknown {
  if (operator === '+' && isInstant(b)) return addDuration(b, a, 1);
  const [size, make] = a.yearsMonths ? [monthsOf(a), monthDuration] : [secondsOf(a), secondDuration];
  if (typeof b === 'number') {
    if (operator === '*') return make(size * b);
    return operator === '/' && b !== 0 ? make(size / b) : null;
  }
  if (!(b instanceof FeelDuration) || a.yearsMonths !== b.yearsMonths) return null;
  const other = b.yearsMonths ? monthsOf(b) : secondsOf(b);
  switch (operator) {
    case '+':
      return make(size + other);
    case '-':
      return make(size - other);
    case '/':
      return other === 0 ? null : decimal(size / other);
    default:
      return null;
  }
}

/** Three-valued logic: what is no boolean counts as unknown. */
export function and(a: unknown, b: () => unknown): boolean | null {
  if (a === false) return false;
  const right = b();
  return right === false ? false : a === true && right === true ? true : null;
}

export function or(a: unknown, b: () => unknown): boolean | null {
  if (a === true) return true;
  const right = b();
  return right === true ? true : a === false && right === false ? false : null;
}
