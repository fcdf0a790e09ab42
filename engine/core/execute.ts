import { openBoundaryEvents } from './behaviors/boundary-events.ts';
import { itemCompleted, startLoop } from './behaviors/multi-instance.ts';
import { mapInputs } from './behaviors/variable-mapping.ts';
import { behaviorOf } from './elements/registry.ts';
import { Failure } from './failure.ts';
import { findElementInstance, isMultiInstanceItem } from './instance-tree.ts';
import type { Run, Step } from './run.ts';

/** Works the agenda off until every token waits. @throws Failure, with the element it happened at */
export function runToWaitStates(run: Run): void {
  let step: Step | undefined;
  try {
    while ((step = run.agenda.pop())) takeStep(step);
  } catch (error) {
    if (error instanceof Failure && error.elementId === null && step) {
      throw new Failure(error.code, error.message, step.token.element.id, { cause: error });
    }
    throw error;
  }
}

function takeStep({ kind, token, from }: Step): void {
  const { state, instance, element } = token;
  // An interrupting event earlier in this command may have taken the token away.
  if (state.status === 'ended' || findElementInstance(state, instance.id) !== instance) return;
  if (kind === 'childCompleted') {
    if (instance.phase === 'body') itemCompleted(token);
    else if (instance.phase === 'active') behaviorOf(element).childCompleted?.(token, from);
    return;
  }
  if (instance.phase === 'body') {
    openBoundaryEvents(token);
    return startLoop(token);
  }
  mapInputs(token);
  if (element.boundaryEvents.length > 0 && !isMultiInstanceItem(state, instance)) openBoundaryEvents(token);
  behaviorOf(element).execute(token);
}
