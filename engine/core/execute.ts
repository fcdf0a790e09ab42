import { openBoundaryEvents } from './behaviors/boundary-events.ts';
import { endCompensatingScope } from './behaviors/compensate.ts';
import { completeElement } from './behaviors/complete-element.ts';
import { decideJoins } from './behaviors/decide-joins.ts';
import { runListeners } from './behaviors/listeners.ts';
import { loopItemCompleted, startLoop } from './behaviors/loops.ts';
import { mapInputs } from './behaviors/variable-mapping.ts';
import { checkConditions } from './check-conditions.ts';
import { behaviorOf } from './elements/registry.ts';
import { Failure } from './failure.ts';
import { findElementInstance, isMultiInstanceItem } from './instance-tree.ts';
import { receiveEvent } from './receive-event.ts';
import type { Run, Step, Token } from './run.ts';

/** Works the agenda off until every token waits. @throws Failure, with the element it happened at */
export function runToWaitStates(run: Run): void {
  let step: Step | undefined;
  try {
    do {
      checkConditions(run);
      if ((step = run.agenda.pop())) takeStep(step);
    } while (step || run.conditions.length > 0 || decideJoins(run));
  } catch (error) {
    if (error instanceof Failure && error.elementId === null && step) {
      throw new Failure(error.code, error.message, step.token.element.id, { cause: error });
    }
    throw error;
  }
}

function takeStep({ kind, token, from, ended, received }: Step): void {
  const { run, state, instance, element } = token;
  // An interrupting event earlier in this command may have taken the token away.
  if (state.status === 'ended' || findElementInstance(state, instance.id) !== instance) return;
  if (kind === 'childCompleted') {
    if (instance.phase === 'body') loopItemCompleted(token, ended ?? instance);
    else if (instance.phase === 'compensating') endCompensatingScope(token);
    else if (instance.phase === 'active') behaviorOf(element).childCompleted?.(token, from);
    return;
  }
  if (kind === 'complete') return completeElement(token);
  if (kind === 'receive') {
    const subscription = state.subscriptions.find(({ id }) => id === received?.subscription);
    if (subscription && received) receiveEvent(run, state, subscription, { variables: received.variables, localVariables: {} });
    return;
  }
  if (instance.phase === 'body') {
    if (opensBoundaryEvents(token)) startLoop(token);
    return;
  }
  mapInputs(token);
  if (element.boundaryEvents.length > 0 && !isMultiInstanceItem(state, instance) && !opensBoundaryEvents(token)) return;
  if (element.listeners) runListeners(token, 'start');
  behaviorOf(element).execute(token);
}

/** False when one of them is a conditional event that is true already, and interrupts: the element does not even begin. */
function opensBoundaryEvents(token: Token): boolean {
  const { run, state, instance } = token;
  openBoundaryEvents(token);
  checkConditions(run);
  return findElementInstance(state, instance.id) === instance;
}
