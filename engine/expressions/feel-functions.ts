import { FeelFunction, dateAndTime, parseDate } from 'feelin';
import { RE2JS } from 're2js';
import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { today } from './juel-functions.ts';
import { slaDuration } from './sla.ts';
import { createBoundedCache } from './bounded-cache.ts';

const patterns = createBoundedCache<RE2JS>(500);
const maxText = 100_000;
/** A replacement may be longer than what it replaces; the product of both bounds the result. */
const maxReplaced = 1_000_000;

/**
 * Context entries that take the place of FEEL's built-ins of the same name: pattern functions run on RE2 (linear time, no
 * back-tracking) and the clock is the command's.
 * @param source only what it may mention is put together
 */
export function feelFunctions(source: string, scope: ExpressionScope): Record<string, unknown> {
  const entries = Object.entries(makers).filter(([name]) => source.includes(name));
  return Object.fromEntries(entries.map(([name, make]) => [name, make(scope)]));
}

const makers: Readonly<Record<string, (scope: ExpressionScope) => unknown>> = {
  now: ({ environment }) => new FeelFunction(() => dateAndTime(new Date(environment.now()).toISOString()), []),
  today: ({ environment }) => new FeelFunction(() => parseDate(today(environment.now(), environment.timeZone)), []),
  sla: (scope) =>
    new FeelFunction(
      (first: unknown, second?: unknown) =>
        slaDuration(
          scope,
          [first, second].filter((value) => typeof value === 'string'),
        ),
      ['slaClass', 'step'],
    ),
  matches: () => patternFunctions.matches,
  replace: () => patternFunctions.replace,
  split: () => patternFunctions.split,
};

/** XPath's flags `i`, `m`, `s` of FEEL; others are refused when the expression is checked. */
export function compilePattern(pattern: string, flags = ''): RE2JS {
  return patterns.get(`${flags}/${pattern}`, () => {
    const bits =
      (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
      (flags.includes('m') ? RE2JS.MULTILINE : 0) |
      (flags.includes('s') ? RE2JS.DOTALL : 0);
    return RE2JS.compile(pattern, bits);
  });
}

/** Null for what is no text, as FEEL has it. @throws Failure for texts too long to be searched at once */
function areTexts(...values: unknown[]): boolean {
  if (!values.every((value) => typeof value === 'string')) return false;
  if (values.some((value) => value.length > maxText)) throw tooLong(maxText);
  return true;
}

const tooLong = (limit: number) =>
  new Failure('EXPRESSION_FAILED', `Expected texts of at most ${limit} characters for a pattern function, but got a longer one`);
const flagsOf = (flags: unknown) => (typeof flags === 'string' ? flags : '');

function replace(input: string, pattern: string, replacement: string, flags?: unknown): string | null {
  if (!areTexts(input, pattern, replacement)) return null;
  if (input.length * Math.max(1, replacement.length) > maxReplaced) throw tooLong(maxReplaced);
  return compilePattern(pattern, flagsOf(flags)).matcher(input).replaceAll(replacement, true);
}

const patternFunctions = {
  matches: new FeelFunction(
    (input: string, pattern: string, flags?: unknown) =>
      areTexts(input, pattern) ? compilePattern(pattern, flagsOf(flags)).matcher(input).find() : null,
    ['input', 'pattern', 'flags'],
  ),
  replace: new FeelFunction(replace, ['input', 'pattern', 'replacement', 'flags']),
  split: new FeelFunction(
    (text: string, delimiter: string) => (areTexts(text, delimiter) ? compilePattern(delimiter).split(text, -1) : null),
    ['string', 'delimiter'],
  ),
};
