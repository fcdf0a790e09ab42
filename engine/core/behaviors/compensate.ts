import { elementAt, emit, notifyScope, type Place, type Token } from '../run.ts';
import type { CompensationState } from '../state.ts';
import { compensationsIn } from './compensation-records.ts';
import { activateElement, enterElement } from './enter-element.ts';
import { setLocalVariables } from './variables.ts';

/** Starts what undoes the given activities, the one completed last first, as Camunda 7 does: a handler that waits does not hold back the others. */
export function compensate(thrower: Token, records: readonly CompensationState[]): void {
  const { agenda } = thrower.run;
  const firstStep = agenda.length;
  startAll(thrower, records);
  agenda.push(...agenda.splice(firstStep).toReversed());
}

/** True when nothing is left that the throwing event or compensating scope waits for. */
export function isCompensationDone({ state, instance }: Place): boolean {
  return !state.elements.some(({ thrower }) => thrower === instance.id);
}

/** Something inside a compensating scope came to its end. */
export function endCompensatingScope(scope: Token): void {
  if (!isCompensationDone(scope)) return;
  const { run, state, element, instance } = scope;
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  notifyScope(scope);
}

function startAll(thrower: Token, records: readonly CompensationState[]): void {
  for (const record of records.toReversed()) {
    if (record.handler !== null && elementAt(thrower.model, record.element).compensationHandler === record.handler)
      startHandler(thrower, record, record.handler);
    else startScope(thrower, record);
  }
}

/** The handler beside the activity runs in the scope of the activity. */
function startHandler({ run, state, model, instance }: Token, { id, scope, variables = {} }: CompensationState, handler: number): void {
  emit(run, state, { instance: state.id, type: 'CompensationTriggered', compensation: id, to: null });
  enterElement(run, state, model, { element: handler, scope, flow: null, thrower: instance.id, variables });
}

/** A completed sub-process or body is there again, with its variables as they were; inside it all is undone, or its event sub-process runs. */
function startScope(thrower: Token, { id, element, scope, handler, variables = {} }: CompensationState): void {
  const { run, state, model } = thrower;
  const again = activateElement(run, state, model, { element, scope, flow: null, thrower: thrower.instance.id }, 'compensating');
  emit(run, state, { instance: state.id, type: 'CompensationTriggered', compensation: id, to: again.instance.id });
  setLocalVariables(again, variables);
  if (handler === null) startAll(again, compensationsIn(state, [again.instance.id]));
  else enterElement(run, state, model, { element: handler, scope: again.instance.id, flow: null, thrower: again.instance.id });
}
