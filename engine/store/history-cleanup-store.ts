import { LOOSE_JOB_RETRIES, looseJobRow } from './loose-job-store.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** The one job that cleans history up waits in the `job` table under this kind; it belongs to no instance and no district. */
export const HISTORY_CLEANUP = 'history-cleanup';

export interface CleanupJob {
  id: number;
  dueAt: number;
  /** null = no tries left. */
  availableAt: number | null;
  lockOwner: string | null;
  retries: number;
  error: string | null;
  createdAt: number;
  /** Asked for by somebody: it goes on until nothing is left, whatever time it is. */
  byHand: boolean;
}

/** Of a job that waits to be asked for: the year 9999. */
export const NOT_DUE = 253_402_300_799_000;
const BY_HAND = 'by-hand';

export function* cleanupJob(): Work<CleanupJob | null> {
  const [row] = yield* read("SELECT id, due_at, available_at, lock_owner, retries, error, created_at, repeat_cycle FROM job WHERE kind = 'history-cleanup' AND instance_id = 0 ORDER BY id LIMIT 1");
  return row ? toJob(row) : null;
}

function toJob(row: Row): CleanupJob {
  return {
    id: Number(row.id),
    dueAt: Number(row.due_at),
    availableAt: row.available_at === null ? null : Number(row.available_at),
    lockOwner: row.lock_owner as string | null,
    retries: Number(row.retries),
    error: row.error as string | null,
    createdAt: Number(row.created_at),
    byHand: row.repeat_cycle === BY_HAND,
  };
}

export function openCleanupJob(writes: Writes, { id, dueAt, now, byHand }: { id: number; dueAt: number; now: number; byHand: boolean }): void {
  writes.insert('job', {
    ...looseJobRow({ id, kind: HISTORY_CLEANUP, tenant: '', dueAt, now }),
    repeat_cycle: byHand ? BY_HAND : null,
  });
}

/** When it runs next; whoever has leased it loses it. */
export function scheduleCleanup(writes: Writes, job: CleanupJob, { dueAt, byHand }: { dueAt: number; byHand: boolean }): void {
  const set = { due_at: dueAt, available_at: dueAt, lock_owner: null, retries: LOOSE_JOB_RETRIES, error: null, repeat_cycle: byHand ? BY_HAND : null };
  writes.update('job', { id: job.id }, set, { available_at: job.availableAt, lock_owner: job.lockOwner });
}

/** Tried again later; it is never given up. */
export function cleanupFailed(writes: Writes, job: CleanupJob, { message, again }: { message: string; again: number }): void {
  const retries = Math.max(1, job.retries - 1);
  writes.update('job', { id: job.id }, { due_at: again, available_at: again, lock_owner: null, retries, error: message }, { available_at: job.availableAt, lock_owner: job.lockOwner });
}
