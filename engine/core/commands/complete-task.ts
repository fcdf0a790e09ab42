import { completeElement } from '../behaviors/complete-element.ts';
import { runTaskListeners } from '../behaviors/task-listeners.ts';
import { setVariables } from '../behaviors/variables.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findTask } from './find.ts';

export interface CompleteTaskInput {
  taskId: number;
  /** Each goes to the nearest scope that has it, else to the process. */
  variables?: Variables;
}

/** Completes a user task and runs the instance on. @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with */
export function completeTask(
  { taskId, variables = {} }: CompleteTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found: instance } = findTask(root, taskId);
  const token = tokenOf(run, state, instance);
  setVariables(token, variables);
  runTaskListeners(token, 'complete');
  emit(run, state, { instance: state.id, type: 'UserTaskEnded', id: taskId, element: instance.element, reason: 'completed' });
  completeElement(token);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}
