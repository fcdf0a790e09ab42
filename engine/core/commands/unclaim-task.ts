import { changeTask } from '../behaviors/change-task.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { TaskState } from '../state.ts';
import { findTask } from './find.ts';

/** Gives the task back to its candidates. @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function unclaimTask(
  { taskId }: { taskId: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; task: TaskState }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  changeTask({ run, state, instance: found }, { assignee: null }, 'unclaim');
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, task: found.task } };
}
