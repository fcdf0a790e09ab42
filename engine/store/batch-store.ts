import { LOOSE_JOB_RETRIES, looseJobRow } from './loose-job-store.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** One operation on many things, in small jobs; a row stays, with its end, as history. */
export interface BatchRow {
  id: number;
  type: string;
  tenant: string;
  total: number;
  /** Items that have a job by now. */
  seeded: number;
  jobsPerSeed: number;
  itemsPerJob: number;
  suspended: boolean;
  createdAt: number;
  createdBy: string | null;
  startedAt: number | null;
  endedAt: number | null;
  /** JSON. */
  configuration: string;
}

/** The three kinds of jobs in a batch; they wait in the `job` table with the instance id 0. */
export const BATCH_SEED = 'batch-seed';
export const BATCH_JOB = 'batch';
export const BATCH_MONITOR = 'batch-monitor';
export type BatchJobKind = typeof BATCH_SEED | typeof BATCH_JOB | typeof BATCH_MONITOR;

export interface StoredBatchJob {
  id: number;
  batchId: number;
  kind: BatchJobKind;
  availableAt: number | null;
  lockOwner: string | null;
  retries: number;
  /** Of `batch`: its items, and how many of them are done. */
  items: number[];
  done: number;
}

const COLUMNS =
  'id, type, tenant, total, seeded, jobs_per_seed, items_per_job, suspended, created_at, created_by, started_at, ended_at, configuration';

export function insertBatch(writes: Writes, batch: BatchRow, items: readonly number[]): void {
  writes.insert('batch', {
    id: batch.id,
    type: batch.type,
    tenant: batch.tenant,
    total: batch.total,
    seeded: batch.seeded,
    jobs_per_seed: batch.jobsPerSeed,
    items_per_job: batch.itemsPerJob,
    suspended: batch.suspended ? 1 : 0,
    created_at: batch.createdAt,
    created_by: batch.createdBy,
    started_at: batch.startedAt,
    ended_at: batch.endedAt,
    items: JSON.stringify(items),
    configuration: batch.configuration,
  });
}

export function* batchById(id: number): Work<BatchRow | null> {
  const [row] = yield* read(`SELECT ${COLUMNS} FROM batch WHERE id = ?`, [id]);
  return row ? batchRow(row) : null;
}

export function* itemsOfBatch(id: number): Work<number[]> {
  const [row] = yield* read('SELECT items FROM batch WHERE id = ?', [id]);
  return row ? (JSON.parse(String(row.items)) as number[]) : [];
}

export function openBatchJob(writes: Writes, job: { id: number; batch: BatchRow; kind: BatchJobKind; dueAt: number; now: number; items?: readonly number[] }): void {
  const { id, batch, kind, dueAt, now, items } = job;
  writes.insert('job', {
    ...looseJobRow({ id, kind, tenant: batch.tenant, dueAt, now }),
    available_at: batch.suspended ? null : dueAt,
    batch_id: batch.id,
    batch_done: 0,
    payload: items ? JSON.stringify(items) : null,
  });
}

export function* batchJobById(id: number): Work<StoredBatchJob | null> {
  const [row] = yield* read('SELECT id, batch_id, kind, available_at, lock_owner, retries, batch_done, payload FROM job WHERE id = ? AND batch_id IS NOT NULL', [id]);
  if (!row) return null;
  return {
    id: Number(row.id),
    batchId: Number(row.batch_id),
    kind: row.kind as BatchJobKind,
    availableAt: row.available_at === null ? null : Number(row.available_at),
    lockOwner: row.lock_owner as string | null,
    retries: Number(row.retries),
    items: row.payload === null ? [] : (JSON.parse(String(row.payload)) as number[]),
    done: Number(row.batch_done ?? 0),
  };
}

/** The guards refuse when the job was suspended or taken by another node meanwhile. */
const guardOf = ({ lockOwner, availableAt }: StoredBatchJob): Row => ({ lock_owner: lockOwner, available_at: availableAt });

export function batchJobDone(writes: Writes, job: StoredBatchJob): void {
  writes.delete('job', { id: job.id }, guardOf(job));
}

/** One more of its items is done; the job stays leased. */
export function batchJobAdvanced(writes: Writes, job: StoredBatchJob): void {
  writes.update('job', { id: job.id }, { batch_done: job.done + 1, retries: LOOSE_JOB_RETRIES, error: null, error_details: null }, guardOf(job));
}

export function batchJobAgain(writes: Writes, job: StoredBatchJob, dueAt: number): void {
  writes.update('job', { id: job.id }, { due_at: dueAt, available_at: dueAt, lock_owner: null, retries: LOOSE_JOB_RETRIES }, guardOf(job));
}

export function batchJobFailed(writes: Writes, job: StoredBatchJob, failure: { message: string; details: string | null; retries: number; availableAt: number | null }): void {
  const { message, details, retries, availableAt } = failure;
  writes.update('job', { id: job.id }, { retries, available_at: availableAt, lock_owner: null, error: message.slice(0, 4_000), error_details: details }, guardOf(job));
}

export function batchAdvanced(writes: Writes, batch: BatchRow, set: { seeded: number; startedAt: number }): void {
  writes.update('batch', { id: batch.id }, { seeded: set.seeded, started_at: set.startedAt }, { seeded: batch.seeded });
}

export function batchEnded(writes: Writes, id: number, at: number): void {
  // What it worked on is in the history of each; the list would be the largest part of the row.
  writes.update('batch', { id }, { ended_at: at, items: '[]' });
}

/** How many batch jobs are not done. */
export function* openJobsOf(batchId: number): Work<number> {
  const [row] = yield* read(`SELECT COUNT(*) AS n FROM job WHERE batch_id = ? AND kind = '${BATCH_JOB}'`, [batchId]);
  return Number(row?.n ?? 0);
}

/** Takes every job of the batch out of reach, or gives it back. */
export function* setBatchSuspended(writes: Writes, batch: BatchRow, isSuspended: boolean): Work<void> {
  writes.update('batch', { id: batch.id }, { suspended: isSuspended ? 1 : 0 });
  for (const { id, due_at: dueAt, retries } of yield* read('SELECT id, due_at, retries FROM job WHERE batch_id = ?', [batch.id])) {
    const reach = !isSuspended && Number(retries) > 0 ? dueAt! : null;
    writes.update('job', { id: id! }, { suspended: isSuspended ? 1 : null, available_at: reach, lock_owner: null });
  }
}

/** The batch with its jobs and their incidents; what is done stays done. */
export function* deleteBatch(writes: Writes, batchId: number, { keepRow, at }: { keepRow: boolean; at: number }): Work<void> {
  for (const { id } of yield* read('SELECT i.id FROM incident i JOIN job j ON j.id = i.source_id WHERE j.batch_id = ?', [batchId])) writes.delete('incident', { id: id! });
  for (const { id } of yield* read('SELECT id FROM job WHERE batch_id = ?', [batchId])) writes.delete('job', { id: id! });
  if (keepRow) batchEnded(writes, batchId, at);
  else writes.delete('batch', { id: batchId });
}

function batchRow(row: Row): BatchRow {
  const number = (value: Row[string] | undefined) => (value === null || value === undefined ? null : Number(value));
  return {
    id: Number(row.id),
    type: String(row.type),
    tenant: String(row.tenant),
    total: Number(row.total),
    seeded: Number(row.seeded),
    jobsPerSeed: Number(row.jobs_per_seed),
    itemsPerJob: Number(row.items_per_job),
    suspended: Number(row.suspended) === 1,
    createdAt: Number(row.created_at),
    createdBy: row.created_by as string | null,
    startedAt: number(row.started_at),
    endedAt: number(row.ended_at),
    configuration: String(row.configuration),
  };
}
