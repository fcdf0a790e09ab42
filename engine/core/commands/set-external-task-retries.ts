import { createIncident, resolveIncidents } from '../behaviors/incidents.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findExternalTask } from './find.ts';

/** More than 0 resolves the task's incident; 0 makes one. @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function setExternalTaskRetries(
  { taskId, retries }: { taskId: number; retries: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findExternalTask(root, taskId);
  emit(run, state, { instance: state.id, type: 'ExternalTaskRetriesSet', id: taskId, retries });
  if (retries > 0) resolveIncidents(run, state, taskId);
  else
    createIncident(run, state, {
      kind: 'failedExternalTask',
      element: found.element,
      source: taskId,
      message: found.externalTask.errorMessage,
    });
  return { events: run.events, result: { instanceId: state.id } };
}
