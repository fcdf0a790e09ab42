import type { EngineEvent, EventType } from '#engine/core/events.ts';
import { Failure } from '#engine/core/failure.ts';
import type { RootState } from '#engine/core/ports.ts';
import { instancesCalled, type StateSize } from '#engine/store/instance-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';

/** The stored state of one instance in characters, without large values and the items of large loops; instances of one tree of calls. */
export const instanceLimits = { warnState: 1024 * 1024, state: 4 * 1024 * 1024, called: 20_000 } as const;

/** What makes a state larger on purpose; an incident may always be written, and so may the end of anything. */
const GROWTH: ReadonlySet<EventType> = new Set<EventType>(['ElementActivated', 'VariableSet', 'LoopStarted', 'JobCreated', 'SubscriptionOpened']);

/** Each instance is told about once in a while, not with each of its commands. */
const warned = new Set<number>();

/** Warns of large states. @throws Failure `INSTANCE_TOO_LARGE` */
export function checkStateSize({ log }: Pick<ServiceContext, 'log'>, { instance, characters }: StateSize, events: readonly EngineEvent[]): void {
  if (characters <= instanceLimits.warnState) return;
  if (!warned.has(instance)) {
    if (warned.size > 1_000) warned.clear();
    warned.add(instance);
    log.warn({ instance, characters }, 'the state of an instance is large: each of its commands reads and writes all of it');
  }
  if (characters <= instanceLimits.state || !events.some((event) => event.instance === instance && GROWTH.has(event.type))) return;
  throw new Failure(
    'INSTANCE_TOO_LARGE',
    `Expected the state of instance ${instance} to have at most ${instanceLimits.state} characters, but it would have ${characters}`,
  );
}

/** Processes that call each other may multiply without end; a tree of one or two levels is not counted. @throws Failure `CALL_TREE_TOO_LARGE` */
export function* checkCallTree(root: RootState, events: readonly EngineEvent[]): Work<void> {
  const deep = events.find((event) => {
    const superId = event.type === 'InstanceCalled' ? root.instances.get(event.instance)?.superId : undefined;
    return superId !== undefined && root.instances.get(superId)?.superId !== undefined;
  });
  const rootId = deep && root.instances.get(deep.instance)?.rootId;
  if (rootId === undefined || (yield* instancesCalled(rootId, instanceLimits.called)) < instanceLimits.called) return;
  throw new Failure('CALL_TREE_TOO_LARGE', `Expected at most ${instanceLimits.called} instances in the tree of calls of instance ${rootId}, but there are more`);
}
