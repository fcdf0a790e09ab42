import { createIncident } from '../behaviors/incidents.ts';
import { triesOf } from '../behaviors/jobs.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, elementAt, emit } from '../run.ts';
import { findJob } from './find.ts';

export interface FailJobInput {
  jobId: number;
  message: string;
  /** Stack trace or the like, for the operator. */
  details: string | null;
}

/** Uses up one try and waits as the model says; the last one makes exactly one incident. @throws Failure `JOB_NOT_FOUND` */
export function failJob(
  { jobId, message, details }: FailJobInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; retries: number; dueAt: number }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, jobId);
  const element = elementAt(ports.model(state.definitionId), job.element);
  const retries = Math.max(0, job.retries - 1);
  const waits = element.retryWaitsMs ?? [];
  const waitMs = waits[Math.max(0, triesOf(element) - retries - 1)] ?? 0;
  const dueAt = retries > 0 ? ports.now + waitMs : job.dueAt;
  emit(run, state, { instance: state.id, type: 'JobFailed', job: jobId, retries, dueAt, message, details });
  if (retries === 0) createIncident(run, state, { kind: 'failedJob', element: job.element, source: jobId, message });
  return { events: run.events, result: { instanceId: state.id, retries, dueAt } };
}
