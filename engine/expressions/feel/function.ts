import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from '../expression-scope.ts';
import type { FeelType } from './types.ts';
import { kindOf } from './values.ts';
import type { FeelKind } from './values.ts';

/** What bounds one evaluation: FEEL itself has endless recursion and ranges of any length. */
export const feelLimits = { characters: 4_000, nesting: 60, steps: 100_000, depth: 200, size: 1_000_000 } as const;

/** One evaluation of an expression and of all that it calls. */
export interface FeelRun {
  scope: ExpressionScope;
  /** Item definitions of the decision's file. */
  types?(name: string): FeelType | undefined;
  /** Loop turns, calls and list items left. */
  steps: number;
  depth: number;
}

/** @throws Failure `EXPRESSION_FAILED` when the evaluation takes more steps than it may */
export function spend(run: FeelRun, steps: number): void {
  run.steps -= steps;
  if (run.steps < 0)
    throw new Failure(
      'EXPRESSION_FAILED',
      `Expected an expression of at most ${feelLimits.steps} steps, but it takes more: shorten its lists, ranges or recursion`,
    );
}

export interface Parameter {
  name: string;
  /** Undefined: any value, also null. */
  kind?: FeelKind | FeelKind[];
  optional?: boolean;
  /** The last one takes the rest of the arguments; the only one also takes them as one list. */
  rest?: boolean;
  /** Of functions written in FEEL or DMN: what the argument becomes. @returns undefined when it does not fit */
  coerce?(value: unknown): unknown;
}

/** A FEEL function value. Built-ins may have several signatures. */
export interface FeelFunction {
  (values: unknown[], run: FeelRun): unknown;
  signatures: readonly (readonly Parameter[])[];
}

export function feelFunction(
  signatures: readonly (readonly Parameter[])[],
  body: (values: unknown[], run: FeelRun) => unknown,
): FeelFunction {
  return Object.assign((values: unknown[], run: FeelRun) => body(values, run), { signatures });
}

/** Calls with arguments by position or by name; null when no signature takes them. */
export function callFunction(target: FeelFunction, given: readonly unknown[] | ReadonlyMap<string, unknown>, run: FeelRun): unknown {
  spend(run, 2);
  for (const signature of target.signatures) {
    const values = Array.isArray(given) ? byPosition(signature, given) : byName(signature, given as ReadonlyMap<string, unknown>);
    const fitting = values && fit(signature, values);
    if (fitting) for (const value of fitting) spend(run, sizeOf(value));
    if (fitting) return guarded(target, fitting, run);
  }
  return null;
}

/** What it costs a function to look at a value. */
const sizeOf = (value: unknown) => (Array.isArray(value) ? value.length >> 5 : typeof value === 'string' ? value.length >> 8 : 0);

function guarded(target: FeelFunction, values: unknown[], run: FeelRun): unknown {
  if (run.depth >= feelLimits.depth)
    throw new Failure('EXPRESSION_FAILED', `Expected a recursion of at most ${feelLimits.depth} calls, but there are more`);
  run.depth++;
  try {
    return target(values, run) ?? null;
  } finally {
    run.depth--;
  }
}

function byPosition(signature: readonly Parameter[], given: readonly unknown[]): unknown[] | null {
  const last = signature.at(-1);
  if (last?.rest) {
    const fixed = signature.length - 1;
    if (given.length <= fixed) return null;
    const rest = given.slice(fixed);
    return [...given.slice(0, fixed), fixed === 0 && rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest];
  }
  const required = signature.filter((parameter) => !parameter.optional).length;
  return given.length < required || given.length > signature.length ? null : [...given];
}

function byName(signature: readonly Parameter[], given: ReadonlyMap<string, unknown>): unknown[] | null {
  const names = new Set(signature.map((parameter) => parameter.name));
  for (const name of given.keys()) if (!names.has(name)) return null;
  const needed = (parameter: Parameter) =>
    !parameter.optional && (parameter.kind !== undefined || parameter.coerce !== undefined || parameter.rest);
  if (signature.some((parameter) => needed(parameter) && !given.has(parameter.name))) return null;
  return signature.map((parameter) => {
    const value = given.has(parameter.name) ? given.get(parameter.name) : parameter.optional ? undefined : null;
    return parameter.rest && !Array.isArray(value) ? [value] : value;
  });
}

/** The values as the parameters want them: a list of one for its item and an item for a list of one. @see DMN 1.5, 10.3.2.9.4 */
function fit(signature: readonly Parameter[], values: unknown[]): unknown[] | null {
  const fitting: unknown[] = [];
  for (const [index, parameter] of signature.entries()) {
    if (index >= values.length || values[index] === undefined) {
      fitting.push(undefined);
      continue;
    }
    const value = parameter.coerce ? parameter.coerce(values[index]) : fitKind(parameter, values[index]);
    if (value === undefined) return null;
    fitting.push(value);
  }
  return fitting;
}

function fitKind({ kind, rest }: Parameter, value: unknown): unknown {
  if (kind === undefined || rest) return value;
  if (hasKind(kind, value)) return value;
  if (Array.isArray(value) && value.length === 1 && hasKind(kind, value[0])) return value[0];
  return kind === 'list' && value !== null ? [value] : undefined;
}

function hasKind(kind: FeelKind | FeelKind[], value: unknown): boolean {
  const actual = kindOf(value);
  return Array.isArray(kind) ? kind.includes(actual) : kind === actual;
}

/** Writes signatures short: `string: string, start position: number, length?: number`, `...list`. */
export function signature(text: string): Parameter[] {
  if (text === '') return [];
  return text.split(', ').map((part) => {
    const [head = '', kinds] = part.split(': ');
    const rest = head.startsWith('...');
    const optional = head.endsWith('?');
    const name = head.replace(/^\.\.\.|\?$/g, '');
    const kind = kinds?.split('|') as FeelKind[] | undefined;
    const only = kind?.length === 1 ? kind[0] : kind;
    return { name, ...(only && { kind: only }), ...(optional && { optional }), ...(rest && { rest }) };
  });
}

export type BuiltIn = readonly [name: string, signatures: string | readonly string[], body: (...values: never[]) => unknown];

/** A row of a table of built-ins; the body gets a value for each parameter of the longest signature, then the run. */
export function defineBuiltIn([, signatures, body]: BuiltIn): FeelFunction {
  const all = (typeof signatures === 'string' ? [signatures] : signatures).map(signature);
  const call = body as (...values: unknown[]) => unknown;
  const width = Math.max(...all.map((each) => each.length));
  return feelFunction(all, (values, run) => call(...Array.from({ length: width }, (_, index) => values[index]), run));
}
