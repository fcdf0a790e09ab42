import { callFunction, spend } from './function.ts';
import type { BuiltIn, FeelFunction, FeelRun } from './function.ts';
import { compare, decimal, same } from './operators.ts';
import { calculate } from './operators.ts';
import { isFunction, kindOf } from './values.ts';

type List = unknown[];

/** Results that may grow from call to call are paid for, so that a loop cannot double a list for ever. */
function paid(list: List, run: FeelRun): List {
  spend(run, list.length);
  return list;
}

/** The index of a FEEL position, which counts from 1 or, negative, from the end; null outside the list. */
function indexOf(position: number, length: number): number | null {
  if (!Number.isInteger(position) || position === 0 || Math.abs(position) > length) return null;
  return position > 0 ? position - 1 : length + position;
}

function extreme(list: List, sign: 1 | -1): unknown {
  if (list.length === 0) return null;
  let best = list[0];
  if (compare(best, best) === null) return null;
  for (const item of list.slice(1)) {
    const difference = compare(item, best);
    if (difference === null) return null;
    if (difference * sign > 0) best = item;
  }
  return best;
}

const areNumbers = (list: List): list is number[] => list.every((item) => typeof item === 'number');

function sum(list: List): unknown {
  if (list.length === 0) return null;
  if (areNumbers(list)) return decimal(list.reduce((total, item) => total + item, 0));
  return kindOf(list[0]).endsWith('duration') ? list.slice(1).reduce((total: unknown, item) => calculate('+', total, item), list[0]) : null;
}

const mean = (list: List) => {
  const total = sum(list);
  return total === null ? null : calculate('/', total, list.length);
};

function median(list: List): unknown {
  if (list.length === 0 || !areNumbers(list)) return null;
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle] as number, sorted[middle] as number];
  return decimal((low + high) / 2);
}

function stddev(list: List): number | null {
  if (list.length < 2 || !areNumbers(list)) return null;
  const average = list.reduce((total, item) => total + item, 0) / list.length;
  return decimal(Math.sqrt(list.reduce((total, item) => total + (item - average) ** 2, 0) / (list.length - 1)));
}

function mode(list: List): List | null {
  if (!areNumbers(list)) return null;
  const counts = new Map<number, number>();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts]
    .filter(([, count]) => count === most)
    .map(([item]) => item)
    .sort((a, b) => a - b);
}

/** `all` and `any`: decided by one item, unknown when the others are no booleans. */
const quantified = (deciding: boolean) => (list: List) => {
  if (list.includes(deciding)) return deciding;
  return list.every((item) => typeof item === 'boolean') ? !deciding : null;
};

function sublist(list: List, start: number, length?: number): List | null {
  const from = indexOf(start, list.length);
  if (from === null) return null;
  if (length === undefined) return list.slice(from);
  const count = Math.trunc(length);
  return count < 1 || from + count > list.length ? null : list.slice(from, from + count);
}

function insertBefore(list: List, position: number, item: unknown, run: FeelRun): List | null {
  const at = indexOf(position, list.length);
  return at === null ? null : paid(list.toSpliced(at, 0, item), run);
}

function remove(list: List, position: number): List | null {
  const at = indexOf(position, list.length);
  return at === null ? null : list.toSpliced(at, 1);
}

function replaceAt(list: List, position: number, item: unknown): List | null {
  const at = indexOf(Math.trunc(position), list.length);
  return at === null ? null : list.with(at, item);
}

function replaceMatching(list: List, match: FeelFunction, item: unknown, run: FeelRun): List | null {
  const matches = list.map((old) => callFunction(match, [old, item], run));
  return matches.every((each) => typeof each === 'boolean') ? list.map((old, index) => (matches[index] === true ? item : old)) : null;
}

function distinct(list: List, run: FeelRun): List {
  const found: List = [];
  for (const item of list) {
    if (!found.some((known) => same(known, item, run))) found.push(item);
  }
  return found;
}

function concatenate(lists: List, run: FeelRun): List | null {
  return lists.some((list) => list === null)
    ? null
    : paid(
        lists.flatMap((list) => (Array.isArray(list) ? list : [list])),
        run,
      );
}

const flatten = (list: List, run: FeelRun): List => paid(list, run).flatMap((item) => (Array.isArray(item) ? flatten(item, run) : [item]));

function sort(list: List, precedes: FeelFunction, run: FeelRun): List | null {
  if (!precedes.signatures.some((each) => each.length === 2)) return null;
  const before = (a: unknown, b: unknown) => callFunction(precedes, [a, b], run) === true;
  return list.toSorted((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
}

/** What takes `(list)` or `(a, b, …)`. */
const variadic = (name: string, body: (list: List, run: FeelRun) => unknown): BuiltIn => [name, '...list', body];

export const listFunctions: readonly BuiltIn[] = [
  ['list contains', 'list: list, element', (list: List, element: unknown, run: FeelRun) => list.some((item) => same(item, element, run))],
  ['count', 'list: list', (list: List) => list.length],
  variadic('min', (list) => extreme(list, -1)),
  variadic('max', (list) => extreme(list, 1)),
  variadic('sum', sum),
  variadic('mean', mean),
  variadic('all', quantified(false)),
  variadic('any', quantified(true)),
  variadic('median', median),
  variadic('stddev', stddev),
  variadic('mode', mode),
  variadic('product', (list) => (list.length > 0 && areNumbers(list) ? decimal(list.reduce((total, item) => total * item, 1)) : null)),
  ['sublist', 'list: list, start position: number, length?: number', sublist],
  ['append', 'list: list, ...item', (list: List, items: List, run: FeelRun) => paid([...list, ...items], run)],
  variadic('concatenate', concatenate),
  ['insert before', 'list: list, position: number, newItem', insertBefore],
  ['remove', 'list: list, position: number', remove],
  [
    'list replace',
    ['list: list, position: number, newItem', 'list: list, match: function, newItem'],
    (list: List, where: number | FeelFunction, item: unknown, run: FeelRun) =>
      isFunction(where) ? replaceMatching(list, where, item, run) : replaceAt(list, where, item),
  ],
  ['reverse', 'list: list', (list: List) => list.toReversed()],
  [
    'index of',
    'list: list, match',
    (list: List, match: unknown, run: FeelRun) => list.flatMap((item, index) => (same(item, match, run) ? [index + 1] : [])),
  ],
  variadic('union', (lists, run) => {
    const all = concatenate(lists, run);
    return all && distinct(all, run);
  }),
  ['distinct values', 'list: list', distinct],
  ['flatten', 'list: list', flatten],
  ['sort', ['list: list, precedes: function'], sort],
];
