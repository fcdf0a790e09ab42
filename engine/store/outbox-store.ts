import type { Variables } from '#engine/core/values.ts';
import { deleteLooseJob, looseJobRow, openLooseIncident, type LooseJob } from './loose-job-store.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** The only kind so far: a signal on its way to those outside the tree that threw it. The job executor runs it like a job. */
export const OUTBOX_SIGNAL = 'signal';
const RETRIES = 3;
/** A signal that was given up: a failed job, for a person to see. When it runs, the signal goes back into the outbox. */
export const GIVEN_UP_SIGNAL = 'given-up-signal';

export interface OutboxSignal {
  id: number;
  tenant: string;
  name: string;
  variables: Variables;
  /** For the instances that the signal starts. */
  businessKey: string | null;
  area: string;
  /** Only executions of this area and those below get it; null = the whole tenant. */
  withinArea: string | null;
  /** The tree that has handled the signal itself; null = none. */
  exceptRoot: number | null;
  /** How many signals led to this one, each in the very step of the one before; see `MAX_HOPS`. */
  hops: number;
  createdAt: number;
  /** Keys of the processes that did not start while everybody else was served; absent = it goes to all. */
  onlyStarts?: string[];
}

export interface StoredSignal extends OutboxSignal {
  availableAt: number | null;
  lockOwner: string | null;
  retries: number;
}

/** In the transaction that throws the signal. `lease`: the caller delivers it itself, and another node only if that one dies. */
export function insertSignal(writes: Writes, signal: OutboxSignal, lease: { owner: string; until: number } | null = null): void {
  const { id, tenant, createdAt, ...payload } = signal;
  writes.insert('outbox', {
    id,
    kind: OUTBOX_SIGNAL,
    tenant,
    payload: JSON.stringify(payload),
    created_at: createdAt,
    available_at: lease?.until ?? createdAt,
    lock_owner: lease?.owner ?? null,
    retries: RETRIES,
    error: null,
  });
}

export function* signalById(id: number): Work<StoredSignal | null> {
  const [row] = yield* read('SELECT id, tenant, payload, created_at, available_at, lock_owner, retries FROM outbox WHERE id = ?', [id]);
  if (!row) return null;
  const payload = JSON.parse(String(row.payload)) as Omit<OutboxSignal, 'id' | 'tenant' | 'createdAt'>;
  return {
    id: Number(row.id),
    tenant: String(row.tenant),
    ...payload,
    createdAt: Number(row.created_at),
    availableAt: row.available_at === null ? null : Number(row.available_at),
    lockOwner: row.lock_owner as string | null,
    retries: Number(row.retries),
  };
}

/** All targets have it. The guard refuses when another node has taken it meanwhile. */
export function signalDelivered(writes: Writes, { id, lockOwner, availableAt }: StoredSignal): void {
  writes.delete('outbox', { id }, { lock_owner: lockOwner, available_at: availableAt });
}

/** It is tried again at `again`, epoch ms. */
export function signalFailed(
  writes: Writes,
  { id, lockOwner, availableAt }: StoredSignal,
  failure: { message: string; retries: number; again: number },
): void {
  const set = { retries: failure.retries, available_at: failure.again, lock_owner: null, error: failure.message.slice(0, 4_000) };
  writes.update('outbox', { id }, set, { lock_owner: lockOwner, available_at: availableAt });
}

/** Out of the outbox, among the failed jobs of its district, under the same id. */
export function signalGivenUp(writes: Writes, signal: StoredSignal, failure: { message: string; incidentId: number; now: number }): void {
  const { id, tenant, area, name, variables, businessKey, withinArea, exceptRoot, createdAt, onlyStarts } = signal;
  const { message, incidentId, now } = failure;
  const payload: Omit<OutboxSignal, 'id'> = { tenant, area, name, variables, businessKey, withinArea, exceptRoot, hops: 0, createdAt, ...(onlyStarts && { onlyStarts }) };
  signalDelivered(writes, signal);
  const job = looseJobRow({ id, kind: GIVEN_UP_SIGNAL, tenant, dueAt: createdAt, now });
  writes.insert('job', { ...job, area, available_at: null, retries: 0, error: message.slice(0, 4_000), payload: JSON.stringify(payload) });
  openLooseIncident(writes, { id: incidentId, jobId: id, tenant, area, now, message });
}

/** Somebody has asked for another try. */
export function* signalSentAgain(writes: Writes, job: LooseJob): Work<void> {
  yield* deleteLooseJob(writes, job);
  const payload = JSON.parse(job.payload ?? 'null') as Omit<OutboxSignal, 'id'>;
  insertSignal(writes, { ...payload, id: job.id });
}

export function* dueOutboxRows(now: number, limit: number): Work<Row[]> {
  return yield* read(
    'SELECT id, kind, tenant, created_at, available_at, retries FROM outbox WHERE available_at <= ? ORDER BY available_at LIMIT ?',
    [now, limit],
  );
}
