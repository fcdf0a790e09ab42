import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findJob } from './find.ts';

/** Jobs with a higher priority are preferred when there are more than can run. @throws Failure `JOB_NOT_FOUND` */
export function setJobPriority(
  { jobId, priority }: { jobId: number; priority: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, jobId);
  if (job.priority !== priority) emit(run, state, { instance: state.id, type: 'JobPrioritySet', job: jobId, priority });
  return { events: run.events, result: { instanceId: state.id } };
}
