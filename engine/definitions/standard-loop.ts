import type { StandardLoop } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { formalExpression } from './expression-source.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { refuseText } from './multi-instance.ts';

/** BPMN's loop marker. It needs a condition or a maximum, or nobody could say when it ends. */
export function compileStandardLoop(node: ModdleElement, compilation: Compilation): StandardLoop | undefined {
  const loop = one(node, 'loopCharacteristics');
  if (loop?.$type !== 'bpmn:StandardLoopCharacteristics') return undefined;
  const id = node.id as string;
  const written = one(loop, 'loopCondition');
  const condition = written && formalExpression(written, id, compilation);
  const maximum = text(loop, 'loopMaximum');
  refuseText(condition, /^(?:true|false)$/, id, compilation);
  if (maximum !== undefined && !/^[1-9]\d{0,8}$/.test(maximum)) compilation.report(id, 'LOOP_MAXIMUM_INVALID', { value: maximum });
  if (!written && maximum === undefined) compilation.report(id, 'LOOP_INCOMPLETE');
  return {
    testBefore: flag(loop, 'testBefore'),
    ...(condition && { condition }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  };
}
