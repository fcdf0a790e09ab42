import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findJob } from './find.ts';

/** Keeps a job from being run, or lets it run again; a second time is no error. @throws Failure `JOB_NOT_FOUND` */
export function setJobSuspended(
  { jobId, suspended }: { jobId: number; suspended: boolean },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; dueAt: number }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, jobId);
  if ((job.suspended === true) !== suspended) emit(run, state, { instance: state.id, type: suspended ? 'JobSuspended' : 'JobActivated', job: jobId });
  return { events: run.events, result: { instanceId: state.id, dueAt: job.dueAt } };
}
