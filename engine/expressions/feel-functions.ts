import { FeelFunction, dateAndTime, parseDate } from 'feelin';
import { RE2JS } from 're2js';
import type { ExpressionScope } from './expression-scope.ts';
import { today } from './juel-functions.ts';
import { slaDuration } from './sla.ts';
import { createBoundedCache } from './bounded-cache.ts';

const patterns = createBoundedCache<RE2JS>(500);
const maxText = 100_000;

/**
 * Context entries that take the place of FEEL's built-ins of the same name: pattern functions run on RE2 (linear time, no
 * back-tracking) and the clock is the command's.
 */
export function feelFunctions(scope: ExpressionScope): Record<string, unknown> {
  const { environment } = scope;
  return {
    now: new FeelFunction(() => dateAndTime(new Date(environment.now()).toISOString()), []),
    today: new FeelFunction(() => parseDate(today(environment.now(), environment.timeZone)), []),
    sla: new FeelFunction(
      (first: unknown, second?: unknown) =>
        slaDuration(scope, (second === undefined || second === null ? [first] : [first, second]).map(String)),
      ['slaClass', 'step'],
    ),
    ...patternFunctions,
  };
}

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

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxText;
const flagsOf = (flags: unknown) => (typeof flags === 'string' ? flags : '');

const patternFunctions = {
  matches: new FeelFunction(
    (input: unknown, pattern: unknown, flags?: unknown) =>
      isText(input) && isText(pattern) ? compilePattern(pattern, flagsOf(flags)).matcher(input).find() : null,
    ['input', 'pattern', 'flags'],
  ),
  replace: new FeelFunction(
    (input: unknown, pattern: unknown, replacement: unknown, flags?: unknown) =>
      isText(input) && isText(pattern) && isText(replacement)
        ? compilePattern(pattern, flagsOf(flags)).matcher(input).replaceAll(replacement, true)
        : null,
    ['input', 'pattern', 'replacement', 'flags'],
  ),
  split: new FeelFunction(
    (text: unknown, delimiter: unknown) => (isText(text) && isText(delimiter) ? compilePattern(delimiter).split(text, -1) : null),
    ['string', 'delimiter'],
  ),
};
