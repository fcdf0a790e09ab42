import type { FeelRun } from './function.ts';
import { isContext } from './values.ts';

/** What names mean at one place of an expression. */
export interface FeelScope {
  /** Undefined when nothing has the name. */
  read(name: string): unknown;
  run: FeelRun;
}
export type FeelCode = (scope: FeelScope) => unknown;

export const withValue = (scope: FeelScope, name: string, value: unknown): FeelScope => ({
  run: scope.run,
  read: (wanted) => (wanted === name ? value : scope.read(wanted)),
});

/** The entries of a context in front of what is visible outside. */
export function withEntries(scope: FeelScope, entries: unknown): FeelScope {
  if (!isContext(entries)) return scope;
  return {
    run: scope.run,
    read: (name) => {
      const value = entryOf(entries, name);
      return value === undefined ? scope.read(name) : value;
    },
  };
}

/** An entry by its name, however the spaces in it are written; undefined when there is none. */
export function entryOf(context: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(context, name)) return context[name] ?? null;
  if (!name.includes(' ')) return undefined;
  const key = Object.keys(context).find((candidate) => normalName(candidate) === name);
  return key === undefined ? undefined : (context[key] ?? null);
}

/** FEEL's parser hands names over with one space around each sign: `pre-approved` is `pre - approved`. */
export const normalName = (name: string): string =>
  name
    .replace(/\s*([./\-'+]|\*\*?)\s*/g, ' $1 ')
    .replace(/\s{2,}/g, ' ')
    .trim();
