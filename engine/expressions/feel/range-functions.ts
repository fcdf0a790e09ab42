import { FeelRange } from 'feelin';
import type { BuiltIn } from './function.ts';
import { compare } from './operators.ts';
import { rangeOf } from './range.ts';
import { readDate, readDateTime, readDuration, readTime } from './temporal.ts';
import { readText } from './string-literal.ts';

type Reading = (text: string) => unknown;
const readers: Readonly<Record<string, Reading>> = {
  date: readDate,
  time: readTime,
  'date and time': readDateTime,
  duration: readDuration,
};

/** An end of a range written as text: a literal, `@"…"`, or `date("…")` and the like; undefined for anything else. */
function readEnd(text: string): unknown {
  if (text === '' || text === 'null') return null;
  if (/^-?(?:\d+(?:\.\d+)?|\.\d+)$/.test(text)) return Number(text);
  if (/^"(?:[^"\\]|\\.)*"$/.test(text)) return readText(text);
  const at = /^@"([^"]*)"$/.exec(text)?.[1];
  if (at !== undefined) return readDuration(at) ?? readDateOrTime(at) ?? undefined;
  const [, name = '', argument = ''] = /^([a-z ]+?)\s*\(\s*"([^"]*)"\s*\)$/.exec(text) ?? [];
  return Object.hasOwn(readers, name) ? (readers[name]?.(argument) ?? undefined) : undefined;
}

const readDateOrTime = (text: string) => (text.includes('T') ? readDateTime(text) : (readDate(text) ?? readTime(text)));

/** `range("[1..10)")`; the end of greater value last. */
function readRange(text: string): FeelRange | null {
  const [, open, low = '', high = '', close] = /^\s*([[(\]])(.*?)\.\.(.*)([\])[])\s*$/s.exec(text) ?? [];
  if (open === undefined) return null;
  const [start, end] = [readEnd(low.trim()), readEnd(high.trim())];
  const isOpenEnd = (value: unknown, sign: string | undefined, closed: string) => value === null && sign === closed;
  if (start === undefined || end === undefined || (start === null && end === null)) return null;
  if (isOpenEnd(start, open, '[') || isOpenEnd(end, close, ']')) return null;
  const range = rangeOf(start, end, open === '[', close === ']');
  return range && (start === null || end === null || (compare(start, end) ?? 1) <= 0) ? range : null;
}

type Point = unknown;
const point = 'number|string|date|time|date and time|years and months duration|days and time duration';

/** Order of two ends: the values, then what the brackets leave out. Null when they have no order. */
const ends = (a: unknown, b: unknown) => compare(a, b);

/** Where a point or range starts and ends. */
function bounds(value: Point): { start: unknown; end: unknown; startIncluded: boolean; endIncluded: boolean } {
  if (!(value instanceof FeelRange)) return { start: value, end: value, startIncluded: true, endIncluded: true };
  return { start: value.start, end: value.end, startIncluded: value['start included'], endIncluded: value['end included'] };
}

function isBefore(a: Point, b: Point): boolean | null {
  const [left, right] = [bounds(a), bounds(b)];
  const difference = ends(left.end, right.start);
  return difference === null ? null : difference < 0 || (difference === 0 && !(left.endIncluded && right.startIncluded));
}

function meets(a: FeelRange, b: FeelRange): boolean | null {
  const difference = ends(a.end, b.start);
  return difference === null ? null : a['end included'] && b['start included'] && difference === 0;
}

/** How the starts relate: negative when `a` begins first. */
function starts(a: Point, b: Point): number | null {
  const [left, right] = [bounds(a), bounds(b)];
  const difference = ends(left.start, right.start);
  return difference === 0 ? Number(right.startIncluded) - Number(left.startIncluded) : difference;
}

/** How the ends relate: negative when `a` stops first. */
function stops(a: Point, b: Point): number | null {
  const [left, right] = [bounds(a), bounds(b)];
  const difference = ends(left.end, right.end);
  return difference === 0 ? Number(left.endIncluded) - Number(right.endIncluded) : difference;
}

type Decide = (start: number, stop: number, a: Point, b: Point) => boolean | null;

const relation = (decide: Decide) => (a: Point, b: Point) => {
  const [start, stop] = [starts(a, b), stops(a, b)];
  return start === null || stop === null ? null : decide(start, stop, a, b);
};

const overlap = (a: Point, b: Point) => isBefore(a, b) === false && isBefore(b, a) === false;
const swapped = (relate: (a: Point, b: Point) => boolean | null) => (a: Point, b: Point) => relate(b, a);

const includes = relation((start, stop) => start <= 0 && stop >= 0);
const finishes = relation((start, stop) => stop === 0 && start >= 0);
const begins = relation((start, stop) => start === 0 && stop <= 0);

export const rangeFunctions: readonly BuiltIn[] = [
  ['range', 'from: string', readRange],
  [
    'before',
    [
      `point1: ${point}, point2: ${point}`,
      `point: ${point}, range: range`,
      `range: range, point: ${point}`,
      'range1: range, range2: range',
    ],
    isBefore,
  ],
  [
    'after',
    [
      `point1: ${point}, point2: ${point}`,
      `point: ${point}, range: range`,
      `range: range, point: ${point}`,
      'range1: range, range2: range',
    ],
    swapped(isBefore),
  ],
  ['meets', 'range1: range, range2: range', meets],
  ['met by', 'range1: range, range2: range', (a: FeelRange, b: FeelRange) => meets(b, a)],
  ['overlaps', 'range1: range, range2: range', relation((_start, _stop, a, b) => overlap(a, b))],
  ['overlaps before', 'range1: range, range2: range', relation((start, stop, a, b) => overlap(a, b) && start < 0 && stop <= 0)],
  ['overlaps after', 'range1: range, range2: range', relation((start, stop, a, b) => overlap(a, b) && start > 0 && stop >= 0)],
  ['finishes', [`point: ${point}, range: range`, 'range1: range, range2: range'], finishes],
  ['finished by', [`range: range, point: ${point}`, 'range1: range, range2: range'], swapped(finishes)],
  ['includes', [`range: range, point: ${point}`, 'range1: range, range2: range'], includes],
  ['during', [`point: ${point}, range: range`, 'range1: range, range2: range'], swapped(includes)],
  ['starts', [`point: ${point}, range: range`, 'range1: range, range2: range'], begins],
  ['started by', [`range: range, point: ${point}`, 'range1: range, range2: range'], swapped(begins)],
  [
    'coincides',
    [`point1: ${point}, point2: ${point}`, 'range1: range, range2: range'],
    relation((start, stop) => start === 0 && stop === 0),
  ],
];
