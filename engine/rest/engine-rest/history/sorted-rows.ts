type Key = string | number | bigint | Uint8Array | null;

/** By several keys; missing values come first, as on both databases. */
export function sortedRows<E>(rows: readonly E[], sort: readonly { by: string; descending: boolean }[], keys: Readonly<Record<string, (row: E) => Key>>): E[] {
  if (sort.length === 0) return [...rows];
  return rows.toSorted((a, b) => {
    for (const { by, descending } of sort) {
      const key = keys[by];
      const order = key ? compare(key(a), key(b)) : 0;
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function compare(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
