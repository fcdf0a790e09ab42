import type { TaskOperation } from '../events.ts';
import { emit, type Place } from '../run.ts';
import type { TaskState } from '../state.ts';

/** Records what is different; false when nothing is. */
export function recordTaskChange({ run, state, instance }: Place, wanted: Partial<TaskState>, operation: TaskOperation): boolean {
  const { task } = instance;
  if (!task) return false;
  const names = (Object.keys(wanted) as (keyof TaskState)[]).filter((name) => !isSame(task[name], wanted[name]));
  if (names.length === 0) return false;
  const pick = (from: Partial<TaskState>): Partial<TaskState> => Object.fromEntries(names.map((name) => [name, from[name]]));
  emit(run, state, { instance: state.id, type: 'UserTaskUpdated', id: instance.id, change: pick(wanted), old: pick(task), operation });
  return true;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, index) => entry === b[index]);
  return a === b;
}
