import { emit, type Run } from '../run.ts';
import type { IncidentState, InstanceState } from '../state.ts';

/** Exactly one incident per job or external task, however often it fails again. */
export function createIncident(
  run: Run,
  state: InstanceState,
  incident: Pick<IncidentState, 'kind' | 'element' | 'source' | 'message'>,
): void {
  if (state.incidents.some((existing) => existing.source === incident.source)) return;
  emit(run, state, { instance: state.id, type: 'IncidentCreated', incident: { id: run.ports.nextId(), at: run.ports.now, ...incident } });
}

/** The job or external task is running again, done or gone. */
export function resolveIncidents(run: Run, state: InstanceState, source: number): void {
  if (state.incidents.length === 0) return;
  for (const incident of state.incidents.filter((existing) => existing.source === source)) {
    emit(run, state, { instance: state.id, type: 'IncidentResolved', incident: incident.id });
  }
}
