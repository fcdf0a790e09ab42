/** Remembers what is costly to make from a text; what was not asked for the longest goes first. */
export interface BoundedCache<T> {
  get(key: string, make: () => T): T;
}

/** Two generations of half the limit each: a hit costs one look-up, and what is asked for moves on to the young one. */
export function createBoundedCache<T>(limit: number): BoundedCache<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return {
    get(key, make) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const value = old.get(key) ?? make();
      if (young.size >= limit / 2) [old, young] = [young, new Map()];
      young.set(key, value);
      return value;
    },
  };
}
