import { Failure, NotLoaded } from '#engine/core/failure.ts';

/** What an evaluation threw, as the core expects it: its own failures as they are, errors of libraries and values as `EXPRESSION_FAILED`. */
export function expressionFailure(source: string, cause: unknown): Failure | NotLoaded {
  if (cause instanceof Failure || cause instanceof NotLoaded) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure(
    'EXPRESSION_FAILED',
    `Expected an expression that can be evaluated, but "${source.slice(0, 200)}" fails: ${reason}`,
    null,
    { cause },
  );
}
