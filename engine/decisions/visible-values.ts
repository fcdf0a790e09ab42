import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed } from '#engine/core/values.ts';

/** The same context with further variables in front. */
export function withValues(context: EvaluationContext, values: ReadonlyMap<string, unknown>): EvaluationContext {
  return {
    ...context,
    variable: (name) => (values.has(name) ? typed(values.get(name)) : context.variable(name)),
    variableNames: () => [...new Set([...values.keys(), ...context.variableNames()])],
  };
}
