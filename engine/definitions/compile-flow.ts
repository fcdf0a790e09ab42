import type { Expression, SequenceFlow } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { formalExpression } from './expression-source.ts';
import { takeListeners } from './listeners.ts';
import { one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** A sequence flow; `index` is set when all flows are known. Null when it hangs in the air. */
export function compileFlow(flow: ModdleElement, compilation: Compilation): SequenceFlow | null {
  const id = flow.id ?? '';
  const source = indexOf(flow, 'sourceRef', compilation);
  const target = indexOf(flow, 'targetRef', compilation);
  if (source === undefined || target === undefined) {
    compilation.report(id, 'FLOW_DANGLING');
    return null;
  }
  if (one(flow, 'sourceRef')?.$parent !== one(flow, 'targetRef')?.$parent) compilation.report(id, 'FLOW_CROSSES_SCOPE');
  const name = text(flow, 'name');
  const condition = compileCondition(flow, 'conditionExpression', id, compilation);
  return { index: -1, id, ...(name !== undefined && { name }), source, target, ...(condition && { condition }), ...takeListeners(flow, compilation) };
}

/** A condition in the named child of `holder`. */
export function compileCondition(holder: ModdleElement, child: string, id: string, compilation: Compilation): Expression | undefined {
  const expression = one(holder, child);
  if (!expression) return undefined;
  const condition = formalExpression(expression, id, compilation);
  if (condition?.language !== 'literal') return condition;
  // Camunda takes a condition without ${…} as a constant; nobody means that, so it must say true or false.
  if (condition.value === 'true' || condition.value === 'false') return condition;
  compilation.report(id, 'EXPRESSION_INVALID', { source: condition.value, message: '${…} / =…' });
  return undefined;
}

function indexOf(flow: ModdleElement, end: 'sourceRef' | 'targetRef', compilation: Compilation): number | undefined {
  const node = one(flow, end);
  return node && compilation.indexOf.get(node);
}
