import { Failure } from '#engine/core/failure.ts';
import type { Expression } from '#engine/core/model.ts';
import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { checkFeel } from './feel/check-feel.ts';
import { compileJuel } from './juel.ts';
import { JuelSyntaxError } from './juel-tokens.ts';
import { scriptSyntaxError } from './script.ts';

const maxLength = 10_000;

/** Checks syntax and bounds of an expression when it is deployed; `{element}` in the messages is for the caller to fill in. */
export function checkExpression(expression: Expression): Problem | null {
  if (expression.language === 'literal') return null;
  const { language, source } = expression;
  if (language !== 'javascript' && source.length > maxLength) return problem(null, 'EXPRESSION_TOO_LONG', { limit: maxLength });
  switch (language) {
    case 'juel':
      return checkJuel(source);
    case 'feel':
      return checkFeel(source, 'expression');
    case 'javascript':
      return checkJavaScript(source);
  }
}

function checkJuel(source: string): Problem | null {
  try {
    compileJuel(source);
    return null;
  } catch (error) {
    if (!(error instanceof JuelSyntaxError || error instanceof Failure)) throw error;
    return problem(null, 'EXPRESSION_INVALID', { source, message: error.message });
  }
}

function checkJavaScript(source: string): Problem | null {
  const message = scriptSyntaxError(source);
  return message === null ? null : problem(null, 'EXPRESSION_INVALID', { source, message });
}
