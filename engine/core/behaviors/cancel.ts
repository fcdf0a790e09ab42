import type { EndState } from '../events.ts';
import { processScope } from '../instance-tree.ts';
import { emit, type Place, type Run } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { resolveIncidents } from './incidents.ts';
import { closeOwned } from './jobs.ts';

/** Cancels an element instance with all that is inside it, the innermost first, each with its events. */
export function cancelElement(place: Place, outcome: EndState = 'INTERNALLY_TERMINATED'): void {
  cancelChildren(place, outcome);
  const { run, state, instance } = place;
  const { id, element } = instance;
  const called = instance.calledInstance === undefined ? undefined : run.root.instances.get(instance.calledInstance);
  if (called && called.status !== 'ended') cancelInstance(run, called, outcome, null);
  if (instance.task) emit(run, state, { instance: state.id, type: 'UserTaskEnded', id, element, reason: 'canceled' });
  if (instance.externalTask) {
    resolveIncidents(run, state, id);
    emit(run, state, { instance: state.id, type: 'ExternalTaskEnded', id, element, reason: 'canceled', worker: null });
  }
  closeOwned(place);
  emit(run, state, { instance: state.id, type: 'ElementCanceled', id, element });
}

/** Cancels what is inside a scope; the scope itself and what it owns stay. */
export function cancelChildren({ run, state, instance: scope }: Place, outcome: EndState = 'INTERNALLY_TERMINATED'): void {
  for (const child of state.elements.filter((instance) => instance.scope === scope.id))
    cancelElement({ run, state, instance: child }, outcome);
  if (!state.arrivals.some((arrival) => arrival.scope === scope.id)) return;
  emit(run, state, { instance: state.id, type: 'ArrivalsCanceled', scope: scope.id });
}

/** Ends an instance before its time, together with the instances it called. */
export function cancelInstance(run: Run, state: InstanceState, outcome: EndState, reason: string | null): void {
  const place = { run, state, instance: processScope(state) };
  cancelChildren(place, outcome);
  closeOwned(place);
  emit(run, state, { instance: state.id, type: 'InstanceEnded', outcome, element: null, reason });
}
