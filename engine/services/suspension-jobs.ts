import { TransientError } from '#engine/errors.ts';
import type { AcquiredJob } from '#engine/store/job-store.ts';
import { changeLooseJob, DEFINITION_SUSPENSION, deleteLooseJob, JOB_SUSPENSION, leasedLooseJob } from '#engine/store/loose-job-store.ts';
import type { ServiceContext } from './context.ts';
import { suspendDefinitions, type SuspendDefinitions } from './definition-suspension.ts';
import type { JobAdministration, SuspendJobDefinitions } from './job-administration.ts';

const RETRY_AFTER_MS = 60_000;

export function isSuspensionJob(kind: string): boolean {
  return kind === DEFINITION_SUSPENSION || kind === JOB_SUSPENSION;
}

/** Does what was asked for this time; doing it twice does no harm. @throws TransientError when the database does not answer */
export async function executeSuspension(context: ServiceContext, administration: JobAdministration, lease: AcquiredJob): Promise<void> {
  const { store } = context;
  const job = await store.query(leasedLooseJob(lease, store.nodeId));
  if (!job) return;
  try {
    const input: unknown = JSON.parse(job.payload ?? 'null');
    if (job.kind === DEFINITION_SUSPENSION) await suspendDefinitions(context, input as SuspendDefinitions);
    else await administration.suspendJobDefinitions(input as SuspendJobDefinitions);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    context.log.warn({ job: job.id, err: error }, 'a suspension for this time failed');
    await store.batcher.run({ key: `job:${job.id}`, name: 'job.suspension-fail' }, function* (writes) {
      const mine = yield* leasedLooseJob(lease, store.nodeId);
      if (mine) yield* changeLooseJob(writes, mine, { retries: Math.max(0, mine.retries - 1), dueAt: store.clock.now() + RETRY_AFTER_MS });
    });
    return;
  }
  await store.batcher.run({ key: `job:${job.id}`, name: 'job.suspension-done' }, function* (writes) {
    const mine = yield* leasedLooseJob(lease, store.nodeId);
    if (mine) yield* deleteLooseJob(writes, mine);
  });
}
