import { resolveIncidents } from '../behaviors/incidents.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findJob } from './find.ts';

/** Takes a job away, as if it had never been; what waits for it waits until somebody moves it. @throws Failure `JOB_NOT_FOUND` */
export function deleteJob({ jobId }: { jobId: number }, root: RootState, ports: Ports, actor: Actor): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const { state } = findJob(root, jobId);
  resolveIncidents(run, state, jobId);
  emit(run, state, { instance: state.id, type: 'JobCanceled', job: jobId });
  return { events: run.events, result: { instanceId: state.id } };
}
