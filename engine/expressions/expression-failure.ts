import { Failure, NotLoaded } from '#engine/core/failure.ts';

/** What an evaluation threw, as the core expects it: its own failures as they are, errors of libraries and values as `EXPRESSION_FAILED`. */
export function expressionFailure(source: string, cause: unknown): Failure | NotLoaded {
  if (cause instanceof NotLoaded) return cause;
  // Camunda 7's sentence.
  if (cause instanceof Failure && cause.code === 'UNKNOWN_VARIABLE')
    return new Failure(cause.code, `Unknown property used in expression: ${source.slice(0, 200)}. Cause: ${cause.message}`, null, { cause });
  if (cause instanceof Failure) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure(
    'EXPRESSION_FAILED',
    `Expected an expression that can be evaluated, but "${source.slice(0, 200)}" fails: ${reason}`,
    null,
    { cause },
  );
}
