import { FeelRange } from 'feelin';
import type { FeelDate } from 'feelin';
import type { RE2JS } from 're2js';
import { Failure } from '#engine/core/failure.ts';
import { spend } from './function.ts';
import type { BuiltIn, FeelRun } from './function.ts';
import { compilePattern } from './pattern.ts';
import { isoText } from './temporal.ts';
import { isContext, kindOf } from './values.ts';

const maxText = 100_000;
/** Characters times steps of the pattern: what RE2 may need at worst. */
const maxSearch = 5_000_000;
/** A replacement may be longer than what it replaces; the product of both bounds the result. */
const maxReplaced = 1_000_000;

const tooLong = (limit: number) =>
  new Failure('EXPRESSION_FAILED', `Expected texts of at most ${limit} characters for a pattern function, but got a longer one`);

/** The pattern, when it is one and searches the text in time. @throws Failure `EXPRESSION_FAILED` for a text that is too long for it */
function patternFor(text: string, source: string, flags: string, run: FeelRun): RE2JS | null {
  if (text.length > maxText) throw tooLong(maxText);
  const pattern = compilePattern(source, flags);
  if (!pattern) return null;
  const size = text.length * pattern.programSize();
  if (size > maxSearch) throw tooLong(Math.floor(maxSearch / pattern.programSize()));
  spend(run, size / 50);
  return pattern;
}

/** A value as FEEL writes it; texts inside lists and contexts in quotes. @see DMN 1.5, table 66 */
function feelText(value: unknown, run: FeelRun, isInside = false): string {
  spend(run, 1);
  if (typeof value === 'string') return isInside ? `"${value}"` : value;
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map((item) => feelText(item, run, true)).join(', ')}]`;
  if (isContext(value))
    return `{${Object.entries(value)
      .map(([name, entry]) => `${name}: ${feelText(entry, run, true)}`)
      .join(', ')}}`;
  if (value === null || value instanceof FeelRange) return String(value);
  return kindOf(value) === 'function' ? 'function' : typeof value === 'boolean' ? String(value) : isoText(value as FeelDate);
}

/** Without an exponent. */
function numberText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const sign = value < 0 ? '-' : '';
  const shift = Number(exponent);
  return shift < 0
    ? `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction}${'0'.repeat(shift - fraction.length)}`;
}

function substring(text: string, start: number, length?: number): string | null {
  const characters = Array.from(text);
  if (start === 0 || !Number.isInteger(start) || Math.abs(start) > characters.length) return null;
  if (length !== undefined && Math.trunc(length) < 1) return null;
  const from = start > 0 ? start - 1 : characters.length + start;
  return characters.slice(from, length === undefined ? undefined : from + Math.trunc(length)).join('');
}

function replace(input: string, pattern: string, replacement: string, flags: string | null | undefined, run: FeelRun): string | null {
  const compiled = patternFor(input, pattern, flags ?? '', run);
  if (input.length * Math.max(1, replacement.length) > maxReplaced) throw tooLong(maxReplaced);
  if (!compiled || compiled.matcher('').find()) return null;
  return compiled.matcher(input).replaceAll(replacement, true);
}

function split(text: string, delimiter: string, run: FeelRun): string[] | null {
  return patternFor(text, delimiter, '', run)?.split(text, -1) ?? null;
}

function join(list: unknown[], delimiter: string | null | undefined, run: FeelRun): string | null {
  if (!list.every((item) => item === null || typeof item === 'string')) return null;
  const texts = list.filter((item) => typeof item === 'string');
  spend(run, texts.reduce((size, text) => size + text.length, 0) >> 6);
  return texts.join(delimiter ?? '');
}

function toNumber(from: string, grouping?: string | null, point?: string | null): number | null {
  if (grouping !== undefined && grouping !== null && !['.', ',', ' '].includes(grouping)) return null;
  if (point !== undefined && point !== null && (!['.', ','].includes(point) || point === grouping)) return null;
  const ungrouped = grouping ? from.replaceAll(grouping, '') : from;
  const plain = point && point !== '.' ? ungrouped.replaceAll(point, '.') : ungrouped;
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain) ? Number(plain) : null;
}

export const textFunctions: readonly BuiltIn[] = [
  ['string', 'from', (value: unknown, run: FeelRun) => (value === null ? null : feelText(value, run))],
  ['number', 'from: string, grouping separator: string|null, decimal separator: string|null', toNumber],
  ['substring', 'string: string, start position: number, length?: number', substring],
  ['string length', 'string: string', (text: string) => Array.from(text).length],
  ['upper case', 'string: string', (text: string) => text.toUpperCase()],
  ['lower case', 'string: string', (text: string) => text.toLowerCase()],
  ['substring before', 'string: string, match: string', (text: string, match: string) => text.slice(0, Math.max(0, text.indexOf(match)))],
  [
    'substring after',
    'string: string, match: string',
    (text: string, match: string) => (text.includes(match) ? text.slice(text.indexOf(match) + match.length) : ''),
  ],
  ['contains', 'string: string, match: string', (text: string, match: string) => text.includes(match)],
  ['starts with', 'string: string, match: string', (text: string, match: string) => text.startsWith(match)],
  ['ends with', 'string: string, match: string', (text: string, match: string) => text.endsWith(match)],
  [
    'matches',
    'input: string, pattern: string, flags?: string|null',
    (input: string, pattern: string, flags: string | null | undefined, run: FeelRun) =>
      patternFor(input, pattern, flags ?? '', run)
        ?.matcher(input)
        .find() ?? null,
  ],
  ['replace', 'input: string, pattern: string, replacement: string, flags?: string|null', replace],
  ['split', 'string: string, delimiter: string', split],
  ['string join', 'list: list, delimiter?: string|null', join],
];
