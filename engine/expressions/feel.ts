import { evaluate, parseExpression, parseUnaryTests, unaryTest } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { expressionFailure } from './expression-failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { checkFeel } from './feel-check.ts';
import { feelFunctions } from './feel-functions.ts';
import { fromFeel } from './feel-values.ts';
import { plainValue, unknownVariable } from './plain-value.ts';

type Warnings = ReturnType<typeof evaluate>['warnings'];

/** What is known of an expression before it runs: whether it may, and where a missing name is no mistake. */
interface FeelFacts {
  refused: string | null;
  /** Inside `[…]` a name may be a property of the item, which some items lack. */
  filters: { from: number; to: number }[];
}
const facts = createBoundedCache<FeelFacts>(2_000);

/** Evaluates a FEEL expression to plain JSON. @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED` */
export function evaluateFeel(source: string, scope: ExpressionScope): unknown {
  const context = feelContext(source, scope);
  return run(source, 'expression', context, () => evaluate(source, context));
}

/**
 * Whether a value passes unary tests such as `> 3`, `"a","b"`, `[1..5]`; `?` is the value.
 * @throws Failure `UNKNOWN_VARIABLE`, `EXPRESSION_FAILED`
 */
export function testFeel(source: string, value: unknown, scope: ExpressionScope): boolean {
  const context = { ...feelContext(source, scope), '?': value ?? null };
  return run(source, 'unaryTests', context, () => unaryTest(source, context)) === true;
}

function run(
  source: string,
  kind: 'expression' | 'unaryTests',
  context: Record<string, unknown>,
  calculate: () => { value: unknown; warnings: Warnings },
): unknown {
  const { refused, filters } = factsOf(source, kind, context);
  if (refused !== null) throw new Failure('EXPRESSION_FAILED', refused);
  const { value, warnings } = attempt(source, calculate);
  for (const warning of warnings) {
    const { from } = warning.position;
    if (warning.type === 'NO_VARIABLE_FOUND' && !filters.some((filter) => from >= filter.from && from < filter.to)) {
      throw unknownVariable(source.slice(from, warning.position.to));
    }
    if (warning.type === 'NO_FUNCTION_FOUND')
      throw new Failure('EXPRESSION_FAILED', `Expected a FEEL function in "${source}", but it is not known`);
  }
  return fromFeel(value);
}

function attempt<T>(source: string, calculate: () => T): T {
  try {
    return calculate();
  } catch (cause) {
    throw expressionFailure(source, cause);
  }
}

function factsOf(source: string, kind: 'expression' | 'unaryTests', context: Record<string, unknown>): FeelFacts {
  const names = Object.keys(context);
  // Names with spaces change how FEEL reads a text, so they belong to the key.
  return facts.get(JSON.stringify([kind, source, names.filter((name) => /\W/.test(name))]), () => {
    const refused = checkFeel(source, kind, names);
    const tree = kind === 'expression' ? parseExpression(source, context, undefined) : parseUnaryTests(source, context, undefined);
    const filters: FeelFacts['filters'] = [];
    tree.iterate({
      enter({ node }) {
        const bracket = node.name === 'FilterExpression' ? node.getChild('[') : null;
        if (bracket) filters.push({ from: bracket.from, to: node.to });
      },
    });
    return { refused: refused?.messages.en ?? null, filters };
  });
}

/** Only the variables that the text can mean: scanning names is cheaper than converting all values. */
function feelContext(source: string, scope: ExpressionScope): Record<string, unknown> {
  const context: Record<string, unknown> = feelFunctions(source, scope);
  for (const name of scope.context.variableNames()) {
    if (!source.includes(name)) continue;
    const variable = scope.context.variable(name);
    if (variable) context[name] = plainValue(variable, name);
  }
  return context;
}
