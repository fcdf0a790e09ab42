import { triggerBoundaryEvent } from '../behaviors/boundary-events.ts';
import { cancelChildren } from '../behaviors/cancel.ts';
import { claimCompensations, compensateNext } from '../behaviors/compensate.ts';
import { NO_PAYLOAD } from '../behaviors/element-behavior.ts';
import { closeOwned } from '../behaviors/jobs.ts';
import { runListeners } from '../behaviors/listeners.ts';
import { isMultiInstanceItem } from '../instance-tree.ts';
import type { BoundaryEvent } from '../model.ts';
import { elementAt, emit, scopeOf, type Token, tokenOf } from '../run.ts';

/**
 * A cancel end event: all else in the transaction is canceled, what is completed in it is compensated, then it is left over
 * its cancel boundary event. From a sub-process inside the transaction it does so for the scopes in between, too.
 */
export function cancelTransaction(token: Token): void {
  const scopes = scopesToTransaction(token);
  let inside: Token = token;
  for (const scope of scopes) {
    cancelChildren(scope, undefined, inside.instance);
    closeOwned(scope);
    inside = scope;
  }
  claimCompensations(
    token,
    scopes.map(({ instance }) => instance.id),
  );
  continueCancel(token);
}

/** A handler is done: after the last one the transaction is left. */
export function continueCancel(token: Token): void {
  if (!compensateNext(token)) leaveTransaction(token);
}

/** Of a multi-instance transaction the body is left, with all its items, as in Camunda 7. */
function leaveTransaction(token: Token): void {
  const { run, state, model, element, instance } = token;
  const transaction = scopesToTransaction(token).at(-1) as Token;
  const host = isMultiInstanceItem(state, transaction.instance) ? tokenOf(run, state, scopeOf(transaction)) : transaction;
  const boundary = host.element.boundaryEvents
    .map((index) => elementAt(model, index) as BoundaryEvent)
    .find(({ event }) => event.type === 'cancel');
  if (!boundary) throw new Error(`Expected transaction ${host.element.id} to have a cancel boundary event, but it has none`);
  runListeners(token, 'end');
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  triggerBoundaryEvent({ ...host, element: boundary }, NO_PAYLOAD);
}

/** The scopes around the token from the inside out; the last one is the transaction. */
function scopesToTransaction(token: Token): Token[] {
  const scopes: Token[] = [];
  let at = token;
  do {
    if (at.instance.scope === 0) throw new Error(`Expected ${token.element.id} to be in a transaction, but it is not`);
    at = tokenOf(at.run, at.state, scopeOf(at));
    scopes.push(at);
  } while (at.element.type !== 'bpmn:Transaction');
  return scopes;
}
