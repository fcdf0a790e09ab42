import { waitFor } from '../events/catching-events.ts';
import type { AdHocSubProcess, Element, ProcessElement, ProcessModel, StartEvent, SubProcess } from '../model.ts';
import { elementAt, schedule, type Token } from '../run.ts';
import { cancelChildren } from './cancel.ts';
import type { Catcher, Payload } from './element-behavior.ts';
import { activateElement } from './enter-element.ts';
import { closeOwned } from './jobs.ts';
import { interrupts } from './stays-open.ts';
import { setLocalVariables, setVariables } from './variables.ts';

export type ScopeElement = ProcessElement | SubProcess | AdHocSubProcess;

export function isScope(element: Element): element is ScopeElement {
  return (
    element.type === 'bpmn:Process' ||
    element.type === 'bpmn:SubProcess' ||
    element.type === 'bpmn:Transaction' ||
    element.type === 'bpmn:AdHocSubProcess'
  );
}

/** The start event of an event sub-process: it has exactly one. */
export function startEventOf(model: ProcessModel, eventSubProcess: number): StartEvent {
  const { startEvents, id } = elementAt(model, eventSubProcess) as SubProcess;
  if (startEvents[0] === undefined) throw new Error(`Expected event sub-process ${id} to have a start event, but it has none`);
  return elementAt(model, startEvents[0]) as StartEvent;
}

/** The start events of a scope's event sub-processes wait as long as the scope lives. */
export function openEventSubProcesses(scope: Token<ScopeElement>): void {
  for (const index of scope.element.eventSubProcesses) waitFor({ ...scope, element: startEventOf(scope.model, index) });
}

/** The event happened in the scope: an interrupting one takes the scope over, the other runs beside what is there. */
export function triggerEventSubProcess(catcher: Catcher<StartEvent>, payload: Payload): void {
  const { run, state, model, element, instance: scope } = catcher;
  if (interrupts(element)) clearScope(catcher);
  setVariables(catcher, payload.variables);
  const token = activateElement(run, state, model, { element: element.parent, scope: scope.id, flow: null }, 'active');
  setLocalVariables(token, payload.localVariables);
  schedule(token);
}

/** An interrupting event sub-process takes the scope over. What the scope owns for its boundary events stays open. */
export function clearScope(scope: Token): void {
  cancelChildren(scope);
  closeOwned(scope, (index) => elementAt(scope.model, index).type === 'bpmn:StartEvent');
}
