import type { Variables } from '#engine/core/values.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** The only kind so far: a signal on its way to those outside the tree that threw it. The job executor runs it like a job. */
export const OUTBOX_SIGNAL = 'signal';
const RETRIES = 3;

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

/** Without tries left it waits for a person: `available_at` is NULL. */
export function signalFailed(
  writes: Writes,
  { id, lockOwner, availableAt }: StoredSignal,
  failure: { message: string; retries: number; availableAt: number | null },
): void {
  const set = { retries: failure.retries, available_at: failure.availableAt, lock_owner: null, error: failure.message.slice(0, 4_000) };
  writes.update('outbox', { id }, set, { lock_owner: lockOwner, available_at: availableAt });
}

export function* dueOutboxRows(now: number, limit: number): Work<Row[]> {
  return yield* read(
    'SELECT id, kind, tenant, created_at, available_at, retries FROM outbox WHERE available_at <= ? ORDER BY available_at LIMIT ?',
    [now, limit],
  );
}
