import { throwMappedError } from '../behaviors/external-task-errors.ts';
import { createIncident } from '../behaviors/incidents.ts';
import { setLocalVariables, setVariables } from '../behaviors/variables.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findExternalTask } from './find.ts';

export interface FailExternalTaskInput {
  taskId: number;
  workerId: string | null;
  message: string | null;
  details: string | null;
  /** Tries left; 0 = an incident. */
  retries: number;
  /** How long no worker gets the task, in ms. */
  retryTimeoutMs: number;
  variables?: Variables;
  localVariables?: Variables;
}

/** A worker reports a failure. @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function failExternalTask(
  input: FailExternalTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const { taskId, workerId, message, details, variables = {}, localVariables = {} } = input;
  const run = createRun(root, ports, actor);
  const { state, found: instance } = findExternalTask(root, taskId);
  const { element } = instance;
  const token = tokenOf(run, state, instance);
  setLocalVariables(token, localVariables);
  setVariables(token, variables);
  if (!throwMappedError(token, { workerId, failure: { message, details } })) {
    const retries = Math.max(0, input.retries);
    const retryAt = ports.now + Math.max(0, input.retryTimeoutMs);
    emit(run, state, { instance: state.id, type: 'ExternalTaskFailed', id: taskId, element, retries, retryAt, message, details });
    if (retries === 0) createIncident(run, state, { kind: 'failedExternalTask', element, source: taskId, message });
  }
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id } };
}
