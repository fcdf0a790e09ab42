import { createIncident, resolveIncidents } from '../behaviors/incidents.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';
import { findJob } from './find.ts';

/** More than 0 resolves the job's incident and lets it run when it is due; 0 makes an incident. @throws Failure `JOB_NOT_FOUND` */
export function setJobRetries(
  { jobId, retries, dueAt: wanted }: { jobId: number; retries: number; dueAt?: number | undefined },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; dueAt: number }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, jobId);
  const dueAt = wanted ?? job.dueAt;
  emit(run, state, { instance: state.id, type: 'JobRetriesSet', job: jobId, retries, dueAt });
  if (retries > 0) resolveIncidents(run, state, jobId);
  else createIncident(run, state, { kind: 'failedJob', element: job.element, source: jobId, message: null });
  return { events: run.events, result: { instanceId: state.id, dueAt } };
}
