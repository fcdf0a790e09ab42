import type { EndState } from '../events.ts';
import { findElementInstance, processScope, requireWhole } from '../instance-tree.ts';
import { emit, type Place, type Run } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { resolveIncidents } from './incidents.ts';
import { closeOwned } from './jobs.ts';
import { runListenersOfCanceled } from './listeners.ts';
import { runTaskListeners } from './task-listeners.ts';

/** Element instances by the scope or compensation event that they belong to, looked up once for all that one command cancels. */
type Contents = ReadonlyMap<number, ElementInstance[]>;

/** Cancels an element instance with all that is inside it, the innermost first, each with its events. */
export function cancelElement(
  place: Place,
  outcome: EndState = 'INTERNALLY_TERMINATED',
  contents: Contents = contentsOf(place.state),
): void {
  cancelChildren(place, outcome, undefined, contents);
  const { run, state, instance } = place;
  const { id, element } = instance;
  const called = instance.calledInstance === undefined ? undefined : run.root.instances.get(instance.calledInstance);
  if (!called && instance.calledInstance !== undefined && instance.phase === 'active') requireWhole(state);
  if (called && called.status !== 'ended') cancelInstance(run, called, outcome, null);
  runListenersOfCanceled(place);
  if (instance.task) runTaskListeners(place, 'delete');
  if (instance.task) emit(run, state, { instance: state.id, type: 'UserTaskEnded', id, element, reason: 'canceled' });
  if (instance.externalTask) {
    resolveIncidents(run, state, id);
    emit(run, state, { instance: state.id, type: 'ExternalTaskEnded', id, element, reason: 'canceled', worker: null });
  }
  closeOwned(place);
  emit(run, state, { instance: state.id, type: 'ElementCanceled', id, element });
}

/** Cancels what is inside a scope, or runs for a compensation event, but for `except`; the scope itself and what it owns stay. */
export function cancelChildren(
  { run, state, instance: scope }: Place,
  outcome: EndState = 'INTERNALLY_TERMINATED',
  except?: ElementInstance,
  contents: Contents = contentsOf(state),
): void {
  if (scope.loop?.apart) requireWhole(state);
  for (const child of contents.get(scope.id) ?? []) {
    // What runs for a compensation event that was before it is gone by now.
    const isGone = child.thrower !== undefined && !findElementInstance(state, child.id);
    if (child !== except && !isGone) cancelElement({ run, state, instance: child }, outcome, contents);
  }
  if (!state.arrivals.some((arrival) => arrival.scope === scope.id)) return;
  emit(run, state, { instance: state.id, type: 'ArrivalsCanceled', scope: scope.id });
}

function contentsOf({ elements }: InstanceState): Contents {
  const contents = new Map<number, ElementInstance[]>();
  const add = (owner: number, instance: ElementInstance) => {
    const inside = contents.get(owner);
    if (inside) inside.push(instance);
    else contents.set(owner, [instance]);
  };
  for (const instance of elements) {
    add(instance.scope, instance);
    if (instance.thrower !== undefined && instance.thrower !== instance.scope) add(instance.thrower, instance);
  }
  return contents;
}

/** Ends an instance before its time, together with the instances it called. */
export function cancelInstance(run: Run, state: InstanceState, outcome: EndState, reason: string | null): void {
  const place = { run, state, instance: processScope(state) };
  cancelChildren(place, outcome);
  closeOwned(place);
  runListenersOfCanceled(place);
  emit(run, state, { instance: state.id, type: 'InstanceEnded', outcome, element: null, reason });
}
