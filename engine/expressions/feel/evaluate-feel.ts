import { dateAndTime } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import type { BoundedCache } from '../bounded-cache.ts';
import { expressionFailure } from '../expression-failure.ts';
import type { ExpressionScope } from '../expression-scope.ts';
import { checkTree } from './check-feel.ts';
import { compileFeel } from './compile-feel.ts';
import { feelLimits, spend } from './function.ts';
import type { FeelRun } from './function.ts';
import { isSpecial, parseFeel, specialNames } from './parse-feel.ts';
import type { FeelSort } from './parse-feel.ts';
import { normalName } from './scope.ts';
import type { FeelCode } from './scope.ts';
import type { FeelType } from './types.ts';
import { fromFeel } from './values.ts';
import { plainValue } from '../plain-value.ts';

/** What a decision knows of its file beyond the variables. */
export interface FeelFile {
  /** Names with spaces or signs that its expressions may use. */
  names: readonly string[];
  /** Item definitions. */
  types(name: string): FeelType | undefined;
}

/** The evaluations of one expression or of one decision with all that it requires: together they have the bounds of `feelLimits`. */
export interface FeelSession {
  run: FeelRun;
  /** A variable as a FEEL value; undefined when there is none. */
  variable(name: string): unknown;
  /**
   * A FEEL value: dates and functions as they are.
   * @param read values that hide variables of the same name
   * @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED`
   */
  evaluate(source: string, sort: FeelSort, read?: (name: string) => unknown): unknown;
}

type Program = { code: FeelCode } | { refused: string };
const programs: Readonly<Record<FeelSort, BoundedCache<Program>>> = {
  expression: createBoundedCache(5_000),
  unaryTests: createBoundedCache(5_000),
};

/** Evaluates a FEEL expression to plain JSON. @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED` */
export const evaluateFeel = (source: string, scope: ExpressionScope): unknown => fromFeel(startFeel(scope).evaluate(source, 'expression'));

/**
 * Whether a value passes unary tests such as `> 3`, `"a","b"`, `[1..5]`; `?` is the value.
 * @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED`
 */
export const testFeel = (source: string, value: unknown, scope: ExpressionScope): boolean =>
  startFeel(scope).evaluate(source, 'unaryTests', (name) => (name === '?' ? (value ?? null) : undefined)) === true;

export function startFeel(scope: ExpressionScope, file?: FeelFile): FeelSession {
  const run: FeelRun = { scope, steps: feelLimits.steps, depth: 0, ...(file && { types: file.types }) };
  const special = [...scope.context.variableNames(), ...(file?.names ?? [])].filter(isSpecial);
  const variable = reader(scope);
  return {
    run,
    variable,
    evaluate(source, sort, read) {
      // Tables of many cells are called in loops, too.
      spend(run, 1 / 4);
      const program = programOf(source, sort, specialNames(source, special));
      if ('refused' in program) throw new Failure('EXPRESSION_FAILED', program.refused);
      try {
        return program.code({ run, read: read ? (name) => firstOf(read(name), variable, name) : variable }) ?? null;
      } catch (cause) {
        throw expressionFailure(source, cause);
      }
    },
  };
}

const firstOf = (value: unknown, otherwise: (name: string) => unknown, name: string) => (value === undefined ? otherwise(name) : value);

function programOf(source: string, sort: FeelSort, special: string[]): Program {
  const key = special.length === 0 ? source : `${special.join('\n')}\n\n${source}`;
  return programs[sort].get(key, () => compile(source, sort, special));
}

function compile(source: string, sort: FeelSort, special: string[]): Program {
  if (source.length > feelLimits.characters) return { refused: `Expected at most ${feelLimits.characters} characters` };
  const tree = parseFeel(source, sort, special).topNode;
  const problem = checkTree(tree, source);
  return problem ? { refused: problem.messages.en } : { code: compileFeel(tree, source, sort) };
}

/** Variables are read when they are used, and once. */
function reader({ context }: ExpressionScope): (name: string) => unknown {
  const known = new Map<string, unknown>();
  return (name) => {
    if (known.has(name)) return known.get(name);
    const variable =
      context.variable(name) ??
      (name.includes(' ') ? context.variable(context.variableNames().find((each) => normalName(each) === name) ?? name) : undefined);
    const value = variable && toFeel(plainValue(variable, name));
    known.set(name, value);
    return value;
  };
}

function toFeel(value: unknown): unknown {
  if (value instanceof Date) return dateAndTime(value.toISOString());
  return value ?? null;
}
