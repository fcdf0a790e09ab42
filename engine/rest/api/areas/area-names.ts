import { allAreas, type AreaRow } from '#engine/store/area-store.ts';
import type { Store } from '#engine/store/open-store.ts';

const CACHE_MS = 60_000;

export type AreaNames = (tenant: string) => Promise<(path: string) => string>;

/** Names of areas by path, read once a minute: the tree changes a few times a year. */
export function createAreaNames(store: Store): AreaNames {
  let loaded: { until: number; names: Promise<Map<string, string>> } | null = null;
  return async (tenant) => {
    const now = store.clock.now();
    if (!loaded || loaded.until < now) loaded = { until: now + CACHE_MS, names: store.query(allAreas()).then(byTenantAndPath) };
    const names = await loaded.names.catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return (path) => names.get(`${tenant}:${path}`) ?? path.slice(path.lastIndexOf('/') + 1);
  };
}

const byTenantAndPath = (areas: AreaRow[]): Map<string, string> =>
  new Map(areas.map(({ tenant, path, name }) => [`${tenant}:${path}`, name]));
