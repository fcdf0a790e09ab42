/** Remembers what is costly to make from a text; what was not asked for the longest goes first. */
export interface BoundedCache<T> {
  get(key: string, make: () => T): T;
}

export function createBoundedCache<T>(limit: number): BoundedCache<T> {
  const entries = new Map<string, T>();
  return {
    get(key, make) {
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const value = make();
      if (entries.size >= limit) entries.delete(entries.keys().next().value as string);
      entries.set(key, value);
      return value;
    },
  };
}
