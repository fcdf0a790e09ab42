import type { Expression, LoopOutput, MultiInstance } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { attribute, formalExpression } from './expression-source.ts';
import { flag, one, referredId, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const VARIABLE_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

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
  const dataInput = referredId(loop, 'loopDataInputRef');
  const collection =
    attribute(loop, 'camunda:collection') ?? (dataInput === undefined ? undefined : ({ language: 'literal', value: dataInput } as const));
  const item = one(loop, 'inputDataItem');
  const elementVariable = text(loop, 'camunda:elementVariable') ?? (item && text(item, 'name'));
  const completionCondition = formal('completionCondition');
  refuseText(cardinality, /^\d{1,9}$/, id, compilation);
  refuseText(collection, VARIABLE_NAME, id, compilation);
  refuseText(completionCondition, /^(?:true|false)$/, id, compilation);
  if (!cardinality && !collection) compilation.report(id, 'MULTI_INSTANCE_INCOMPLETE');
  const behavior = text(loop, 'behavior') ?? 'All';
  if (behavior !== 'All') compilation.report(id, 'LOOP_BEHAVIOR', { value: behavior });
  const output = outputOf(loop, id, compilation);
  refuseText(output?.element, VARIABLE_NAME, id, compilation);
  return {
    sequential: flag(loop, 'isSequential'),
    ...(cardinality && { cardinality }),
    ...(collection && { collection }),
    ...(elementVariable !== undefined && { elementVariable }),
    ...(completionCondition && { completionCondition }),
    ...((flag(loop, 'camunda:asyncBefore') || flag(loop, 'camunda:async')) && { asyncBefore: true }),
    ...(flag(loop, 'camunda:asyncAfter') && { asyncAfter: true }),
    ...(output && { output }),
  };
}

/** Camunda 7 has no such list: `songbai:outputCollection` with `songbai:outputElement`, or BPMN's `loopDataOutputRef` with `outputDataItem`. */
function outputOf(loop: ModdleElement, id: string, compilation: Compilation): LoopOutput | undefined {
  const collection = text(loop, 'songbai:outputCollection');
  const element = attribute(loop, 'songbai:outputElement');
  if (collection !== undefined && element) return { collection, element };
  if (collection !== undefined || element) compilation.report(id, 'LOOP_OUTPUT_INCOMPLETE');
  const data = one(loop, 'loopDataOutputRef')?.id;
  const item = one(loop, 'outputDataItem');
  const name = item && (text(item, 'name') ?? item.id);
  return data !== undefined && name !== undefined ? { collection: data, element: { language: 'literal', value: name } } : undefined;
}

/** A literal that cannot mean what its place asks for is an expression whose `${…}` was forgotten. */
export function refuseText(expression: Expression | undefined, allowed: RegExp, id: string, compilation: Compilation): void {
  if (expression?.language !== 'literal' || allowed.test(expression.value)) return;
  compilation.report(id, 'EXPRESSION_INVALID', { source: expression.value, message: '${…} / =…' });
}
