import type { AdHocSubProcess } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { elementBase } from './element-base.ts';
import { attribute, formalExpression } from './expression-source.ts';
import { scopeParts } from './graph.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { refuseText } from './multi-instance.ts';

/** What begins in it is named by `songbai:activeElements`, or asked for while it is active. */
export function compileAdHocSubProcess(node: ModdleElement, compilation: Compilation): AdHocSubProcess {
  const base = elementBase(node, compilation);
  const written = one(node, 'completionCondition');
  const completionCondition = written && formalExpression(written, base.id, compilation);
  refuseText(completionCondition, /^(?:true|false)$/, base.id, compilation);
  const activeElements = attribute(node, 'songbai:activeElements');
  return {
    ...base,
    type: 'bpmn:AdHocSubProcess',
    ...scopeParts(node, compilation),
    sequential: text(node, 'ordering') === 'Sequential',
    cancelRemaining: flag(node, 'cancelRemainingInstances'),
    ...(completionCondition && { completionCondition }),
    ...(activeElements && { activeElements }),
  };
}
