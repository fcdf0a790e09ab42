import { Failure } from '../failure.ts';
import { findElementInstance, isLooped, isMultiInstanceItem, isScopeEmpty, processScope } from '../instance-tree.ts';
import { elementAt, emit, notifyScope, type Run, scopeOf, type Token, tokenOf } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { cancelChildren, cancelElement } from '../behaviors/cancel.ts';
import { BODY_SUFFIX, type CancelInstruction } from './instructions.ts';

/**
 * Cancels one element instance, or all of one activity, with the scopes around that are empty then; the process stays.
 * @throws Failure `MODIFICATION_INVALID`
 */
export function cancelAt(run: Run, state: InstanceState, instruction: CancelInstruction): void {
  if ('arrival' in instruction) {
    const { scope, gateway, flow } = instruction.arrival;
    if (!state.arrivals.some((arrival) => arrival.scope === scope && arrival.gateway === gateway && arrival.flow === flow))
      throw new Failure('MODIFICATION_INVALID', 'Expected a token to wait at the join, but there is none');
    emit(run, state, { instance: state.id, type: 'ArrivalsCanceled', scope, gateway, flow });
    const around = findElementInstance(state, scope);
    if (around) endEmptyScopes(run, state, around);
    return;
  }
  if ('instance' in instruction) {
    const instance = findElementInstance(state, instruction.instance);
    if (!instance) throw new Failure('MODIFICATION_INVALID', `Expected activity instance ${instruction.instance} to be active, but it is not`);
    return cancelOne(run, state, instance);
  }
  cancelAll(run, state, instruction.activity);
}

function cancelAll(run: Run, state: InstanceState, activity: string): void {
  const model = run.ports.model(state.definitionId);
  const isBody = activity.endsWith(BODY_SUFFIX);
  const index = model.indexById[isBody ? activity.slice(0, -BODY_SUFFIX.length) : activity];
  if (index === undefined || index === 0 || (isBody && !isLooped(elementAt(model, index))))
    throw new Failure('MODIFICATION_INVALID', `Expected an activity ${activity} in process ${model.key}, but there is none`);
  const isMeant = (instance: ElementInstance) =>
    instance.element === index && instance.phase !== 'compensating' && isBodyOf(run, state, instance) === isBody;
  for (const instance of state.elements.filter(isMeant)) if (findElementInstance(state, instance.id) === instance) cancelOne(run, state, instance);
  for (const scope of new Set(state.arrivals.filter(({ gateway }) => gateway === index).map((arrival) => arrival.scope))) {
    emit(run, state, { instance: state.id, type: 'ArrivalsCanceled', scope, gateway: index });
    const around = findElementInstance(state, scope);
    if (around) endEmptyScopes(run, state, around);
  }
}

/** Also one that is parked before its runs begin. */
function isBodyOf(run: Run, state: InstanceState, instance: ElementInstance): boolean {
  return isLooped(elementAt(run.ports.model(state.definitionId), instance.element)) && !isMultiInstanceItem(state, instance);
}

function cancelOne(run: Run, state: InstanceState, instance: ElementInstance): void {
  if (instance === processScope(state)) return cancelChildren({ run, state, instance });
  const token = tokenOf(run, state, instance);
  const scope = scopeOf(token);
  cancelElement(token);
  if (instance.thrower !== undefined) return notifyScope(token);
  noteCanceled(token, scope);
  endEmptyScopes(run, state, scope);
}

/** From the inside out; an ad-hoc sub-process decides itself whether it is done. */
function endEmptyScopes(run: Run, state: InstanceState, innermost: ElementInstance): void {
  let scope = innermost;
  while (scope.scope !== 0 && isScopeEmpty(state, scope.id)) {
    const token = tokenOf(run, state, scope);
    if (token.element.type === 'bpmn:AdHocSubProcess' || scope.phase === 'compensating')
      return void run.agenda.push({ kind: 'childCompleted', token, from: null });
    if (scope.phase === 'body' && state.jobs.some(({ kind, owner }) => kind === 'loop' && owner === scope.id)) return;
    const around = scopeOf(token);
    cancelElement(token);
    noteCanceled(token, around);
    scope = around;
  }
}

/** A loop does not wait for the run that is gone. */
function noteCanceled({ run, state, instance }: Token, body: ElementInstance): void {
  const { loop } = body;
  if (body.phase !== 'body' || body.element !== instance.element || !loop) return;
  const { completed, active, skipped = 0, total } = loop;
  const counters = { completed, active: active - 1 };
  emit(run, state, { instance: state.id, type: 'LoopAdvanced', id: body.id, ...counters, total, skipped: total === null ? 0 : skipped + 1 });
}
