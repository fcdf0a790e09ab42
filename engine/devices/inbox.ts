import { randomBytes } from 'node:crypto';
import { conflict, notFound } from '#engine/errors.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import type { RuntimeService, StartInput } from '#engine/services/contract.ts';
import { changeRow, inboxRow, leasable, leasedBy, markDone, MAX_TRIES, type InboxRow } from '#engine/store/inbox-store.ts';
import type { Batcher, UnitOptions, Work, Writes } from '#engine/store/unit-of-work.ts';
import type { Waiters } from './waiters.ts';

export interface InboxContext {
  store: { batcher: Batcher; clock: { now(): number } };
  runtime: Pick<RuntimeService, 'startWork' | 'correlateWork'>;
  waiters: Waiters;
}

export interface FetchInput {
  workerId: string;
  max: number;
  leaseMs: number;
  /** 0 = answer at once. */
  waitMs: number;
  /** Empty = all. */
  capabilities: string[];
  /** Empty = all districts. */
  tenants: string[];
  signal?: AbortSignal;
}

/** Which event, and the proof that the caller is the one who works on it. */
export interface Lease {
  id: number;
  leaseToken: string;
  /** Districts the caller may act for; empty = all. */
  tenants: string[];
}

export interface Inbox {
  /** Leases events; each comes again after `leaseMs` unless acknowledged. */
  fetch(input: FetchInput): Promise<InboxRow[]>;
  /** @throws RequestError 404, 409 `LEASE_LOST` */
  acknowledge(lease: Lease, by: string): Promise<void>;
  /** Gives the event back: again after a pause, dead after 5 deliveries. @throws as `acknowledge` */
  fail(lease: Lease, error: string): Promise<{ status: 'new' | 'dead'; availableAt: number }>;
  /** Takes the leases of workers back whose process is gone: their events are delivered again at once. Returns how many. */
  release(workerPrefix: string): Promise<number>;
  /** Starts a process and acknowledges the event, in one transaction; the same answer again when repeated. */
  start(lease: Lease, input: LeasedStart): Promise<{ instanceId: number }>;
  /** Correlates and acknowledges the event, in one transaction. @throws RequestError 400 `MISMATCHING_MESSAGE` */
  correlate(lease: Lease, input: LeasedCorrelate): Promise<{ instanceIds: number[] }>;
}

export type LeasedStart = Pick<StartInput, 'businessKey' | 'variables'> & { processKey: string; actor: Actor };
export interface LeasedCorrelate {
  message: string;
  businessKey: string | null;
  correlationKeys: Variables;
  variables: Variables;
  actor: Actor;
}

/** Other nodes commit events too and cannot wake our polls. */
const POLL_MS = 1000;
const BACKOFF_MS = [1000, 5000, 15_000, 60_000];

export function createInbox(context: InboxContext): Inbox {
  const { store, runtime, waiters } = context;

  /** An event that is done lets the device's next one go. */
  async function handle<T>(options: UnitOptions, work: (writes: Writes) => Work<T>): Promise<T> {
    const result = await store.batcher.run(options, work);
    waiters.wake();
    return result;
  }

  return {
    async fetch(input) {
      const until = performance.now() + input.waitMs;
      for (;;) {
        const ticket = waiters.ticket();
        const leased = await leaseOnce(context, input);
        const left = until - performance.now();
        if (leased.length > 0 || left <= 0 || input.signal?.aborted) return leased;
        await waiters.wait(ticket, Math.min(left, POLL_MS), input.signal);
      }
    },

    acknowledge: (lease, by) =>
      handle(unit(lease, 'acknowledge-event'), function* (writes) {
        const row = yield* leasedRow(lease);
        if (row.status === 'new') markDone(writes, row, { now: store.clock.now(), by });
      }),

    fail: (lease, error) =>
      store.batcher.run(unit(lease, 'fail-event'), function* (writes) {
        const row = yield* leasedRow(lease);
        if (row.status !== 'new') throw conflict('EVENT_HANDLED', `Expected event ${row.id} to be open, but it is ${row.status}`);
        return giveBack(writes, row, error, store.clock.now());
      }),

    async release(workerPrefix) {
      const released = await store.batcher.run({ key: 'inbox-lease', name: 'release-leases' }, function* (writes) {
        const now = store.clock.now();
        const rows = yield* leasedBy(workerPrefix, now);
        for (const row of rows) changeRow(writes, row, { available_at: now, lease_token: null });
        return rows.length;
      });
      if (released > 0) waiters.wake();
      return released;
    },

    start: (lease, input) =>
      handle(unit(lease, 'start-from-event'), function* (writes) {
        const row = yield* leasedRow(lease);
        if (row.status === 'done') return { instanceId: instancesOf(row)[0] ?? 0 };
        const { processKey, ...rest } = input;
        const started = yield* runtime.startWork(writes, { ...rest, definition: { key: processKey }, tenant: row.tenant, area: row.area });
        markDone(writes, row, { now: store.clock.now(), by: `process:${started.id}` });
        return { instanceId: started.id };
      }),

    correlate: (lease, input) =>
      handle(unit(lease, 'correlate-event'), function* (writes) {
        const row = yield* leasedRow(lease);
        if (row.status === 'done') return { instanceIds: instancesOf(row) };
        const results = yield* runtime.correlateWork(writes, { ...input, tenant: row.tenant, area: null });
        const instanceIds = results.map((result) => (result.kind === 'started' ? result.instance.id : result.instanceId));
        markDone(writes, row, { now: store.clock.now(), by: `process:${instanceIds.join(',')}` });
        return { instanceIds };
      }),
  };
}

const unit = (lease: Lease, name: string): { key: string; name: string } => ({ key: `inbox:${lease.id}`, name });

function leaseOnce({ store }: InboxContext, input: FetchInput): Promise<InboxRow[]> {
  const token = randomBytes(16).toString('hex');
  return store.batcher.run({ key: 'inbox-lease', name: 'lease-events' }, function* (writes) {
    const now = store.clock.now();
    const leased: InboxRow[] = [];
    for (const row of yield* leasable({ tenants: input.tenants, capabilities: input.capabilities, now, max: input.max })) {
      if (row.tries >= MAX_TRIES) {
        changeRow(writes, row, { status: 'dead', error: row.error ?? 'Expected an acknowledgement before the lease ended, but none came' });
        continue;
      }
      const lease = { lease_token: token, worker_id: input.workerId.slice(0, 100), available_at: now + input.leaseMs, tries: row.tries + 1 };
      changeRow(writes, row, lease);
      leased.push({ ...row, leaseToken: token, workerId: input.workerId, availableAt: now + input.leaseMs, tries: row.tries + 1 });
    }
    return leased;
  });
}

/** The row the lease speaks of. A lease that has ended still counts until someone else takes the event. */
export function* leasedRow(lease: Lease): Work<InboxRow> {
  const row = yield* inboxRow(lease.id);
  if (!row || (lease.tenants.length > 0 && !lease.tenants.includes(row.tenant))) throw notFound('device event', lease.id);
  if (row.leaseToken !== lease.leaseToken)
    throw conflict('LEASE_LOST', `Expected the lease of event ${lease.id} to be the caller's, but the event was given to someone else or never leased`);
  return row;
}

function giveBack(writes: Writes, row: InboxRow, error: string, now: number): { status: 'new' | 'dead'; availableAt: number } {
  const status = row.tries >= MAX_TRIES ? 'dead' : 'new';
  const availableAt = now + (BACKOFF_MS[row.tries - 1] ?? BACKOFF_MS.at(-1)!);
  changeRow(writes, row, { status, available_at: availableAt, lease_token: null, error: error.slice(0, 1024) });
  return { status, availableAt };
}

/** What a repeated call is answered: the instances that the first one started or reached. */
function instancesOf(row: InboxRow): number[] {
  const reached = /^process:([\d,]+)$/.exec(row.handledBy ?? '');
  if (!reached) throw conflict('EVENT_HANDLED', `Expected event ${row.id} to be open, but it was handled by ${row.handledBy ?? 'someone'}`);
  return reached[1]!.split(',').map(Number);
}
