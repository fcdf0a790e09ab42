import { leasedLooseJob } from '#engine/store/loose-job-store.ts';
import { signalById, signalDelivered, signalFailed, signalGivenUp, signalSentAgain, type StoredSignal } from '#engine/store/outbox-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';

const RETRY_AFTER_MS = 60_000;
/** A process that a signal starts and that throws it again at once must not go on for ever. */
export const MAX_HOPS = 100;

export interface Lease {
  id: number;
  leasedUntil: number;
}
export interface Missed {
  message: string;
  /** Key of the process that did not start; null = a catcher was not served. */
  process: string | null;
}

export async function giveUpLoop(context: ServiceContext, lease: Lease): Promise<void> {
  const message = `Expected a signal that ends, but ${MAX_HOPS} led to this one without a step between them`;
  await context.store.batcher.run({ key: `outbox:${lease.id}`, name: 'signal.give-up' }, function* (writes) {
    const signal = yield* signalById(lease.id);
    if (!signal || !isMine(context, signal, lease)) return;
    context.log.error({ signal: signal.name, job: signal.id }, 'a signal leads to itself without end; it is not delivered any more');
    giveUp(context, writes, signal, message);
  });
}

function giveUp({ store }: ServiceContext, writes: Writes, signal: StoredSignal, message: string): void {
  signalGivenUp(writes, signal, { message, incidentId: store.ids.next(), now: store.clock.now() });
}

/** After a round of deliveries: the row goes, comes again, or becomes a failed job. */
export function* settle(context: ServiceContext, writes: Writes, lease: Lease, failures: readonly Missed[]): Work<void> {
  const signal = yield* signalById(lease.id);
  if (!signal || !isMine(context, signal, lease)) return;
  if (failures.length === 0) return signalDelivered(writes, signal);
  const message = failures.map((failure) => failure.message).join('\n');
  const retries = signal.retries - 1;
  if (retries <= 0) return giveUp(context, writes, missedOnly(signal, failures), message);
  const again = context.store.clock.now() + RETRY_AFTER_MS;
  signalFailed(writes, signal, { message, retries, again });
  writes.afterCommit(() => context.jobDue(again));
}

/** Who was served is remembered for a week; the next try may be later, with new versions of the processes. */
function missedOnly(signal: StoredSignal, failures: readonly Missed[]): StoredSignal {
  const missed = failures.map(({ process }) => process);
  return missed.includes(null) ? signal : { ...signal, onlyStarts: [...new Set(missed as string[])] };
}

/** Somebody wants a given up signal tried again. */
export async function sendGivenUp(context: ServiceContext, lease: Lease): Promise<void> {
  const { store } = context;
  await store.batcher.run({ key: `outbox:${lease.id}`, name: 'signal.again' }, function* (writes) {
    const job = yield* leasedLooseJob(lease, store.nodeId);
    if (!job) return;
    yield* signalSentAgain(writes, job);
    writes.afterCommit(() => context.jobDue(store.clock.now()));
  });
}

export function isMine({ store }: ServiceContext, { lockOwner, availableAt }: StoredSignal, { leasedUntil }: Lease): boolean {
  return lockOwner === store.nodeId && availableAt === leasedUntil;
}
