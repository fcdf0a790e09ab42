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

export const LOOSE_JOB_RETRIES = 3;

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

/** null = the lease ran out and another node has the job, or it is gone. */
export function* leasedLooseJob({ id, leasedUntil }: { id: number; leasedUntil: number }, owner: string): Work<LooseJob | null> {
  const job = yield* looseJobById(id);
  return job && job.lockOwner === owner && job.availableAt === leasedUntil ? job : null;
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
  if (retries > 0) yield* resolveIncident(writes, job.id);
}

function* resolveIncident(writes: Writes, jobId: number): Work<void> {
  for (const { id } of yield* read('SELECT id FROM incident WHERE source_id = ? AND instance_id = 0', [jobId])) writes.delete('incident', { id: id! });
}

/** A job of no instance has used its last try. */
export function openLooseIncident(writes: Writes, incident: { id: number; jobId: number; tenant: string; area: string; now: number; message: string }): void {
  const { id, jobId, tenant, area, now, message } = incident;
  writes.insert('incident', {
    id,
    instance_id: 0,
    definition_id: 0,
    element: '',
    tenant,
    area,
    created_at: now,
    kind: 'failedJob',
    source_id: jobId,
    message: message.slice(0, 4_000),
  });
}

/** Takes the job for this node, whatever its due time. The guard refuses when somebody else runs it. */
export function leaseLooseJob(writes: Writes, job: LooseJob, owner: string, until: number): void {
  writes.update('job', { id: job.id }, { lock_owner: owner, available_at: until }, { available_at: job.availableAt, lock_owner: job.lockOwner });
}

/** What the rows of all jobs without an instance have in common. */
export function looseJobRow(job: { id: number; kind: string; tenant: string; definitionId?: number; dueAt: number; now: number }): Row {
  const { id, kind, tenant, definitionId = 0, dueAt, now } = job;
  return {
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
    retries: LOOSE_JOB_RETRIES,
    priority: 0,
  };
}

export function openLaterJob(writes: Writes, { payload, ...job }: Parameters<typeof looseJobRow>[0] & { payload: unknown }): void {
  writes.insert('job', { ...looseJobRow(job), payload: JSON.stringify(payload) });
}

export function* deleteLooseJob(writes: Writes, job: LooseJob): Work<void> {
  writes.delete('job', { id: job.id }, { available_at: job.availableAt, lock_owner: job.lockOwner });
  yield* resolveIncident(writes, job.id);
}

/** The timer start events of a definition, which wait as long as it is suspended. */
export function* setTimerStartsSuspended(writes: Writes, definitionId: number, isSuspended: boolean): Work<void> {
  for (const { id } of yield* read("SELECT id FROM job WHERE definition_id = ? AND kind = 'timer-start'", [definitionId])) {
    const job = yield* looseJobById(Number(id));
    if (job) yield* changeLooseJob(writes, job, { suspended: isSuspended });
  }
}
