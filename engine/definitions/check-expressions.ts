import type { Expression, ProcessModel } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import type { Problem } from './problem.ts';

/** Has every expression of the model checked, wherever it sits, and names the element or flow in the problem. */
export function checkExpressions(model: ProcessModel, check: (expression: Expression) => Problem | null, compilation: Compilation): void {
  for (const owner of [...model.elements, ...model.flows]) {
    for (const expression of expressionsIn(owner)) {
      const found = check(expression);
      if (found) compilation.problems.push(placed(found, owner.id));
    }
  }
}

function placed(found: Problem, elementId: string): Problem {
  const name = (message: string) => message.replaceAll('{element}', elementId);
  return { ...found, elementId, messages: { 'zh-CN': name(found.messages['zh-CN']), en: name(found.messages.en) } };
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
