import { parseExpression, parseUnaryTests } from 'feelin';
import { createBoundedCache } from '../bounded-cache.ts';
import { normalName } from './scope.ts';

export type FeelSort = 'expression' | 'unaryTests';

const keywords = new Set(
  'and or if then else for in return some every satisfies between instance of function external not true false null date time duration years months days'.split(
    ' ',
  ),
);

/** Names that FEEL can only read when it knows them: with spaces or signs. */
export const isSpecial = (name: string) => /[\s./\-'+*]/.test(name);
const normalSources = createBoundedCache<string>(1_000);

/** Those of the names on which the reading of the source depends. */
export function specialNames(source: string, names: readonly string[]): string[] {
  if (!names.some(isSpecial)) return [];
  const normal = normalSources.get(source, () => normalName(source));
  return names.filter((name) => isSpecial(name) && normal.includes(normalName(name)));
}

/** @param special names with spaces or signs, of variables and of entries in them */
export function parseFeel(source: string, sort: FeelSort, special: readonly string[]) {
  const context = contextFor(source, special);
  // feelin's grammar lacks the type `range<T>`: it reads it as a list type, `compileType` looks at the source.
  const readable = source.replaceAll(/(\bof\s+|\blist<)range</g, '$1list <');
  return sort === 'expression' ? parseExpression(readable, context, undefined) : parseUnaryTests(readable, context, undefined);
}

/** The parser takes names from the values it gets. Which entries a variable will have is not known, so it may have any. */
function contextFor(source: string, special: readonly string[]): Record<string, unknown> {
  if (special.length === 0) return {};
  const words = (source.match(/[\p{L}_][\p{L}\p{N}_]*(?=\s*[.[])/gu) ?? []).filter((word) => !keywords.has(word));
  const names = [...words, ...special];
  const leaf = Object.fromEntries(special.map((name) => [name, null]));
  const inner = Object.fromEntries(names.map((name) => [name, leaf]));
  return Object.fromEntries(names.map((name) => [name, inner]));
}
