import { LOOSE_JOB_RETRIES, looseJobRow } from './loose-job-store.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** Timer start events wait in the `job` table under this kind; their instance id is 0. */
export const TIMER_START = 'timer-start';

export interface TimerStart {
  id: number;
  definitionId: number;
  tenant: string;
  /** BPMN id of the start event. */
  element: string;
  dueAt: number;
  retries: number;
  repeat: { cycle: string; left: number } | null;
}

export interface StoredTimerStart extends TimerStart {
  availableAt: number | null;
  lockOwner: string | null;
}

export function openTimerStart(writes: Writes, { id, definitionId, tenant, element, dueAt, repeat }: Omit<TimerStart, 'retries'>, now: number): void {
  writes.insert('job', {
    ...looseJobRow({ id, kind: TIMER_START, tenant, definitionId, dueAt, now }),
    element,
    repeat_cycle: repeat?.cycle ?? null,
    repeat_left: repeat?.left ?? null,
  });
}

/** A new version of the definition takes the timers of the one before away. */
export function closeTimerStarts(writes: Writes, definitionId: number): void {
  writes.delete('job', { definition_id: definitionId, kind: TIMER_START });
}

export function* timerStartById(id: number): Work<StoredTimerStart | null> {
  const [row] = yield* read('SELECT id, definition_id, tenant, element, due_at, available_at, lock_owner, retries, repeat_cycle, repeat_left FROM job WHERE id = ? AND kind = ?', [id, TIMER_START]);
  return row ? timerStart(row) : null;
}

/** Fired: gone, or due again. The guard refuses when another node has taken it meanwhile. */
export function timerStartFired(writes: Writes, timer: StoredTimerStart, next: { dueAt: number; left: number } | null): void {
  const guard = { lock_owner: timer.lockOwner, available_at: timer.availableAt };
  if (next) writes.update('job', { id: timer.id }, { due_at: next.dueAt, available_at: next.dueAt, lock_owner: null, repeat_left: next.left, retries: LOOSE_JOB_RETRIES, error: null }, guard);
  else writes.delete('job', { id: timer.id }, guard);
}

/** Without tries left it waits for a person: `available_at` is NULL. */
export function timerStartFailed(writes: Writes, timer: StoredTimerStart, failure: { message: string; retries: number; availableAt: number | null }): void {
  const { message, retries, availableAt } = failure;
  writes.update('job', { id: timer.id }, { retries, available_at: availableAt, lock_owner: null, error: message.slice(0, 4_000) }, { lock_owner: timer.lockOwner, available_at: timer.availableAt });
}

/** Where shared content runs: each district that has an area tree and no own version of the process. */
export function* districtsWithout(definitionKey: string): Work<string[]> {
  const sql = 'SELECT DISTINCT tenant FROM area a WHERE NOT EXISTS (SELECT 1 FROM process_definition d WHERE d.tenant = a.tenant AND d.def_key = ? AND d.deleted_at IS NULL) ORDER BY tenant';
  return (yield* read(sql, [definitionKey])).map((row) => String(row.tenant));
}

function timerStart(row: Row): StoredTimerStart {
  return {
    id: Number(row.id),
    definitionId: Number(row.definition_id),
    tenant: String(row.tenant),
    element: String(row.element),
    dueAt: Number(row.due_at),
    availableAt: row.available_at === null ? null : Number(row.available_at),
    lockOwner: row.lock_owner as string | null,
    retries: Number(row.retries),
    repeat: row.repeat_cycle === null ? null : { cycle: String(row.repeat_cycle), left: Number(row.repeat_left) },
  };
}
