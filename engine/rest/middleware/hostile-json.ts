import { invalidInput, type RequestError } from '#engine/errors.ts';

/**
 * What a JSON body may be made of: levels of nesting, properties of one object, values in all. Measured: 1 MiB of brackets keeps
 * the parser busy for 0.3 s, 70,000 properties of one object for 0.1 s.
 */
export const jsonLimits = { depth: 64, properties: 5_000, values: 200_000 } as const;

/** Shorter text is parsed before it could disturb anybody. */
const SHORT = 8 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** One linear pass over the bytes before they are parsed; `at` as below. @throws RequestError 400 `BODY_TOO_DEEP`, `BODY_TOO_WIDE` */
export function refuseBeforeParsing(bytes: Uint8Array, at = ''): void {
  if (bytes.length <= SHORT) return;
  const open: { commas: number; isObject: boolean }[] = [];
  let values = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) i = endOfText(bytes, i);
    else if (byte === COMMA) {
      const inner = open.at(-1);
      if (inner?.isObject && ++inner.commas >= jsonLimits.properties) throw tooWide(at);
      if (++values > jsonLimits.values) throw tooWide(at);
    } else if (byte === 0x7b || byte === 0x5b) {
      if (open.length > jsonLimits.depth) throw tooDeep(at);
      open.push({ commas: 0, isObject: byte === 0x7b });
    } else if (byte === 0x7d || byte === 0x5d) open.pop();
  }
}

/** Index of the quote that closes the text which begins at `from`. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

interface Problem {
  code: 'KEY_FORBIDDEN' | 'BODY_TOO_DEEP' | 'BODY_TOO_WIDE' | 'TEXT_INVALID' | 'NUMBER_OUT_OF_RANGE';
  /** JSON pointer. */
  path: string;
  key?: string;
}

/**
 * Refuses what parsed JSON can still hold against us: keys that could reach a prototype, nesting that recursive code could not
 * walk, too many properties, numbers that became infinite, text that no database keeps as it is.
 * @param at JSON pointer of the value, for the message
 * @param isExact refuses integers that lost digits, too: what is stored must be what was sent
 * @throws RequestError 400
 */
export function refuseHostileJson(value: unknown, at = '', isExact = false): void {
  const found = problemIn(value, 0, isExact);
  if (found) throw failure({ ...found, path: at + found.path });
}

function problemIn(value: unknown, depth: number, isExact: boolean): Problem | null {
  if (typeof value === 'string') return isStorable(value) ? null : { code: 'TEXT_INVALID', path: '' };
  if (typeof value === 'number')
    return Number.isFinite(value) && !(isExact && hasLostDigits(value)) ? null : { code: 'NUMBER_OUT_OF_RANGE', path: '' };
  if (value === null || typeof value !== 'object') return null;
  if (depth > jsonLimits.depth) return { code: 'BODY_TOO_DEEP', path: '' };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = problemIn(value[index], depth + 1, isExact);
      if (found) return within(found, index);
    }
    return null;
  }
  const keys = Object.keys(value);
  if (keys.length > jsonLimits.properties) return { code: 'BODY_TOO_WIDE', path: '' };
  for (const key of keys) {
    if (FORBIDDEN.has(key)) return { code: 'KEY_FORBIDDEN', path: '', key };
    if (!isStorable(key)) return { code: 'TEXT_INVALID', path: '' };
    const found = problemIn((value as Record<string, unknown>)[key], depth + 1, isExact);
    if (found) return within(found, key);
  }
  return null;
}

/** An integer that the parser has rounded already; from 1e21 on nobody writes digits. */
export const hasLostDigits = (value: number): boolean => Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;

/** A NUL character and half a surrogate pair cannot be kept in every database. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const LONGEST_PATH = 200;

function within(problem: Problem, step: string | number): Problem {
  const path = `/${String(step).slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}${problem.path}`;
  return { ...problem, path: path.slice(0, LONGEST_PATH) };
}

function failure({ code, path, key }: Problem): RequestError {
  const field = path || '/';
  switch (code) {
    case 'KEY_FORBIDDEN':
      return invalidInput(code, `Expected no key named ${key}, but ${field} has one`, { key, field });
    case 'BODY_TOO_DEEP':
      return tooDeep(path);
    case 'BODY_TOO_WIDE':
      return tooWide(path);
    case 'TEXT_INVALID':
      return invalidInput(code, `Expected text without NUL characters and half surrogate pairs, but ${field} has one`, { field });
    case 'NUMBER_OUT_OF_RANGE':
      return invalidInput(code, `Expected a number that a double can hold, but ${field} is larger or has more digits: send it as text`, {
        field,
      });
  }
}

function tooDeep(path: string): RequestError {
  const { depth: limit } = jsonLimits;
  return invalidInput('BODY_TOO_DEEP', `Expected at most ${limit} levels of nesting, but ${path || 'the body'} has more`, {
    limit,
    field: path || '/',
  });
}

function tooWide(path: string): RequestError {
  const { properties: limit } = jsonLimits;
  return invalidInput(
    'BODY_TOO_WIDE',
    `Expected at most ${limit} properties of an object and ${jsonLimits.values} values in all, but ${path || 'the body'} has more`,
    { limit, field: path || '/' },
  );
}
