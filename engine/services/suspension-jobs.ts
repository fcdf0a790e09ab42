import { TransientError } from '#engine/errors.ts';
import type { AcquiredJob } from '#engine/store/job-store.ts';
import { changeLooseJob, DEFINITION_SUSPENSION, deleteLooseJob, JOB_SUSPENSION, looseJobById, type LooseJob } from '#engine/store/loose-job-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
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
  const job = await store.query(leased(context, lease));
  if (!job) return;
  try {
    const input: unknown = JSON.parse(job.payload ?? 'null');
    if (job.kind === DEFINITION_SUSPENSION) await suspendDefinitions(context, input as SuspendDefinitions);
    else await administration.suspendJobDefinitions(input as SuspendJobDefinitions);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    context.log.warn({ job: job.id, err: error }, 'a suspension for this time failed');
    await store.batcher.run({ key: `job:${job.id}`, name: 'job.suspension-fail' }, function* (writes) {
      const mine = yield* leased(context, lease);
      if (mine) yield* changeLooseJob(writes, mine, { retries: Math.max(0, mine.retries - 1), dueAt: store.clock.now() + RETRY_AFTER_MS });
    });
    return;
  }
  await store.batcher.run({ key: `job:${job.id}`, name: 'job.suspension-done' }, function* (writes) {
    const mine = yield* leased(context, lease);
    if (mine) deleteLooseJob(writes, mine);
  });
}

function* leased({ store }: ServiceContext, lease: AcquiredJob): Work<LooseJob | null> {
  const job = yield* looseJobById(lease.id);
  return job && job.lockOwner === store.nodeId && job.availableAt === lease.leasedUntil ? job : null;
}
