import type { ElementInstance, ExternalTaskState, IncidentState, InstanceState, TaskState } from '#engine/core/state.ts';

export interface ElementSnapshot {
  startedAt: number;
  phase: ElementInstance['phase'];
  task: TaskState | undefined;
  retries: ExternalTaskState['retries'];
  calledInstance: number | undefined;
}

/** The parts of an instance that its rows were made from; taken before the command changes the state in place. */
export interface Snapshot {
  elements: Map<number, ElementSnapshot>;
  incidents: readonly IncidentState[];
}

export function snapshotOf(state: InstanceState): Snapshot {
  const elements = new Map<number, ElementSnapshot>();
  for (const { id, startedAt, phase, loop, task, externalTask, calledInstance } of state.elements) {
    // A body that is parked after its items is still a body in history.
    elements.set(id, { startedAt, phase: loop ? 'body' : phase, task, retries: externalTask?.retries ?? null, calledInstance });
  }
  return { elements, incidents: state.incidents.length > 0 ? [...state.incidents] : [] };
}
