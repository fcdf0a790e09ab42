import { allAreas, type AreaRow } from '#engine/store/area-store.ts';
import type { Store } from '#engine/store/open-store.ts';

const CACHE_MS = 60_000;

export interface AreaNames {
  (tenant: string): Promise<(path: string) => string>;
  /** An area is new: read them again. */
  forget(): void;
}

/** Names of areas by path, read once a minute: the tree changes a few times a year. */
export function createAreaNames(store: Store): AreaNames {
  let loaded: { until: number; names: Promise<Map<string, string>> } | null = null;
  const names = async (tenant: string) => {
    const now = store.clock.now();
    if (!loaded || loaded.until < now) loaded = { until: now + CACHE_MS, names: store.query(allAreas()).then(byTenantAndPath) };
    const byPath = await loaded.names.catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return (path: string) => byPath.get(`${tenant}:${path}`) ?? path.slice(path.lastIndexOf('/') + 1);
  };
  return Object.assign(names, { forget: () => void (loaded = null) });
}

const byTenantAndPath = (areas: AreaRow[]): Map<string, string> =>
  new Map(areas.map(({ tenant, path, name }) => [`${tenant}:${path}`, name]));
