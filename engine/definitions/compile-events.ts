import type { BoundaryEvent, EndEvent, IntermediateEvent, StartEvent } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { formOf } from './compile-tasks.ts';
import { elementBase } from './element-base.ts';
import { compileEventDefinition } from './event-definitions.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

export function compileStartEvent(node: ModdleElement, compilation: Compilation): StartEvent {
  const scope = node.$parent as ModdleElement;
  const inEventSubProcess = scope.$type === 'bpmn:SubProcess' && flag(scope, 'triggeredByEvent');
  // Which starts a plain sub-process may have is told apart in check-structure: one clear sentence there.
  const allowed = inEventSubProcess ? (['message', 'timer', 'error'] as const) : (['none', 'message', 'timer'] as const);
  const initiator = text(node, 'camunda:initiator');
  const event = compileEventDefinition(node, allowed, compilation);
  const interrupting = flag(node, 'isInterrupting');
  if (event.type === 'error' && !interrupting) compilation.report(node.id as string, 'ERROR_NON_INTERRUPTING');
  return {
    ...elementBase(node, compilation),
    type: 'bpmn:StartEvent',
    event,
    interrupting,
    ...formOf(node, compilation),
    ...(initiator !== undefined && { initiator }),
  };
}

export function compileBoundaryEvent(node: ModdleElement, compilation: Compilation): BoundaryEvent | null {
  const host = one(node, 'attachedToRef');
  const attachedTo = host && compilation.indexOf.get(host);
  if (attachedTo === undefined) {
    compilation.report(node.id as string, 'BOUNDARY_NOT_ATTACHED');
    return null;
  }
  const event = compileEventDefinition(node, ['message', 'timer', 'error'], compilation);
  const interrupting = flag(node, 'cancelActivity');
  if (event.type === 'error' && !interrupting) compilation.report(node.id as string, 'ERROR_NON_INTERRUPTING');
  return { ...elementBase(node, compilation), type: 'bpmn:BoundaryEvent', event, attachedTo, interrupting };
}

export function compileIntermediateEvent(
  node: ModdleElement,
  compilation: Compilation,
  type: IntermediateEvent['type'],
): IntermediateEvent {
  const allowed = type === 'bpmn:IntermediateCatchEvent' ? (['message', 'timer'] as const) : (['none', 'message'] as const);
  return { ...elementBase(node, compilation), type, event: compileEventDefinition(node, allowed, compilation) };
}

export function compileEndEvent(node: ModdleElement, compilation: Compilation): EndEvent {
  const event = compileEventDefinition(node, ['none', 'message', 'error', 'terminate'], compilation);
  return { ...elementBase(node, compilation), type: 'bpmn:EndEvent', event };
}
