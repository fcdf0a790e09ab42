import { changeTask } from '../behaviors/change-task.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { TaskState } from '../state.ts';
import { findTask } from './find.ts';

export interface AssignTaskInput {
  taskId: number;
  /** null = nobody. */
  userId: string | null;
}

/** Makes the user the assignee, whoever had the task before. @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function assignTask(
  { taskId, userId }: AssignTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; task: TaskState }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  changeTask({ run, state, instance: found }, { assignee: userId }, 'assign');
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, task: found.task } };
}
