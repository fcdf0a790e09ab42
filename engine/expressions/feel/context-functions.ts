import { spend } from './function.ts';
import type { BuiltIn, FeelRun } from './function.ts';
import { entryOf } from './scope.ts';
import { isContext } from './values.ts';
import type { FeelContext } from './values.ts';

const fromEntries = (entries: [string, unknown][]): FeelContext => Object.fromEntries(entries);

/** `context([{key: "a", value: 1}])`; null when a key comes twice or an entry is none. */
function contextOf(entries: unknown[]): FeelContext | null {
  const pairs: [string, unknown][] = [];
  for (const entry of entries) {
    if (!isContext(entry) || typeof entry['key'] !== 'string' || !Object.hasOwn(entry, 'value')) return null;
    pairs.push([entry['key'], entry['value']]);
  }
  return new Set(pairs.map(([key]) => key)).size < pairs.length ? null : fromEntries(pairs);
}

/** Copying is paid for. */
function entriesOf(context: FeelContext, run: FeelRun): [string, unknown][] {
  const entries = Object.entries(context);
  spend(run, entries.length >> 3);
  return entries;
}

function put(context: FeelContext, keys: string | unknown[], value: unknown, run: FeelRun): FeelContext | null {
  const [key, ...inner] = Array.isArray(keys) ? keys : [keys];
  if (typeof key !== 'string') return null;
  if (inner.length === 0) return fromEntries([...entriesOf(context, run), [key, value]]);
  const target = entryOf(context, key) ?? {};
  const changed = isContext(target) ? put(target, inner, value, run) : null;
  return changed && fromEntries([...entriesOf(context, run), [key, changed]]);
}

function valueAt(context: FeelContext, keys: string | unknown[]): unknown {
  let value: unknown = context;
  for (const key of Array.isArray(keys) ? keys : [keys]) {
    if (!isContext(value) || typeof key !== 'string') return null;
    value = entryOf(value, key) ?? null;
  }
  return value;
}

function merge(contexts: unknown[], run: FeelRun): FeelContext | null {
  return contexts.every(isContext) ? fromEntries(contexts.flatMap((context) => entriesOf(context, run))) : null;
}

export const contextFunctions: readonly BuiltIn[] = [
  ['get value', ['m: context, key: string', 'context: context, keys: list'], valueAt],
  ['get entries', 'm: context', (context: FeelContext, run: FeelRun) => entriesOf(context, run).map(([key, value]) => ({ key, value }))],
  ['context', 'entries: list', contextOf],
  ['context put', ['context: context, key: string, value', 'context: context, keys: list, value'], put],
  ['context merge', 'contexts: list', merge],
  ['not', 'negand', (negand: unknown) => (typeof negand === 'boolean' ? !negand : null)],
];
