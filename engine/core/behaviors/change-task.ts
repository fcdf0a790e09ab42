import type { TaskOperation } from '../events.ts';
import type { Place } from '../run.ts';
import type { TaskState } from '../state.ts';
import { recordTaskChange } from './record-task-change.ts';
import { runTaskListeners } from './task-listeners.ts';

/** Changes an open user task and runs its `update` listeners, then `assignment` when it has another assignee now. */
export function changeTask(place: Place, wanted: Partial<TaskState>, operation: TaskOperation): void {
  const assignee = place.instance.task?.assignee;
  if (!recordTaskChange(place, wanted, operation)) return;
  runTaskListeners(place, 'update');
  if (place.instance.task?.assignee !== assignee) runTaskListeners(place, 'assignment');
}
