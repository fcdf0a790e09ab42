import { compensate, isCompensationDone } from '../behaviors/compensate.ts';
import { compensationsIn } from '../behaviors/compensation-records.ts';
import { completeElement } from '../behaviors/complete-element.ts';
import type { CompensationDefinition } from '../model.ts';
import { scopeOf, type Token, tokenOf } from '../run.ts';

/** Compensates one activity or all that are completed; each at most once. @see BPMN 2.0.2, 10.7 and 13.5.5 */
export function throwCompensation(token: Token, { activityRef, waitForCompletion }: CompensationDefinition): void {
  const reached = compensationsIn(token.state, scopesInReach(token));
  const records = activityRef === undefined ? reached : reached.filter(({ element }) => element === activityRef);
  compensate(token, records);
  if (records.length === 0 || !waitForCompletion) completeElement(token);
}

/** A handler is done: the event that waits for it goes on after the last one. */
export function continueAfterCompensation(token: Token): void {
  if (isCompensationDone(token)) completeElement(token);
}

/** The scope of the event and, from inside an event sub-process, the scope around that. */
function scopesInReach(token: Token): number[] {
  const scopes: number[] = [];
  let scope = token;
  do {
    scope = tokenOf(token.run, token.state, scopeOf(scope));
    scopes.push(scope.instance.id);
  } while (scope.element.type === 'bpmn:SubProcess' && scope.element.triggeredByEvent);
  return scopes;
}
