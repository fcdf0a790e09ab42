import { waitFor } from '../events/catching-events.ts';
import type { BoundaryEvent } from '../model.ts';
import { elementAt, schedule, scopeOf, type Token } from '../run.ts';
import { cancelElement } from './cancel.ts';
import type { Catcher, Payload } from './element-behavior.ts';
import { activateElement } from './enter-element.ts';
import { interrupts } from './stays-open.ts';
import { setLocalVariables, setVariables } from './variables.ts';

/** The boundary events of an activity (or of its multi-instance body) begin to wait with it. */
export function openBoundaryEvents(host: Token): void {
  for (const index of host.element.boundaryEvents) waitFor({ ...host, element: elementAt(host.model, index) });
}

/** The event happened: an interrupting one cancels its host; a token goes on from the boundary event. */
export function triggerBoundaryEvent(catcher: Catcher<BoundaryEvent>, payload: Payload): void {
  const { run, state, model, element, instance: host } = catcher;
  const { scope, thrower } = host;
  if (interrupts(element)) cancelElement(catcher);
  setVariables({ run, state, instance: scopeOf(catcher) }, payload.variables);
  const token = activateElement(run, state, model, { element: element.index, scope, flow: null, thrower }, 'active');
  setLocalVariables(token, payload.localVariables);
  schedule(token);
}
