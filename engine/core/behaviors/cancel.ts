import type { EndState } from '../events.ts';
import { emit, type Run } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { closeOwned } from './jobs.ts';
import { resolveIncidents } from './incidents.ts';

/** Cancels an element instance with all that is inside it, the innermost first, each with its events. */
export function cancelElement(
  run: Run,
  state: InstanceState,
  instance: ElementInstance,
  outcome: EndState = 'INTERNALLY_TERMINATED',
): void {
  cancelChildren(run, state, instance.id, outcome);
  const { id, element } = instance;
  const called = instance.calledInstance === undefined ? undefined : run.root.instances.get(instance.calledInstance);
  if (called && called.status !== 'ended') cancelInstance(run, called, outcome, null);
  if (instance.task) emit(run, state, { instance: state.id, type: 'UserTaskEnded', id, element, reason: 'canceled' });
  if (instance.externalTask) {
    resolveIncidents(run, state, id);
    emit(run, state, { instance: state.id, type: 'ExternalTaskEnded', id, element, reason: 'canceled', worker: null });
  }
  closeOwned(run, state, id);
  emit(run, state, { instance: state.id, type: 'ElementCanceled', id, element });
}

/** Cancels what is inside a scope; the scope itself and what it owns stay. */
export function cancelChildren(run: Run, state: InstanceState, scope: number, outcome: EndState = 'INTERNALLY_TERMINATED'): void {
  for (const child of state.elements.filter((instance) => instance.scope === scope)) cancelElement(run, state, child, outcome);
  if (state.arrivals.some((arrival) => arrival.scope === scope)) emit(run, state, { instance: state.id, type: 'ArrivalsCanceled', scope });
}

/** Ends an instance before its time, together with the instances it called. */
export function cancelInstance(run: Run, state: InstanceState, outcome: EndState, reason: string | null): void {
  cancelChildren(run, state, state.id, outcome);
  closeOwned(run, state, state.id);
  emit(run, state, { instance: state.id, type: 'InstanceEnded', outcome, element: null, reason });
}
