import { receiveSignal } from '#engine/core/commands/receive-signal.ts';
import { notFound } from '#engine/errors.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { insertSignal } from '#engine/store/outbox-store.ts';
import { signalSubscriptionsOf } from '#engine/store/subscription-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { SignalInput } from './contract.ts';
import { runCommand } from './run-command.ts';
import { deliverSignal } from './deliver-signal.ts';

/** Should this node die while it delivers, another one goes on after this time. */
const LEASE_MS = 15_000;

/**
 * Throws a signal from outside: to one execution, or to all who wait for it. The answer comes when they have it.
 * @see https://docs.camunda.org/manual/7.24/reference/rest/signal/post-signal/
 */
export async function sendSignal(context: ServiceContext, input: SignalInput): Promise<void> {
  const { name, tenant, area = null, variables, executionId } = input;
  const { store } = context;
  if (executionId !== undefined && executionId !== null) {
    await store.batcher.run({ key: `execution:${executionId}`, name: 'signal.execution' }, (writes) =>
      toExecution(context, writes, input, executionId),
    );
    return;
  }
  const id = store.ids.next();
  const createdAt = store.clock.now();
  const leasedUntil = createdAt + LEASE_MS;
  const signal = {
    id,
    tenant,
    name,
    variables,
    businessKey: null,
    area: area ?? tenant,
    withinArea: area,
    exceptRoot: null,
    hops: 0,
    createdAt,
  };
  await store.batcher.run({ key: null, name: 'signal.send' }, function* (writes) {
    insertSignal(writes, signal, { owner: store.nodeId, until: leasedUntil });
  });
  await deliverSignal(context, { id, leasedUntil });
}

function* toExecution(
  context: ServiceContext,
  writes: Writes,
  { name, tenant, area = null, variables, actor }: SignalInput,
  executionId: number,
): Work<void> {
  const waiting = yield* signalSubscriptionsOf(executionId, { name, tenant, area });
  const instanceId = waiting[0]?.instanceId;
  const refused = () => notFound('execution that waits for the signal', executionId);
  if (instanceId === undefined) throw refused();
  function* load() {
    const loaded = yield* loadByInstance(instanceId ?? 0);
    if (!loaded) throw refused();
    return loaded;
  }
  const subscriptionIds = waiting.map(({ id }) => id);
  yield* runCommand(context, writes, {
    load,
    command: (root, ports, by) => receiveSignal({ subscriptionIds, variables }, root, ports, by),
    actor,
    operation: 'signal',
  });
}
