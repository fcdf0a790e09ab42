import type { JsonValue } from '#engine/core/values.ts';

/** Characters of JSON that are kept; a larger half of it is not worth keeping. */
const MOST = 8 * 1024 * 1024;

const values = new Map<string, { value: JsonValue; size: number }>();
let kept = 0;

/**
 * Large values by the hash of their content, so that a loop's collection is not read and parsed again for each of its items.
 * They are frozen, as they are shared by whoever reads them; what was not asked for the longest goes first.
 */
export function cachedPayload(hash: string): JsonValue | undefined {
  const known = values.get(hash);
  if (!known) return undefined;
  values.delete(hash);
  values.set(hash, known);
  return known.value;
}

export function parsePayload(hash: string, content: string): JsonValue {
  const value = JSON.parse(content) as JsonValue;
  const size = content.length;
  if (size > MOST / 2) return value;
  freeze(value);
  for (const [oldest, entry] of values) {
    if (kept + size <= MOST) break;
    values.delete(oldest);
    kept -= entry.size;
  }
  if (!values.has(hash)) kept += size;
  values.set(hash, { value, size });
  return value;
}

function freeze(value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const inside of Object.values(value)) freeze(inside);
}
