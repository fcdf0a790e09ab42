import { dateAndTime } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import { expressionFailure } from '../expression-failure.ts';
import type { ExpressionScope } from '../expression-scope.ts';
import { checkTree } from './check-feel.ts';
import { compileNode, compileUnaryTests } from './compile-feel.ts';
import { feelLimits } from './function.ts';
import type { FeelRun } from './function.ts';
import { parseFeel, specialNames } from './parse-feel.ts';
import type { FeelSort } from './parse-feel.ts';
import { normalName } from './scope.ts';
import type { FeelCode } from './scope.ts';
import type { FeelType } from './types.ts';
import { fromFeel } from './values.ts';
import { plainValue } from '../plain-value.ts';

/** What a decision adds to the variables of the process. */
export interface FeelLocals {
  /** FEEL values by name; they hide variables of the same name. */
  read(name: string): unknown;
  /** Names with spaces or signs that its expressions may use. */
  names: readonly string[];
  types?(name: string): FeelType | undefined;
}

const programs = createBoundedCache<{ code: FeelCode } | { refused: string }>(5_000);

/** Evaluates a FEEL expression to plain JSON. @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED` */
export const evaluateFeel = (source: string, scope: ExpressionScope): unknown => fromFeel(feelValue(source, 'expression', scope));

/**
 * Whether a value passes unary tests such as `> 3`, `"a","b"`, `[1..5]`; `?` is the value.
 * @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED`
 */
export const testFeel = (source: string, value: unknown, scope: ExpressionScope, locals?: FeelLocals): boolean =>
  feelValue(source, 'unaryTests', scope, withInput(value, locals)) === true;

const withInput = (value: unknown, locals?: FeelLocals): FeelLocals => ({
  ...locals,
  names: locals?.names ?? [],
  read: (name) => (name === '?' ? (value ?? null) : locals?.read(name)),
});

/** A FEEL value: dates and functions as they are. @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED` */
export function feelValue(source: string, sort: FeelSort, scope: ExpressionScope, locals?: FeelLocals): unknown {
  const program = programOf(source, sort, specialNames(source, [...scope.context.variableNames(), ...(locals?.names ?? [])]));
  if ('refused' in program) throw new Failure('EXPRESSION_FAILED', program.refused);
  try {
    return program.code({ run: startRun(scope, locals), read: reader(scope, locals) }) ?? null;
  } catch (cause) {
    throw expressionFailure(source, cause);
  }
}

export const startRun = (scope: ExpressionScope, locals?: FeelLocals): FeelRun => ({
  scope,
  steps: feelLimits.steps,
  depth: 0,
  ...(locals?.types && { types: locals.types }),
});

function programOf(source: string, sort: FeelSort, special: string[]) {
  return programs.get(`${sort} ${special.join('\n')}\n${source}`, () => {
    const refused = source.length > feelLimits.characters ? `Expected at most ${feelLimits.characters} characters` : null;
    if (refused !== null) return { refused };
    const tree = parseFeel(source, sort, special);
    const problem = checkTree(tree.topNode, source);
    if (problem) return { refused: problem.messages.en };
    const compile = sort === 'expression' ? compileNode : compileUnaryTests;
    return { code: compile(tree.topNode, { source, inFilter: false }) };
  });
}

/** Variables are read when they are used, and once. */
function reader({ context }: ExpressionScope, locals?: FeelLocals): (name: string) => unknown {
  const known = new Map<string, unknown>();
  return (name) => {
    const local = locals?.read(name);
    if (local !== undefined) return local;
    if (known.has(name)) return known.get(name);
    const variable = context.variable(name) ?? (name.includes(' ') ? context.variable(context.variableNames().find((each) => normalName(each) === name) ?? name) : undefined);
    const value = variable && toFeel(plainValue(variable, name));
    known.set(name, value);
    return value;
  };
}

function toFeel(value: unknown): unknown {
  if (value instanceof Date) return dateAndTime(value.toISOString());
  return value ?? null;
}
