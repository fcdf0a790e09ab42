import type { Expression, ProcessModel } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { placeProblem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Has every expression of the model checked, wherever it sits, and names the element or flow in the problem. */
export function checkExpressions(model: ProcessModel, check: (expression: Expression) => Problem | null, compilation: Compilation): void {
  for (const owner of [...model.elements, ...model.flows]) {
    for (const expression of expressionsIn(owner)) {
      const found = check(expression);
      if (found) compilation.problems.push(placeProblem(found, owner.id));
    }
  }
}

// Elements of the model are plain trees, so a walk over their values finds every expression, also in kinds added later.
function* expressionsIn(value: unknown): Generator<Expression> {
  if (typeof value !== 'object' || value === null) return;
  if (isExpression(value)) yield value;
  else for (const part of Object.values(value)) yield* expressionsIn(part);
}

function isExpression(value: object): value is Expression {
  return 'language' in value && ('source' in value || 'value' in value);
}
