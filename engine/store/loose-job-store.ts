import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** A job that belongs to no instance: a timer start event, a part of a batch, a suspension for later. Its row is all there is of it. */
export interface LooseJob {
  id: number;
  kind: string;
  definitionId: number;
  element: string;
  dueAt: number;
  availableAt: number | null;
  lockOwner: string | null;
  retries: number;
  suspended: boolean;
  payload: string | null;
}

export interface LooseJobChange {
  retries?: number;
  dueAt?: number;
  priority?: number;
  suspended?: boolean;
}

/** Suspends or activates definitions later. */
export const DEFINITION_SUSPENSION = 'definition-suspension';
/** The same for job definitions. */
export const JOB_SUSPENSION = 'job-suspension';

export function* looseJobById(id: number): Work<LooseJob | null> {
  const [row] = yield* read(
    'SELECT id, kind, definition_id, element, due_at, available_at, lock_owner, retries, suspended, payload FROM job WHERE id = ? AND instance_id = 0',
    [id],
  );
  if (!row) return null;
  return {
    id: Number(row.id),
    kind: String(row.kind),
    definitionId: Number(row.definition_id),
    element: String(row.element),
    dueAt: Number(row.due_at),
    availableAt: row.available_at === null ? null : Number(row.available_at),
    lockOwner: row.lock_owner as string | null,
    retries: Number(row.retries),
    suspended: Number(row.suspended ?? 0) === 1,
    payload: row.payload as string | null,
  };
}

/** Whoever has leased it loses it; more than no retries take its incident away. */
export function* changeLooseJob(writes: Writes, job: LooseJob, change: LooseJobChange): Work<void> {
  const { retries = job.retries, dueAt = job.dueAt, suspended = job.suspended, priority } = change;
  const set: Row = {
    retries,
    due_at: dueAt,
    suspended: suspended ? 1 : null,
    available_at: suspended || retries <= 0 ? null : dueAt,
    lock_owner: null,
    ...(priority !== undefined && { priority }),
  };
  writes.update('job', { id: job.id }, set, { available_at: job.availableAt, lock_owner: job.lockOwner });
  if (retries <= 0) return;
  for (const { id } of yield* read('SELECT id FROM incident WHERE source_id = ? AND instance_id = 0', [job.id])) writes.delete('incident', { id: id! });
}

/** Takes the job for this node, whatever its due time. The guard refuses when somebody else runs it. */
export function leaseLooseJob(writes: Writes, job: LooseJob, owner: string, until: number): void {
  writes.update('job', { id: job.id }, { lock_owner: owner, available_at: until }, { available_at: job.availableAt, lock_owner: job.lockOwner });
}

export function openLaterJob(
  writes: Writes,
  { id, kind, tenant, definitionId, dueAt, now, payload }: { id: number; kind: string; tenant: string; definitionId: number; dueAt: number; now: number; payload: unknown },
): void {
  writes.insert('job', {
    id,
    instance_id: 0,
    root_id: id,
    definition_id: definitionId,
    element: '',
    tenant,
    area: tenant,
    created_at: now,
    kind,
    due_at: dueAt,
    available_at: dueAt,
    lock_owner: null,
    retries: 3,
    priority: 0,
    payload: JSON.stringify(payload),
  });
}

export function deleteLooseJob(writes: Writes, job: LooseJob): void {
  writes.delete('job', { id: job.id }, { available_at: job.availableAt, lock_owner: job.lockOwner });
}

/** The timer start events of a definition, which wait as long as it is suspended. */
export function* setTimerStartsSuspended(writes: Writes, definitionId: number, isSuspended: boolean): Work<void> {
  for (const { id } of yield* read("SELECT id FROM job WHERE definition_id = ? AND kind = 'timer-start'", [definitionId])) {
    const job = yield* looseJobById(Number(id));
    if (job) yield* changeLooseJob(writes, job, { suspended: isSuspended });
  }
}
