import { throwError } from '../behaviors/errors.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findTask } from './find.ts';

export interface ThrowTaskErrorInput {
  taskId: number;
  code: string;
  message: string | null;
  /** Each goes to the nearest scope that has it, else to the process. */
  variables?: Variables;
}

/**
 * A person's task ends with a BPMN error: the nearest error event catches it; when there is none the path ends.
 * @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with
 */
export function throwTaskError(
  { taskId, code, message, variables = {} }: ThrowTaskErrorInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  emit(run, state, { instance: state.id, type: 'UserTaskEnded', id: taskId, element: found.element, reason: 'canceled' });
  throwError(tokenOf(run, state, found), { code, message, variables });
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}
