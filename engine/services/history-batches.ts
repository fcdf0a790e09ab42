import { notFound } from '#engine/errors.ts';
import { deleteHistory, rootOf, setRemovalTime } from '#engine/store/history-store.ts';
import { ownerOf } from '#engine/store/read-models/owners.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';

/** What these need of a batch's task (`batch-handlers.ts`). */
interface Task<C = unknown> {
  item: number;
  configuration: C;
  tenant: string;
  areas: readonly string[];
}

/** Items: ended instances. What is gone already is done; what runs is left alone. */
export function* deleteInstanceHistory(writes: Writes, task: Task): Work<void> {
  if (yield* isVisible(task)) yield* deleteHistory(writes, [task.item]);
}

export interface SetRemovalTime {
  /** Epoch ms, `NEVER`, or null = the end and the time to live say it. */
  removalAt: number | null;
  /** The root of the instance gets it instead: called instances go with theirs. */
  hierarchical: boolean;
}

export function* setInstanceRemovalTime(writes: Writes, task: Task<SetRemovalTime>): Work<void> {
  const { item, configuration } = task;
  if (!(yield* isVisible(task))) return;
  yield* setRemovalTime(writes, [configuration.hierarchical ? ((yield* rootOf(item)) ?? item) : item], configuration.removalAt);
}

/** @throws RequestError 404 for what the caller of the batch may not see */
function* isVisible({ item, tenant, areas }: Task): Work<boolean> {
  const owner = yield* ownerOf('history_instance', item);
  if (!owner) return false;
  if (owner.tenant === tenant && areas.some((area) => owner.area === area || owner.area.startsWith(`${area}/`))) return true;
  throw notFound('process instance', item);
}
