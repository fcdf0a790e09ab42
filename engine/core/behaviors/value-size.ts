import { Failure } from '../failure.ts';
import type { JsonValue, TypedValue } from '../values.ts';

/** What one variable may hold: characters (a number counts as 8) and levels of nesting. */
export const valueLimits = { size: 4 * 1024 * 1024, depth: 100 } as const;

/** Large values that were looked at already; a value is never changed. */
const known = new WeakSet<TypedValue>();

/**
 * Refuses what could not be stored: values that double in a loop are shared in memory and grow only when they are written.
 * @throws Failure `VARIABLE_TOO_LARGE`, `VARIABLE_TOO_DEEP`
 */
export function requireStorable(name: string, value: TypedValue): void {
  const { value: content } = value;
  if (typeof content === 'string') {
    if (content.length > valueLimits.size) throw tooLarge(name);
    return;
  }
  if (content === null || typeof content !== 'object' || known.has(value)) return;
  if (sizeOf(content, name, valueLimits.size, 0) > LARGE) known.add(value);
}

const LARGE = 10_000;

/** Stops as soon as it is more than `limit`. */
function sizeOf(value: JsonValue | undefined, name: string, limit: number, depth: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object') return 8;
  if (depth >= valueLimits.depth) {
    throw new Failure('VARIABLE_TOO_DEEP', `Expected variable ${shown(name)} to have at most ${valueLimits.depth} levels, but it has more`);
  }
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size = within(name, limit, size + sizeOf(item, name, limit - size, depth + 1));
  else
    for (const key of Object.keys(value)) size = within(name, limit, size + key.length + sizeOf(value[key], name, limit - size, depth + 1));
  return size;
}

function within(name: string, limit: number, size: number): number {
  if (size > limit) throw tooLarge(name);
  return size;
}

const shown = (name: string) => name.slice(0, 60);
const tooLarge = (name: string) =>
  new Failure('VARIABLE_TOO_LARGE', `Expected variable ${shown(name)} to have at most ${valueLimits.size} characters, but it has more`);
