import { claimCompensations, compensateNext, endCompensatingScope } from '../behaviors/compensate.ts';
import { completeElement } from '../behaviors/complete-element.ts';
import { activateElement } from '../behaviors/enter-element.ts';
import { isEventSubProcess } from '../instance-tree.ts';
import type { CompensationDefinition } from '../model.ts';
import { scopeOf, type Token, tokenOf } from '../run.ts';

/** Compensates one activity or all that are completed; each at most once. @see BPMN 2.0.2, 10.7 and 13.5.5 */
export function throwCompensation(token: Token, { activityRef, waitForCompletion }: CompensationDefinition): void {
  const { run, state, model, element, instance } = token;
  const thrower = waitForCompletion
    ? token
    : activateElement(run, state, model, { element: element.index, scope: instance.scope, flow: null }, 'compensating');
  claimCompensations(thrower, scopesInReach(token), activityRef);
  if (waitForCompletion) return continueAfterCompensation(token);
  // Somebody has to keep the order while the token goes on.
  endCompensatingScope(thrower);
  completeElement(token);
}

/** A handler is done: the event that waits for it goes on after the last one. */
export function continueAfterCompensation(token: Token): void {
  if (!compensateNext(token)) completeElement(token);
}

/** The scope of the event and, from inside an event sub-process, the scope around that. */
function scopesInReach(token: Token): number[] {
  const scopes: number[] = [];
  let scope = token;
  do {
    scope = tokenOf(token.run, token.state, scopeOf(scope));
    scopes.push(scope.instance.id);
  } while (isEventSubProcess(scope.element));
  return scopes;
}
