import { changeTask } from '../behaviors/change-task.ts';
import { runToWaitStates } from '../execute.ts';
import { Failure } from '../failure.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { TaskState } from '../state.ts';
import { findTask } from './find.ts';

export interface ClaimTaskInput {
  taskId: number;
  userId: string;
}

/**
 * Makes the user the assignee of a task that nobody has; again for the same user is no error.
 * @throws Failure `TASK_ALREADY_CLAIMED`, `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`
 */
export function claimTask(
  { taskId, userId }: ClaimTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; task: TaskState }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  const { assignee } = found.task;
  if (assignee !== null && assignee !== userId) {
    throw new Failure('TASK_ALREADY_CLAIMED', `Expected user task ${taskId} to have no assignee, but ${assignee} has it`);
  }
  changeTask({ run, state, instance: found }, { assignee: userId }, 'claim');
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, task: found.task } };
}
