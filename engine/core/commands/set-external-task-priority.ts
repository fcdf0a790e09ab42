import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findExternalTask } from './find.ts';

/** Workers that ask by priority get the highest first. @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function setExternalTaskPriority(
  { taskId, priority }: { taskId: number; priority: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findExternalTask(root, taskId);
  if (found.externalTask.priority !== priority) emit(run, state, { instance: state.id, type: 'ExternalTaskPrioritySet', id: taskId, priority });
  return { events: run.events, result: { instanceId: state.id } };
}
