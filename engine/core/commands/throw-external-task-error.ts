import { endWithError } from '../behaviors/external-task-errors.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findExternalTask } from './find.ts';

export interface ThrowExternalTaskErrorInput {
  taskId: number;
  workerId: string | null;
  code: string;
  message: string | null;
  /** Each goes to the nearest scope that has it, else to the process. */
  variables?: Variables;
}

/**
 * A worker throws a BPMN error: the nearest error event catches it; when there is none the path ends.
 * @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with
 */
export function throwExternalTaskError(
  { taskId, workerId, code, message, variables = {} }: ThrowExternalTaskErrorInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findExternalTask(root, taskId);
  endWithError(tokenOf(run, state, found), workerId, { code, message, variables });
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}
