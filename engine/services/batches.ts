import type { Actor } from '#engine/core/ports.ts';
import { notFound, TransientError } from '#engine/errors.ts';
import {
  BATCH_JOB,
  BATCH_MONITOR,
  BATCH_SEED,
  batchAdvanced,
  batchById,
  batchEnded,
  batchJobAdvanced,
  batchJobAgain,
  batchJobById,
  batchJobDone,
  batchJobFailed,
  deleteBatch,
  insertBatch,
  itemsOfBatch,
  openBatchJob,
  openJobsOf,
  setBatchSuspended,
  type BatchJobKind,
  type BatchRow,
  type StoredBatchJob,
} from '#engine/store/batch-store.ts';
import type { AcquiredJob } from '#engine/store/job-store.ts';
import { openLooseIncident } from '#engine/store/loose-job-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { batchHandlers, type BatchHandler, type BatchTask, type BatchType } from './batch-handlers.ts';
import type { ServiceContext } from './context.ts';

/** Camunda's defaults `batchJobsPerSeed` and `invocationsPerBatchJob`. */
const JOBS_PER_SEED = 100;
const ITEMS_PER_JOB = 1;
const LOOK_EVERY_MS = 1_000;

export interface NewBatch {
  type: BatchType;
  /** Ids of what the type works on; all that the caller may see. */
  items: readonly number[];
  /** JSON; what the handler of the type wants. */
  configuration: unknown;
  tenant: string;
  areas: readonly string[];
  actor: Actor;
  itemsPerJob?: number;
  jobsPerSeed?: number;
}

export interface BatchService {
  create(batch: NewBatch): Promise<BatchRow>;
  /** Both @throws RequestError 404 */
  setSuspended(id: number, tenant: string, isSuspended: boolean): Promise<void>;
  /** What is done stays done. `cascade`: the batch leaves no history either. */
  delete(id: number, tenant: string, options: { cascade: boolean }): Promise<void>;
}

/** Camunda's batches: a seed job makes the batch jobs, each works on its items, a monitor job sees the end. */
export function createBatchService(context: ServiceContext): BatchService {
  const { store } = context;
  function* running(id: number, tenant: string): Work<BatchRow> {
    const batch = yield* batchById(id);
    if (!batch || batch.tenant !== tenant || batch.endedAt !== null) throw notFound('batch', id);
    return batch;
  }
  return {
    create: (batch) => store.batcher.run({ key: null, name: 'batch.create' }, (writes) => createBatch(context, writes, batch)),
    setSuspended: (id, tenant, isSuspended) =>
      store.batcher.run({ key: `batch:${id}`, name: 'batch.suspend' }, function* (writes) {
        yield* setBatchSuspended(writes, yield* running(id, tenant), isSuspended);
        if (!isSuspended) writes.afterCommit(() => context.jobDue(store.clock.now()));
      }),
    delete: (id, tenant, { cascade }) =>
      store.batcher.run({ key: `batch:${id}`, name: 'batch.delete' }, function* (writes) {
        yield* running(id, tenant);
        yield* deleteBatch(writes, id, { keepRow: !cascade, at: store.clock.now() });
      }),
  };
}

export function* createBatch({ store, jobDue }: ServiceContext, writes: Writes, input: NewBatch): Work<BatchRow> {
  const { type, items, configuration, tenant, areas, actor, itemsPerJob = ITEMS_PER_JOB, jobsPerSeed = JOBS_PER_SEED } = input;
  const now = store.clock.now();
  const batch: BatchRow = {
    id: store.ids.next(),
    type,
    tenant,
    total: items.length,
    seeded: 0,
    jobsPerSeed,
    itemsPerJob,
    suspended: false,
    createdAt: now,
    createdBy: actor.id,
    startedAt: null,
    endedAt: null,
    configuration: JSON.stringify({ areas, actor, configuration }),
  };
  insertBatch(writes, batch, items);
  openBatchJob(writes, { id: store.ids.next(), batch, kind: BATCH_SEED, dueAt: now, now });
  writes.afterCommit(() => jobDue(now));
  return batch;
}

export function isBatchJob(kind: string): kind is BatchJobKind {
  return kind === BATCH_SEED || kind === BATCH_JOB || kind === BATCH_MONITOR;
}

/** Runs a leased job of a batch. @throws TransientError when the database does not answer */
export async function executeBatchJob(context: ServiceContext, job: AcquiredJob): Promise<void> {
  const { batcher } = context.store;
  let isGoingOn = true;
  try {
    while (isGoingOn) isGoingOn = await batcher.run({ key: job.rootId, name: `job.${job.kind}` }, (writes) => step(context, writes, job));
  } catch (error) {
    if (error instanceof TransientError) throw error;
    context.log.warn({ job: job.id, err: error }, 'a batch job failed');
    await batcher.run({ key: job.rootId, name: 'job.batch-fail' }, (writes) => fail(context, writes, job, error as Error));
  }
}

/** One transaction of the job: false when it is done or somebody else has it. */
function* step(context: ServiceContext, writes: Writes, lease: AcquiredJob): Work<boolean> {
  const job = yield* leased(context, lease);
  const batch = job ? yield* batchById(job.batchId) : null;
  if (!job || !batch) return false;
  if (job.kind === BATCH_JOB) return yield* workOnItem(context, writes, job, batch);
  if (job.kind === BATCH_SEED) yield* seed(context, writes, job, batch);
  else yield* monitor(context, writes, job, batch);
  return false;
}

/** The item and its mark are one transaction: it is done exactly once, whatever dies in between. */
function* workOnItem(context: ServiceContext, writes: Writes, job: StoredBatchJob, batch: BatchRow): Work<boolean> {
  const item = job.items[job.done];
  const isLast = job.done + 1 >= job.items.length;
  if (item !== undefined) {
    const told = JSON.parse(batch.configuration) as Pick<BatchTask, 'areas' | 'actor' | 'configuration'>;
    const handler = batchHandlers[batch.type as BatchType] as BatchHandler<unknown>;
    yield* handler(context, writes, { item, tenant: batch.tenant, ...told });
  }
  if (isLast) batchJobDone(writes, job);
  else batchJobAdvanced(writes, job);
  return !isLast;
}

function* seed({ store, jobDue }: ServiceContext, writes: Writes, job: StoredBatchJob, batch: BatchRow): Work<void> {
  const now = store.clock.now();
  const items = yield* itemsOfBatch(batch.id);
  const until = Math.min(batch.total, batch.seeded + batch.jobsPerSeed * batch.itemsPerJob);
  for (let from = batch.seeded; from < until; from += batch.itemsPerJob) {
    openBatchJob(writes, { id: store.ids.next(), batch, kind: BATCH_JOB, dueAt: now, now, items: items.slice(from, Math.min(from + batch.itemsPerJob, until)) });
  }
  batchAdvanced(writes, batch, { seeded: until, startedAt: batch.startedAt ?? now });
  if (until < batch.total) batchJobAgain(writes, job, now);
  else {
    batchJobDone(writes, job);
    openBatchJob(writes, { id: store.ids.next(), batch, kind: BATCH_MONITOR, dueAt: now, now });
  }
  writes.afterCommit(() => jobDue(now));
}

function* monitor({ store, jobDue }: ServiceContext, writes: Writes, job: StoredBatchJob, batch: BatchRow): Work<void> {
  const now = store.clock.now();
  if ((yield* openJobsOf(batch.id)) > 0) {
    batchJobAgain(writes, job, now + LOOK_EVERY_MS);
    writes.afterCommit(() => jobDue(now + LOOK_EVERY_MS));
    return;
  }
  batchEnded(writes, batch.id, now);
  batchJobDone(writes, job);
}

/** The last try makes an incident of the batch job; the other jobs of the batch go on. */
function* fail(context: ServiceContext, writes: Writes, lease: AcquiredJob, { message, stack }: Error): Work<void> {
  const job = yield* leased(context, lease);
  if (!job) return;
  const { store, jobDue } = context;
  const now = store.clock.now();
  const retries = Math.max(0, job.retries - 1);
  batchJobFailed(writes, job, { message, details: stack ?? null, retries, availableAt: retries > 0 ? now : null });
  if (retries > 0) {
    writes.afterCommit(() => jobDue(now));
    return;
  }
  const { tenant } = lease;
  openLooseIncident(writes, { id: store.ids.next(), jobId: job.id, tenant, area: tenant, now, message });
}

function* leased({ store }: ServiceContext, lease: AcquiredJob): Work<StoredBatchJob | null> {
  const job = yield* batchJobById(lease.id);
  return job && job.lockOwner === store.nodeId && job.availableAt === lease.leasedUntil ? job : null;
}
