import type { BatchRow } from '#engine/store/batch-store.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

/** Camunda's BatchDto, of a row of `batchList`. */
export function presentBatchRow(row: Row) {
  const id = wireId(row.id) ?? '';
  const perJob = Number(row.items_per_job);
  return {
    id,
    type: wireText(row.type),
    totalJobs: Math.ceil(Number(row.total) / perJob),
    jobsCreated: Math.ceil(Number(row.seeded) / perJob),
    batchJobsPerSeed: Number(row.jobs_per_seed),
    invocationsPerBatchJob: perJob,
    seedJobDefinitionId: `batch-seed:${id}`,
    monitorJobDefinitionId: `batch-monitor:${id}`,
    batchJobDefinitionId: `batch:${id}`,
    suspended: Number(row.suspended) === 1,
    tenantId: wireTenant(row.tenant),
    createUserId: wireText(row.created_by),
    startTime: wireTime(row.created_at),
    executionStartTime: wireTime(row.started_at),
  };
}

/** Camunda's BatchStatisticsDto. */
export function presentStatistics(row: Row) {
  const batch = presentBatchRow(row);
  const completedJobs = batch.jobsCreated - Number(row.open_jobs);
  return { ...batch, remainingJobs: batch.totalJobs - completedJobs, completedJobs, failedJobs: Number(row.failed_jobs) };
}

/** A batch that was just made. */
export function presentBatch(batch: BatchRow) {
  return presentBatchRow({
    id: batch.id,
    type: batch.type,
    total: batch.total,
    seeded: batch.seeded,
    items_per_job: batch.itemsPerJob,
    jobs_per_seed: batch.jobsPerSeed,
    suspended: batch.suspended ? 1 : 0,
    tenant: batch.tenant,
    created_by: batch.createdBy,
    created_at: batch.createdAt,
    started_at: batch.startedAt,
  });
}
