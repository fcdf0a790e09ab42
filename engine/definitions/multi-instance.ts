import type { Expression, MultiInstance } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { attribute, formalExpression } from './expression-source.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Multi-instance with a cardinality, or a collection by Camunda's attributes or BPMN's `loopDataInputRef`/`inputDataItem`. */
export function compileMultiInstance(node: ModdleElement, compilation: Compilation): MultiInstance | undefined {
  const loop = one(node, 'loopCharacteristics');
  if (loop?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return undefined;
  const id = node.id as string;
  const formal = (name: string) => {
    const expression = one(loop, name);
    return expression && formalExpression(expression, id, compilation);
  };
  const cardinality = formal('loopCardinality');
  const dataInput = one(loop, 'loopDataInputRef')?.id;
  const collection =
    attribute(loop, 'camunda:collection') ?? (dataInput === undefined ? undefined : ({ language: 'literal', value: dataInput } as const));
  const item = one(loop, 'inputDataItem');
  const elementVariable = text(loop, 'camunda:elementVariable') ?? (item && text(item, 'name'));
  const completionCondition = formal('completionCondition');
  refuseText(cardinality, /^\d{1,9}$/, id, compilation);
  refuseText(collection, /^[\p{L}_$][\p{L}\p{N}_$-]*$/u, id, compilation);
  refuseText(completionCondition, /^(?:true|false)$/, id, compilation);
  if (!cardinality && !collection) compilation.report(id, 'MULTI_INSTANCE_INCOMPLETE');
  for (const name of ['asyncBefore', 'asyncAfter']) {
    // An async continuation per item; on the activity itself it stands around the whole body.
    if (flag(loop, `camunda:${name}`)) compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: `multiInstance ${name}` });
  }
  return {
    sequential: flag(loop, 'isSequential'),
    ...(cardinality && { cardinality }),
    ...(collection && { collection }),
    ...(elementVariable !== undefined && { elementVariable }),
    ...(completionCondition && { completionCondition }),
  };
}

/** A literal that cannot mean what its place asks for is an expression whose `${…}` was forgotten. */
function refuseText(expression: Expression | undefined, allowed: RegExp, id: string, compilation: Compilation): void {
  if (expression?.language !== 'literal' || allowed.test(expression.value)) return;
  compilation.report(id, 'EXPRESSION_INVALID', { source: expression.value, message: '${…} / =…' });
}
