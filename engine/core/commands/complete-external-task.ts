import { completeElement } from '../behaviors/complete-element.ts';
import { throwMappedError } from '../behaviors/external-task-errors.ts';
import { resolveIncidents } from '../behaviors/incidents.ts';
import { setLocalVariables, setVariables } from '../behaviors/variables.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findExternalTask } from './find.ts';

export interface CompleteExternalTaskInput {
  taskId: number;
  /** Who holds the lock; checked by the caller, recorded here. */
  workerId: string | null;
  variables?: Variables;
  /** Visible to the element's output parameters only. */
  localVariables?: Variables;
}

/** Completes an external task and runs the instance on. @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with */
export function completeExternalTask(
  { taskId, workerId, variables = {}, localVariables = {} }: CompleteExternalTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found: instance } = findExternalTask(root, taskId);
  const token = tokenOf(run, state, instance);
  setLocalVariables(token, localVariables);
  setVariables(token, variables);
  if (!throwMappedError(token, { workerId, failure: null })) {
    resolveIncidents(run, state, taskId);
    emit(run, state, {
      instance: state.id,
      type: 'ExternalTaskEnded',
      id: taskId,
      element: instance.element,
      reason: 'completed',
      worker: workerId,
    });
    completeElement(token);
  }
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}
