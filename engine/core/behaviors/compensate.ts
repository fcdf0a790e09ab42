import { elementAt, emit, notifyScope, type Token } from '../run.ts';
import type { CompensationState } from '../state.ts';
import { activateElement, enterElement } from './enter-element.ts';
import { setLocalVariables } from './variables.ts';

/**
 * Takes completed activities for compensation by the thrower, which then calls `compensateNext`; none is taken twice.
 * @param scopes element instance ids: what is recorded in them @param activity element index; absent = all
 */
export function claimCompensations({ run, state, instance }: Token, scopes: readonly number[], activity?: number): void {
  const claimed = state.compensations.filter(
    ({ scope, element, thrower }) => thrower === undefined && scopes.includes(scope) && (activity === undefined || element === activity),
  );
  if (claimed.length === 0) return;
  const compensations = claimed.map(({ id }) => id);
  emit(run, state, { instance: state.id, type: 'CompensationTriggered', thrower: instance.id, compensations });
}

/**
 * Starts what is to be undone next, when nothing of it runs; false when all is done. The activity that was completed last comes
 * first and the others wait for it, but items of a parallel multi-instance activity are undone together (BPMN 2.0.2, 13.5.5).
 */
export function compensateNext(thrower: Token): boolean {
  const { run, state, element, instance } = thrower;
  if (state.elements.some((part) => part.thrower === instance.id)) return true;
  const isClaimed = (record: CompensationState) => record.thrower === instance.id;
  const next = state.compensations.findLast(isClaimed);
  if (!next) return false;
  const isParallel = next.element === element.index && element.multiInstance?.sequential === false;
  const records = isParallel ? state.compensations.filter(isClaimed).toReversed() : [next];
  const firstStep = run.agenda.length;
  for (const record of records) startCompensation(thrower, record);
  if (isParallel) run.agenda.push(...run.agenda.splice(firstStep).toReversed());
  return true;
}

/** Something inside a compensating scope came to its end. */
export function endCompensatingScope(scope: Token): void {
  if (compensateNext(scope)) return;
  const { run, state, element, instance } = scope;
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  notifyScope(scope);
}

function startCompensation(thrower: Token, record: CompensationState): void {
  const { run, state, model, instance } = thrower;
  const { id, element, handler, scope, variables = {} } = record;
  if (handler !== null && elementAt(model, element).compensationHandler === handler) {
    emit(run, state, { instance: state.id, type: 'CompensationStarted', compensation: id, inside: null });
    enterElement(run, state, model, { element: handler, scope, flow: null, thrower: instance.id, variables });
    return;
  }
  // The completed sub-process or body is there again, with its variables as they were.
  const again = activateElement(run, state, model, { element, scope, flow: null, thrower: instance.id }, 'compensating');
  emit(run, state, { instance: state.id, type: 'CompensationStarted', compensation: id, inside: again.instance.id });
  setLocalVariables(again, variables);
  if (handler === null) endCompensatingScope(again);
  else enterElement(run, state, model, { element: handler, scope: again.instance.id, flow: null, thrower: again.instance.id });
}
