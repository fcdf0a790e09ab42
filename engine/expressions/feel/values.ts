import { FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import type { FeelFunction } from './function.ts';
import { isoText } from './temporal.ts';

/** The kinds of FEEL values. @see DMN 1.5, 10.3.2.2 */
export type FeelKind =
  | 'null'
  | 'number'
  | 'string'
  | 'boolean'
  | 'date'
  | 'time'
  | 'date and time'
  | 'years and months duration'
  | 'days and time duration'
  | 'range'
  | 'list'
  | 'context'
  | 'function';
export type FeelContext = Record<string, unknown>;

export function kindOf(value: unknown): FeelKind {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'function':
      return typeof value as FeelKind;
    case 'object':
      return value === null ? 'null' : objectKind(value);
    default:
      return 'null';
  }
}

function objectKind(value: object): FeelKind {
  if (Array.isArray(value)) return 'list';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof FeelDuration) return value.yearsMonths ? 'years and months duration' : 'days and time duration';
  return value instanceof FeelRange ? 'range' : 'context';
}

export const isContext = (value: unknown): value is FeelContext => kindOf(value) === 'context';
export const isFunction = (value: unknown): value is FeelFunction => typeof value === 'function';

const maxNodes = 150_000;

/**
 * FEEL's dates, times and durations as ISO 8601 text, in lists and contexts too; functions and ranges become null.
 * @throws Failure `EXPRESSION_FAILED` for a value of more than 150,000 parts: lists may hold the same list many times
 */
export const fromFeel = (value: unknown): unknown => plain(value, { left: maxNodes });

function plain(value: unknown, nodes: { left: number }): unknown {
  if (--nodes.left < 0) throw new Failure('EXPRESSION_FAILED', `Expected a value of at most ${maxNodes} parts, but it has more`);
  switch (kindOf(value)) {
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'string':
    case 'boolean':
      return value;
    case 'list':
      return (value as unknown[]).map((item) => plain(item, nodes));
    case 'context':
      nodes.left -= 2;
      return Object.fromEntries(Object.entries(value as FeelContext).map(([name, entry]) => [name, plain(entry, nodes)]));
    case 'null':
    case 'range':
    case 'function':
      return null;
    default:
      return isoText(value as FeelDate);
  }
}
