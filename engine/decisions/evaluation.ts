import type { Expression } from '#engine/core/model.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed } from '#engine/core/values.ts';
import type { Expressions } from '#engine/expressions/create-expressions.ts';
import type { FeelSession } from '#engine/expressions/feel/evaluate-feel.ts';
import { spend } from '#engine/expressions/feel/function.ts';
import { entryOf } from '#engine/expressions/feel/scope.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';

/** The part of the expressions that decisions use. */
export type Calculator = Pick<Expressions, 'evaluate' | 'startFeel'>;

/** One evaluation of a decision with all that it requires. */
export interface Evaluation {
  context: EvaluationContext;
  calculator: Calculator;
  feel: FeelSession;
}

/** What names mean at one place of a decision; process variables are visible behind them. */
export interface DecisionScope {
  evaluation: Evaluation;
  /** FEEL values; undefined when nothing has the name. */
  read(name: string): unknown;
  names(): string[];
}

export const emptyScope = (evaluation: Evaluation): DecisionScope => ({ evaluation, read: () => undefined, names: () => [] });

/** The same scope with further values in front, by their names as FEEL writes them. */
export function withValues(scope: DecisionScope, values: Readonly<Record<string, unknown>>): DecisionScope {
  return {
    evaluation: scope.evaluation,
    read: (name) => {
      const value = entryOf(values, name);
      return value === undefined ? scope.read(name) : value;
    },
    names: () => [...Object.keys(values), ...scope.names()],
  };
}

/** @throws Failure as the language does */
export function evaluateIn(scope: DecisionScope, expression: Expression): unknown {
  const { calculator, feel } = scope.evaluation;
  if (expression.language === 'feel') return feel.evaluate(expression.source, 'expression', scope.read);
  // A script may take its own 100 ms: few of them fit into one decision.
  spend(feel.run, expression.language === 'javascript' ? 500 : 1);
  return calculator.evaluate(expression, plainContext(scope));
}

/** Whether a value passes unary tests; null when they cannot say. */
export function testIn(scope: DecisionScope, source: string, value: unknown): unknown {
  return scope.evaluation.feel.evaluate(source, 'unaryTests', (name) => (name === '?' ? value : scope.read(name)));
}

/** The scope for `${…}` and scripts, which calculate with plain values. */
function plainContext(scope: DecisionScope): EvaluationContext {
  const { context } = scope.evaluation;
  const read = (name: string) => {
    const value = scope.read(name);
    return value === undefined ? context.variable(name) : typed(fromFeel(value));
  };
  return { ...context, variable: read, variableNames: () => [...new Set([...scope.names(), ...context.variableNames()])] };
}
