import { elementAt, emit, type Token, tokenOf } from '../run.ts';
import type { Catcher, Payload } from './element-behavior.ts';
import { completeElement } from './complete-element.ts';
import { activateElement } from './enter-element.ts';
import { closeOwned } from './jobs.ts';
import { runListeners } from './listeners.ts';
import { mapInputs } from './variable-mapping.ts';
import { setLocalVariables, setVariables } from './variables.ts';

/** A catch event or receive task got what it waited for: it is done, or it wins the race of the event-based gateway before it. */
export function triggerCatchEvent(catcher: Catcher, payload: Payload): void {
  const token = catcher.instance.element === catcher.element.index ? catcher : winRace(catcher);
  setVariables(token, payload.variables);
  setLocalVariables(token, payload.localVariables);
  completeElement(token);
}

/** The gateway ends, the events that lost stop waiting, and the token is at the event that won. */
function winRace(catcher: Catcher): Token {
  const { run, state, model, element, instance: gateway } = catcher;
  runListeners(tokenOf(run, state, gateway), 'end');
  closeOwned(catcher);
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: gateway.id, element: gateway.element });
  const flow = elementAt(model, gateway.element).outgoing.find((index) => model.flows[index]?.target === element.index) ?? null;
  const token = activateElement(run, state, model, { element: element.index, scope: gateway.scope, flow, thrower: gateway.thrower }, 'active');
  mapInputs(token);
  runListeners(token, 'start');
  return token;
}
