import { Failure } from '#engine/core/failure.ts';
import { dateMethods } from './juel-dates.ts';
import { describe, toNumber, toText } from './juel-operators.ts';

export type Method = (base: never, ...args: unknown[]) => unknown;

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/** A property of an object, or an element of a list: own ones only; absent = null, and null of null is null, as in JUEL. */
export function readProperty(base: unknown, key: unknown): unknown {
  if (base === null || base === undefined) return null;
  if (Array.isArray(base)) return base[toNumber(key)] ?? null;
  const name = toText(key);
  if (forbidden.has(name)) throw new Failure('EXPRESSION_FAILED', `Expected the name of a property, but found "${name}"`);
  if (typeof base !== 'object' || base instanceof Date)
    throw new Failure('EXPRESSION_FAILED', `Expected an object with "${name}", but found ${describe(base)}`);
  return Object.hasOwn(base, name) ? ((base as Record<string, unknown>)[name] ?? null) : null;
}

/** Calls a method of the whitelist below. @throws Failure `EXPRESSION_FAILED` for every other name */
export function callMethod(base: unknown, name: string, args: unknown[]): unknown {
  const method = methodsOf(base);
  if (!method || !Object.hasOwn(method, name))
    throw new Failure('EXPRESSION_FAILED', `Expected a method of ${describe(base)}, but "${name}" is not one`);
  return (method[name] as Method)(base as never, ...args);
}

function methodsOf(base: unknown): Readonly<Record<string, Method>> | null {
  if (typeof base === 'string') return textMethods;
  if (Array.isArray(base)) return listMethods;
  if (base instanceof Date) return dateMethods;
  if (typeof base === 'object' && base !== null) return objectMethods;
  return base === null || base === undefined ? null : plainMethods;
}

/** The methods of `java.lang.String` that models use; none takes a pattern. */
const textMethods = {
  length: (text: string) => text.length,
  isEmpty: (text: string) => text === '',
  contains: (text: string, part) => text.includes(toText(part)),
  startsWith: (text: string, part) => text.startsWith(toText(part)),
  endsWith: (text: string, part) => text.endsWith(toText(part)),
  indexOf: (text: string, part) => text.indexOf(toText(part)),
  equals: (text: string, other) => text === other,
  equalsIgnoreCase: (text: string, other) => text.toLowerCase() === toText(other).toLowerCase(),
  toUpperCase: (text: string) => text.toUpperCase(),
  toLowerCase: (text: string) => text.toLowerCase(),
  trim: (text: string) => text.trim(),
  substring: (text: string, from, to) => text.substring(toNumber(from), to === undefined ? text.length : toNumber(to)),
  replace: (text: string, part, by) => text.replaceAll(toText(part), () => toText(by)),
  concat: (text: string, other) => text + toText(other),
  toString: (text: string) => text,
  stringValue: (text: string) => text,
} satisfies Record<string, (base: string, ...args: unknown[]) => unknown>;

/** The methods of `java.util.List`, and those of a decision result, which is a list of rows. */
const listMethods = {
  size: (list: unknown[]) => list.length,
  isEmpty: (list: unknown[]) => list.length === 0,
  contains: (list: unknown[], item) => list.includes(item),
  indexOf: (list: unknown[], item) => list.indexOf(item),
  get: (list: unknown[], index) => list[toNumber(index)] ?? null,
  elements: (list: unknown[]) => list,
  getFirstResult: (list: unknown[]) => list[0] ?? null,
  getSingleResult: (list: unknown[]) => single(list),
  getResultList: (list: unknown[]) => list,
  getSingleEntry: (list: unknown[]) => entryOf(single(list)),
  collectEntries: (list: unknown[], name) => list.map((row) => readProperty(row, name)),
  toString: (list: unknown[]) => JSON.stringify(list),
} satisfies Record<string, (base: unknown[], ...args: unknown[]) => unknown>;

/** @throws Failure when there are several, as Camunda's `DmnDecisionResult` does */
function single(values: unknown[]): unknown {
  if (values.length > 1) throw new Failure('EXPRESSION_FAILED', `Expected one result, but there are ${values.length}`);
  return values[0] ?? null;
}

const entryOf = (row: unknown) => (row === null || typeof row !== 'object' ? null : single(Object.values(row)));

/** The methods of `java.util.Map`, and those of Camunda's JSON nodes (Spin) that only read. */
const objectMethods = {
  get: readProperty,
  getEntry: readProperty,
  getSingleEntry: entryOf,
  prop: readProperty,
  containsKey: hasKey,
  hasProp: hasKey,
  size: (object: object) => Object.keys(object).length,
  isEmpty: (object: object) => Object.keys(object).length === 0,
  keySet: (object: object) => Object.keys(object),
  values: (object: object) => Object.values(object),
  toString: (object: object) => JSON.stringify(object),
} satisfies Record<string, (base: object, ...args: unknown[]) => unknown>;

/** Numbers and booleans: what Spin calls on a leaf. */
const plainMethods = {
  toString: (value: unknown) => toText(value),
  equals: (value: unknown, other) => value === other,
  intValue: (value: unknown) => Math.trunc(toNumber(value)),
  doubleValue: (value: unknown) => toNumber(value),
  numberValue: (value: unknown) => value,
  boolValue: (value: unknown) => value,
} satisfies Record<string, (base: unknown, ...args: unknown[]) => unknown>;

function hasKey(object: object, key?: unknown): boolean {
  return Object.hasOwn(object, toText(key));
}
