import { throwError } from '../behaviors/errors.ts';
import { contextOf, evaluateText } from '../behaviors/evaluation.ts';
import type { ErrorDefinition } from '../model.ts';
import type { Token } from '../run.ts';

/** An error end event: code and message may be expressions. */
export function throwErrorEvent(token: Token, event: ErrorDefinition): void {
  const context = contextOf(token);
  const code = evaluateText(token.run, event.code, context) ?? '';
  throwError(token, { code, message: evaluateText(token.run, event.message, context), variables: {} });
}
