import { notFound } from '#engine/errors.ts';
import type { LoadedRoot } from '#engine/store/instance-store.ts';
import type { BatchTask } from './batch-handlers.ts';

/** Whoever asked for the work could see the item; it may be gone by now. @throws RequestError 404 */
export function requireOwn(
  loaded: LoadedRoot | null,
  { item, tenant, areas }: Pick<BatchTask, 'item' | 'tenant' | 'areas'>,
  what: string,
): LoadedRoot {
  const state = loaded?.instances.get(loaded.instanceId)?.state;
  if (loaded && state?.tenant === tenant && areas.some((area) => state.area === area || state.area.startsWith(`${area}/`))) return loaded;
  throw notFound(what, item);
}
