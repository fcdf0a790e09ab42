import { deferSignal } from '#engine/core/commands/defer-signal.ts';
import { receiveSignal } from '#engine/core/commands/receive-signal.ts';
import type { Actor } from '#engine/core/ports.ts';
import { TransientError } from '#engine/errors.ts';
import { definitionById, startSubscriptions, type StartSubscriptionRow } from '#engine/store/definition-store.ts';
import { recall, remember } from '#engine/store/idempotency-store.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { signalById, type StoredSignal } from '#engine/store/outbox-store.ts';
import { signalSubscriptions, type SubscriptionRow } from '#engine/store/subscription-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { type BoundCommand, runCommand } from './run-command.ts';
import { giveUpLoop, isMine, MAX_HOPS, settle, type Lease, type Missed } from './settle-signal.ts';
import { start } from './start.ts';

const ENGINE: Actor = { id: null, kind: 'engine' };
const PAGE = 200;

/**
 * Hands a signal of the outbox to everybody who waited for it when it was thrown, each tree in a transaction of its own. When the
 * node dies in between, who has it already is not served again: an interrupting event no longer waits, any other is remembered.
 * A catcher that fails gets a job of its own; a process that does not start is tried again with the row, and in
 * the end waits for a person, among the failed jobs.
 */
export async function deliverSignal(context: ServiceContext, lease: Lease): Promise<void> {
  const { store } = context;
  const signal = await store.query(signalById(lease.id));
  if (!signal || !isMine(context, signal, lease)) return;
  if (signal.hops >= MAX_HOPS) return giveUpLoop(context, lease);
  const { id, name, tenant, withinArea: area, exceptRoot, createdAt, onlyStarts } = signal;
  const failures: Missed[] = [];
  for (let after = 0; !onlyStarts;) {
    const page = await store.query(
      signalSubscriptions({ name, tenant, area, exceptRoot, thrown: { id, at: createdAt }, after, limit: PAGE }),
    );
    const last = page.at(-1);
    if (!last) break;
    after = last.id;
    const roots = [...Map.groupBy(page, ({ rootId }) => rootId).values()];
    await Promise.all(roots.map((waiting) => noted(failures, null, () => handToRoot(context, signal, waiting))));
  }
  for (const starting of await store.query(startSubscriptions('signal', name, tenant))) {
    const process = (await store.query(definitionById(starting.definitionId)))?.key ?? null;
    if (onlyStarts && !onlyStarts.includes(process ?? '')) continue;
    await noted(failures, process, () => startBySignal(context, signal, starting));
  }
  await store.batcher.run({ key: `outbox:${id}`, name: 'signal.delivered' }, (writes) => settle(context, writes, lease, failures));
}

/** What goes wrong for one target is no reason not to serve the next one. @throws TransientError when the database does not answer */
async function noted(failures: Missed[], process: string | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TransientError) throw error;
    failures.push({ message: (error as Error).message, process });
  }
}

/** A failure of one of several catchers in a tree leaves the others alone: then each is served by itself. */
async function handToRoot(context: ServiceContext, signal: StoredSignal, waiting: SubscriptionRow[]): Promise<void> {
  const [first] = waiting;
  if (!first) return;
  const { batcher } = context.store;
  try {
    await batcher.run({ key: first.rootId, name: 'signal.deliver' }, (writes) => receive(context, writes, signal, waiting));
  } catch (error) {
    if (error instanceof TransientError) throw error;
    if (waiting.length > 1) {
      for (const each of waiting) await handToRoot(context, signal, [each]);
      return;
    }
    context.log.warn(
      { signal: signal.name, instance: first.instanceId, element: first.element, err: error },
      'a signal failed where it came to; a job tries again',
    );
    await batcher.run({ key: first.rootId, name: 'signal.defer' }, (writes) => defer(context, writes, signal, first));
  }
}

function* receive(context: ServiceContext, writes: Writes, signal: StoredSignal, waiting: readonly SubscriptionRow[]): Work<void> {
  const subscriptionIds: number[] = [];
  for (const { id } of waiting) if (!(yield* hasReceived(context, signal, id))) subscriptionIds.push(id);
  const run = yield* onRoot(
    context,
    writes,
    waiting[0]?.instanceId ?? 0,
    (root, ports, by) => receiveSignal({ subscriptionIds, variables: signal.variables }, root, ports, by),
    signal.hops,
  );
  for (const id of run?.stillOpen ?? []) note(context, writes, signal, id);
}

function* defer(context: ServiceContext, writes: Writes, signal: StoredSignal, { id, instanceId }: SubscriptionRow): Work<void> {
  if (yield* hasReceived(context, signal, id)) return;
  note(context, writes, signal, id);
  yield* onRoot(context, writes, instanceId, (root, ports, by) =>
    deferSignal({ subscriptionId: id, variables: signal.variables }, root, ports, by),
  );
}

/** null = the instance has ended meanwhile. */
function* onRoot<R>(context: ServiceContext, writes: Writes, instanceId: number, command: BoundCommand<R>, signalHops = 0): Work<R | null> {
  const loaded = yield* loadByInstance(instanceId);
  if (!loaded) return null;
  function* load() {
    return (yield* loadByInstance(instanceId)) ?? loaded!;
  }
  return (yield* runCommand(context, writes, { load, command, actor: ENGINE, operation: 'signal', signalHops })).result;
}

async function startBySignal(
  context: ServiceContext,
  signal: StoredSignal,
  { definitionId, element }: StartSubscriptionRow,
): Promise<void> {
  const { tenant, area, businessKey, variables } = signal;
  const idempotencyKey = `signal:${signal.id}:${definitionId}:${element}`.slice(0, 190);
  try {
    await context.store.batcher.run({ key: null, name: 'signal.start' }, (writes) =>
      start(context, writes, {
        definition: { id: definitionId },
        tenant,
        area,
        businessKey,
        variables,
        actor: ENGINE,
        startElement: element,
        idempotencyKey,
        signalHops: signal.hops,
      }),
    );
  } catch (error) {
    context.log.warn({ signal: signal.name, definition: definitionId, element, err: error }, 'a signal did not start its process');
    throw error;
  }
}

const keyOf = (signal: StoredSignal, subscription: number) => ({
  tenant: signal.tenant,
  scope: `signal:${signal.id}`,
  key: String(subscription),
});

function* hasReceived({ store }: ServiceContext, signal: StoredSignal, subscription: number): Work<boolean> {
  return (yield* recall(keyOf(signal, subscription), store.clock.now())) !== null;
}

function note({ store }: ServiceContext, writes: Writes, signal: StoredSignal, subscription: number): void {
  remember(writes, keyOf(signal, subscription), store.clock.now(), null);
}
