import { createBoundedCache } from '#engine/expressions/bounded-cache.ts';

type Primitive = string | number | boolean;
/** Undefined when the test does not decide for a value of this kind, and FEEL has to. */
type SimpleTest = (value: unknown) => boolean | undefined;

const tests = createBoundedCache<SimpleTest | 'feel'>(5_000);

/**
 * Decides the usual cells (`"a","b"`, `> 3`, `[1..5]`, `true`, `not("a")`) without FEEL, which parses the text at every call.
 * @returns undefined when the cell is something else
 */
export function simpleTest(source: string, value: unknown): boolean | undefined {
  const test = tests.get(source, () => parse(source.trim()) ?? 'feel');
  return test === 'feel' ? undefined : test(value);
}

const literal = String.raw`(?:"[^"\\]*"|-?\d+(?:\.\d+)?|true|false)`;
const listPattern = new RegExp(`^${literal}(?:\\s*,\\s*${literal})*$`);
const comparisonPattern = /^(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)$/;
const intervalPattern = /^([[\](])\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*([\])[])$/;

function parse(source: string): SimpleTest | null {
  const negated = /^not\s*\((.*)\)$/s.exec(source);
  if (negated) {
    const inner = parse((negated[1] as string).trim());
    return inner && ((value) => invert(inner(value)));
  }
  return parseList(source) ?? parseComparison(source) ?? parseInterval(source);
}

const invert = (result: boolean | undefined) => (result === undefined ? undefined : !result);

function parseList(source: string): SimpleTest | null {
  if (!listPattern.test(source)) return null;
  const values = new Set((source.match(new RegExp(literal, 'g')) ?? []).map((text): Primitive => JSON.parse(text)));
  const kinds = new Set([...values].map((value) => typeof value));
  return (value) => (kinds.size === 1 && kinds.has(typeof value as 'string') ? values.has(value as Primitive) : undefined);
}

function parseComparison(source: string): SimpleTest | null {
  const match = comparisonPattern.exec(source);
  if (!match) return null;
  const bound = Number(match[2]);
  const compare: Record<string, (value: number) => boolean> = {
    '<': (value) => value < bound,
    '<=': (value) => value <= bound,
    '>': (value) => value > bound,
    '>=': (value) => value >= bound,
  };
  return onNumbers(compare[match[1] as string] as (value: number) => boolean);
}

function parseInterval(source: string): SimpleTest | null {
  const match = intervalPattern.exec(source);
  if (!match) return null;
  const [low, high] = [Number(match[2]), Number(match[3])];
  const [closedLow, closedHigh] = [match[1] === '[', match[4] === ']'];
  return onNumbers((value) => (closedLow ? value >= low : value > low) && (closedHigh ? value <= high : value < high));
}

/** Text is not compared with numbers, whatever it spells; lists are left to FEEL. */
const onNumbers =
  (test: (value: number) => boolean): SimpleTest =>
  (value) =>
    typeof value === 'number' ? test(value) : typeof value === 'object' && value !== null ? undefined : false;
