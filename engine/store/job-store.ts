import type { JobKind } from '#engine/core/state.ts';
import type { BatchJobKind } from './batch-store.ts';
import type { DEFINITION_SUSPENSION, JOB_SUSPENSION } from './loose-job-store.ts';
import type { Store } from './open-store.ts';
import { dueOutboxRows, type GIVEN_UP_SIGNAL, OUTBOX_SIGNAL } from './outbox-store.ts';
import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

export interface AcquiredJob {
  id: number;
  instanceId: number;
  /** Commands on one root run one after the other: the batcher's key. */
  rootId: number;
  definitionId: number;
  element: string;
  kind: JobKind | 'timer-start' | typeof OUTBOX_SIGNAL | typeof GIVEN_UP_SIGNAL | BatchJobKind | typeof DEFINITION_SUSPENSION | typeof JOB_SUSPENSION;
  dueAt: number;
  retries: number;
  priority: number;
  tenant: string;
  area: string;
  /** End of the lease; also its fence: see `isLeaseMine`. */
  leasedUntil: number;
}

export interface JobLease {
  /** This node's name. */
  owner: string;
  now: number;
  leaseMs: number;
  limit: number;
  /** Roots whose jobs are left where they are. */
  except?: readonly number[];
}

const HOUR_MS = 3_600_000;

/** Leases due jobs to this node, the longest due first, in batches of 50–100. */
export async function acquireDue(store: Store, { limit, leaseMs, except = [] }: Pick<JobLease, 'limit' | 'leaseMs' | 'except'>): Promise<AcquiredJob[]> {
  const lease = { owner: store.nodeId, now: store.clock.now(), leaseMs, limit, except };
  const jobs = await store.batcher.run({ key: 'jobs', name: 'acquire-jobs' }, function* (writes) {
    return [...(yield* leaseDueOutbox(writes, lease)), ...(yield* leaseDueJobs(writes, lease))];
  });
  return store.query(acquired(jobs, lease));
}

/** Prolongs leases of this node that are still running; returns their new end, UTC epoch ms. */
export async function prolong(store: Store, jobs: readonly LeasedJob[], leaseMs: number): Promise<number> {
  const until = store.clock.now() + leaseMs;
  await store.batcher.run({ key: 'jobs', name: 'renew-leases' }, function* (writes) {
    renewLeases(writes, jobs, store.nodeId, until);
  });
  return until;
}

/** Gives leased jobs of this node back before their time. */
export async function giveBack(store: Store, jobs: readonly (LeasedJob & { dueAt: number })[]): Promise<void> {
  await store.batcher.run({ key: 'jobs', name: 'release-jobs' }, function* (writes) {
    releaseJobs(writes, jobs, store.nodeId);
  });
}

/**
 * Frees what a killed process of this node had leased, so that its work goes on at once and not when the leases run out.
 * On SQLite every lease is such a one: there is no second engine. Returns how many it freed.
 */
export async function freeAbandoned(store: Store): Promise<number> {
  return store.batcher.run({ key: 'jobs', name: 'free-abandoned-jobs' }, function* (writes) {
    // Nothing is leased for longer: with the bound the index leaves out the million timers that are due one day.
    const until = store.clock.now() + HOUR_MS;
    const sql = 'SELECT id, due_at, available_at, lock_owner FROM job WHERE available_at <= ? AND lock_owner IS NOT NULL';
    const rows = store.kind === 'sqlite' ? yield* read(sql, [until]) : yield* read(`${sql} AND lock_owner = ?`, [until, store.nodeId]);
    for (const row of rows)
      releaseJobs(
        writes,
        [{ id: Number(row.id), leasedUntil: Number(row.available_at), dueAt: Number(row.due_at) }],
        String(row.lock_owner),
      );
    const held = 'SELECT id, created_at, lock_owner FROM outbox WHERE available_at IS NOT NULL AND lock_owner IS NOT NULL';
    const outbox = store.kind === 'sqlite' ? yield* read(held) : yield* read(`${held} AND lock_owner = ?`, [store.nodeId]);
    for (const row of outbox)
      writes.update('outbox', { id: row.id!, lock_owner: row.lock_owner! }, { lock_owner: null, available_at: row.created_at! });
    return rows.length + outbox.length;
  });
}

type LeasedJob = Pick<AcquiredJob, 'id' | 'leasedUntil'> & { kind?: string };

/** A signal on its way is leased like a job, but its row is in the outbox. */
const tableOf = ({ kind }: { kind?: string }) => (kind === OUTBOX_SIGNAL ? 'outbox' : 'job');

const COLUMNS = 'id, instance_id, root_id, definition_id, element, kind, due_at, available_at, retries, priority, tenant, area';

/**
 * Leases due jobs, the longest due first. Unit of work: run it in the batcher, then pass its answer through `acquired`.
 * A job leased by somebody else in between is simply not taken.
 */
export function* leaseDueJobs(writes: Writes, { owner, now, leaseMs, limit, except = [] }: JobLease): Work<AcquiredJob[]> {
  const rows = yield* read(`SELECT ${COLUMNS} FROM job WHERE available_at <= ?${notOf(except)} ORDER BY available_at LIMIT ?`, [
    now,
    ...except,
    limit,
  ]);
  const leasedUntil = now + leaseMs;
  for (const row of rows)
    writes.update('job', { id: row.id!, available_at: row.available_at! }, { lock_owner: owner, available_at: leasedUntil });
  return rows.map((row) => acquiredJob(row, leasedUntil));
}

function* leaseDueOutbox(writes: Writes, { owner, now, leaseMs, limit }: JobLease): Work<AcquiredJob[]> {
  const rows = yield* dueOutboxRows(now, limit);
  const leasedUntil = now + leaseMs;
  return rows.map((row) => {
    writes.update('outbox', { id: row.id!, available_at: row.available_at! }, { lock_owner: owner, available_at: leasedUntil });
    const { id, created_at, tenant } = row;
    const none = { instance_id: 0, definition_id: 0, element: '', priority: 0, kind: OUTBOX_SIGNAL };
    return acquiredJob({ ...row, ...none, root_id: id!, due_at: created_at!, area: tenant! }, leasedUntil);
  });
}

/** Which of the jobs this node really holds: with several nodes on one database another one may have been faster. */
export function* acquired(jobs: AcquiredJob[], { owner, now, leaseMs }: JobLease): Work<AcquiredJob[]> {
  const mine = new Set<SqlValue | undefined>();
  for (const [table, some] of Map.groupBy(jobs, tableOf)) {
    const ids: SqlValue[] = some.map(({ id }) => id);
    const sql = `SELECT id FROM ${table} WHERE id IN (${ids.map(() => '?').join(', ')}) AND lock_owner = ? AND available_at = ?`;
    for (const row of yield* read(sql, [...ids, owner, now + leaseMs])) mine.add(row.id);
  }
  return jobs.filter(({ id }) => mine.has(id));
}

/** Prolongs leases while their work runs; a lease that was lost stays lost. */
export function renewLeases(writes: Writes, jobs: readonly LeasedJob[], owner: string, until: number): void {
  for (const job of jobs)
    writes.update(tableOf(job), { id: job.id, lock_owner: owner, available_at: job.leasedUntil }, { available_at: until });
}

/** Gives unfinished jobs back, e.g. at shutdown: they are due again at once. */
export function releaseJobs(writes: Writes, jobs: readonly (LeasedJob & { dueAt: number })[], owner: string): void {
  for (const job of jobs)
    writes.update(
      tableOf(job),
      { id: job.id, lock_owner: owner, available_at: job.leasedUntil },
      { lock_owner: null, available_at: job.dueAt },
    );
}

const notOf = (roots: readonly number[]) => (roots.length === 0 ? '' : ` AND root_id NOT IN (${roots.map(() => '?').join(', ')})`);

/** When the next job can be taken, UTC epoch ms, but for those of the roots in `except`; null = none waits. */
export function* nextDueAt(except: readonly number[] = []): Work<number | null> {
  const min = (table: string) => `SELECT MIN(available_at) AS due_at FROM ${table} WHERE available_at IS NOT NULL`;
  const rows = yield* read(`${min('job')}${notOf(except)} UNION ALL ${min('outbox')}`, [...except]);
  const due = rows.flatMap(({ due_at }) => (due_at === null || due_at === undefined ? [] : Number(due_at)));
  return due.length > 0 ? Math.min(...due) : null;
}

/** Whether a loaded job row (`LoadedRoot.found`) is still leased by this node: a lease that ran out belongs to whoever took it. */
export function isLeaseMine(found: Row, job: { leasedUntil: number }, owner: string): boolean {
  return found.lock_owner === owner && Number(found.available_at) === job.leasedUntil;
}

/** One job as if it had been acquired, leased until then. */
export function* jobRowById(id: number, leasedUntil: number): Work<AcquiredJob | null> {
  const [row] = yield* read(`SELECT ${COLUMNS} FROM job WHERE id = ?`, [id]);
  return row ? acquiredJob(row, leasedUntil) : null;
}

function acquiredJob(row: Row, leasedUntil: number): AcquiredJob {
  return {
    id: Number(row.id),
    instanceId: Number(row.instance_id),
    rootId: Number(row.root_id),
    definitionId: Number(row.definition_id),
    element: String(row.element),
    kind: row.kind as AcquiredJob['kind'],
    dueAt: Number(row.due_at),
    retries: Number(row.retries),
    priority: Number(row.priority),
    tenant: String(row.tenant),
    area: String(row.area),
    leasedUntil,
  };
}
