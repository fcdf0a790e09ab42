import type { BoundaryEvent, EndEvent, IntermediateEvent, StartEvent } from '#engine/core/model.ts';
import { definitionsOf } from '#engine/core/behaviors/event-definitions-of.ts';
import type { Compilation } from './compilation.ts';
import { formOf } from './compile-tasks.ts';
import { elementBase } from './element-base.ts';
import { compileEventDefinition } from './event-definitions.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const WAITED = ['message', 'timer', 'signal', 'conditional'] as const;
const IN_PROCESS = ['none', ...WAITED] as const;
const IN_EVENT_SUB_PROCESS = [...WAITED, 'error', 'escalation', 'compensation'] as const;
const ON_BOUNDARY = [...WAITED, 'error', 'escalation', 'compensation', 'cancel'] as const;
const CAUGHT = [...WAITED, 'link'] as const;
const THROWN = ['none', 'message', 'signal', 'escalation', 'link', 'compensation'] as const;
const AT_END = ['none', 'message', 'signal', 'escalation', 'error', 'terminate', 'compensation', 'cancel'] as const;

/** Which events may stand where; several of them at once where they are waited for or thrown together. */
export const eventKindsAt = {
  start: IN_PROCESS,
  'event sub-process start': IN_EVENT_SUB_PROCESS,
  boundary: ON_BOUNDARY,
  catch: CAUGHT,
  throw: THROWN,
  end: AT_END,
} as const;

export function compileStartEvent(node: ModdleElement, compilation: Compilation): StartEvent {
  const scope = node.$parent as ModdleElement;
  const inEventSubProcess = scope.$type === 'bpmn:SubProcess' && flag(scope, 'triggeredByEvent');
  // Which starts a plain sub-process may have is told apart in check-structure: one clear sentence there.
  const allowed = inEventSubProcess ? IN_EVENT_SUB_PROCESS : IN_PROCESS;
  const initiator = text(node, 'camunda:initiator');
  const event = compileEventDefinition(node, allowed, compilation);
  const interrupting = flag(node, 'isInterrupting');
  if (!interrupting && definitionsOf(event, 'error').length > 0) compilation.report(node.id as string, 'ERROR_NON_INTERRUPTING');
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
  const event = compileEventDefinition(node, ON_BOUNDARY, compilation);
  const interrupting = flag(node, 'cancelActivity');
  if (!interrupting && definitionsOf(event, 'error').length > 0) compilation.report(node.id as string, 'ERROR_NON_INTERRUPTING');
  return { ...elementBase(node, compilation), type: 'bpmn:BoundaryEvent', event, attachedTo, interrupting };
}

export function compileIntermediateEvent(
  node: ModdleElement,
  compilation: Compilation,
  type: IntermediateEvent['type'],
): IntermediateEvent {
  const allowed = type === 'bpmn:IntermediateCatchEvent' ? CAUGHT : THROWN;
  return { ...elementBase(node, compilation), type, event: compileEventDefinition(node, allowed, compilation) };
}

export function compileEndEvent(node: ModdleElement, compilation: Compilation): EndEvent {
  const event = compileEventDefinition(node, AT_END, compilation);
  return { ...elementBase(node, compilation), type: 'bpmn:EndEvent', event };
}
