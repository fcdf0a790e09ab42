import { waitFor } from '../events/catching-events.ts';
import { elementInstance } from '../instance-tree.ts';
import type { BoundaryEvent } from '../model.ts';
import { elementAt, schedule, type Token } from '../run.ts';
import { cancelElement } from './cancel.ts';
import type { Catcher, Payload } from './element-behavior.ts';
import { activateElement } from './enter-element.ts';
import { interrupts } from './stays-open.ts';
import { setLocalVariables, setVariables } from './variables.ts';

/** The boundary events of an activity (or of its multi-instance body) begin to wait with it. */
export function openBoundaryEvents({ run, state, model, element, instance }: Token): void {
  for (const index of element.boundaryEvents) waitFor({ run, state, model, element: elementAt(model, index), owner: instance });
}

/** The event happened: an interrupting one cancels its host; a token goes on from the boundary event. */
export function triggerBoundaryEvent({ run, state, model, element, owner }: Catcher<BoundaryEvent>, payload: Payload): void {
  const { scope } = owner;
  if (interrupts(element)) cancelElement(run, state, owner);
  setVariables(run, state, elementInstance(state, scope), payload.variables);
  const token = activateElement(run, state, model, { element: element.index, scope, flow: null }, 'active');
  setLocalVariables(run, state, token.instance, payload.localVariables);
  schedule(token);
}
