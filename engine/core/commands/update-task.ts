import { changeTask } from '../behaviors/change-task.ts';
import type { TaskOperation } from '../events.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { TaskState } from '../state.ts';
import { findTask } from './find.ts';

export interface UpdateTaskInput {
  taskId: number;
  change: Partial<TaskState>;
  /** Default `update`. */
  operation?: TaskOperation;
}

/** Sets fields of an open user task (priority, due date, candidates …). @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function updateTask(
  { taskId, change, operation = 'update' }: UpdateTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; task: TaskState }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  changeTask({ run, state, instance: found }, change, operation);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, task: found.task } };
}
