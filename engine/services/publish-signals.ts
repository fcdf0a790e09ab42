import type { EngineEvent } from '#engine/core/events.ts';
import type { RootState } from '#engine/core/ports.ts';
import { insertSignal } from '#engine/store/outbox-store.ts';
import type { Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';

/** Signals that a command has thrown leave its transaction through the outbox: either both are committed or none. */
export function publishSignals(
  context: ServiceContext,
  writes: Writes,
  { events, root, now, hops }: { events: readonly EngineEvent[]; root: RootState; now: number; hops: number },
): void {
  for (const event of events) {
    if (event.type !== 'SignalThrown') continue;
    const thrower = root.instances.get(event.instance);
    if (!thrower) throw new Error(`Expected instance ${event.instance} among the command's instances, but it is not there`);
    const { name, variables, businessKey, isAsync } = event;
    const { tenant, area, rootId } = thrower;
    insertSignal(writes, {
      id: context.store.ids.next(),
      tenant,
      name,
      variables,
      businessKey,
      area,
      withinArea: null,
      exceptRoot: isAsync ? null : rootId,
      hops,
      createdAt: now,
    });
    writes.afterCommit(() => context.jobDue(now));
  }
}
