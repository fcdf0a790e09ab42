import type { Expression } from '#engine/core/model.ts';
import type { EvaluationContext, Ports } from '#engine/core/ports.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { checkExpression } from './check-expression.ts';
import type { ExpressionEnvironment, ExpressionScope } from './expression-scope.ts';
import { evaluateFeel, startFeel, testFeel } from './feel/evaluate-feel.ts';
import type { FeelFile, FeelSession } from './feel/evaluate-feel.ts';
import { compileJuel } from './juel.ts';
import type { Evaluator } from './juel.ts';
import { expressionFailure } from './expression-failure.ts';
import { resultValue } from './plain-value.ts';
import { runScript } from './script.ts';
import { dueDate, nextCycle, timerDue } from './timer.ts';

export interface Expressions extends Pick<Ports, 'evaluate' | 'timer' | 'nextCycle' | 'dueDate'> {
  /** Whether a value passes FEEL unary tests such as `> 3` or `"a","b"`; for decision tables. */
  test(source: string, value: unknown, context: EvaluationContext): boolean;
  /** FEEL for a decision: values stay FEEL values from one expression to the next. */
  startFeel(context: EvaluationContext, file: FeelFile): FeelSession;
  /** What is wrong with an expression's text; null when it is fine. */
  checkExpression(expression: Expression): Problem | null;
}

/** The core's expression and timer ports. Cheap: compiled expressions are kept per process, so one may be made for each command. */
export function createExpressions(environment: ExpressionEnvironment): Expressions {
  const evaluate = (expression: Expression, context: EvaluationContext) => evaluateExpression(expression, { context, environment });
  return {
    evaluate,
    timer: (definition, context, now) => timerDue(definition.kind, evaluate(definition.expression, context), now, environment.timeZone),
    nextCycle: (cycle, previousDueAt, now) => nextCycle(cycle, previousDueAt, now, environment.timeZone),
    dueDate: (value, now) => dueDate(value, now, environment.timeZone),
    test: (source, value, context) => testFeel(source, value, { context, environment }),
    startFeel: (context, file) => startFeel({ context, environment }, file),
    checkExpression,
  };
}

/** Results are JSON values; dates leave as ISO text. @throws Failure with the code of the cause */
function evaluateExpression(expression: Expression, scope: ExpressionScope): unknown {
  switch (expression.language) {
    case 'literal':
      return expression.value;
    case 'juel':
      return evaluateJuel(expression, scope);
    case 'feel':
      return evaluateFeel(expression.source, scope);
    case 'javascript':
      return runScript(expression.source, scope);
  }
}

/** By the model's own object: none of its expressions is parsed twice while the model is loaded, however many there are. */
const evaluators = new WeakMap<Expression, Evaluator>();

function evaluateJuel(expression: Expression & { language: 'juel' }, scope: ExpressionScope): unknown {
  try {
    let evaluator = evaluators.get(expression);
    if (!evaluator) evaluators.set(expression, (evaluator = compileJuel(expression.source)));
    return resultValue(evaluator(scope));
  } catch (cause) {
    throw expressionFailure(expression.source, cause);
  }
}
