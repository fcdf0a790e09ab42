import { read, type Work, type Writes } from './unit-of-work.ts';
import type { Payloads } from './variable-codec.ts';

/** How long a large value stays that nothing refers to: longer than any command between reading and using it. */
const GRACE_MS = 3_600_000;
/** A value beside its place, as `variable-codec.ts` writes it; a text that looks like one only keeps it longer. */
const REFERENCE = /"([0-9a-f]{64})"/g;

/** Large values stand beside the states and events that use them, once per content. */
export function writePayloads(writes: Writes, payloads: Payloads, at: number): void {
  for (const [hash, content] of payloads) {
    writes.insertIfAbsent('payload', { hash, content, used_at: at });
    writes.update('payload', { hash }, { used_at: at });
  }
}

/** Remembers which large values the events of an instance speak of; whatever else of it refers to one has it from them. */
export function usePayloads(writes: Writes, instanceId: number, events: string): void {
  for (const hash of hashesIn(events)) writes.insertIfAbsent('payload_use', { instance_id: instanceId, hash });
}

export function hashesIn(text: string): Set<string> {
  const hashes = new Set<string>();
  for (const [, hash] of text.matchAll(REFERENCE)) if (hash !== undefined) hashes.add(hash);
  return hashes;
}

/**
 * Deletes up to `limit` large values that no instance uses any more; `next` = where to go on, null at the end. Whoever uses one
 * anew in the meantime moves its `used_at`, so that the unit runs again.
 */
export function* collectPayloads(writes: Writes, { now, after, limit }: { now: number; after: string; limit: number }): Work<{ deleted: number; next: string | null }> {
  const sql =
    'SELECT hash, used_at, EXISTS (SELECT 1 FROM payload_use u WHERE u.hash = p.hash) AS uses FROM payload p WHERE hash > ? ORDER BY hash LIMIT ?';
  const rows = yield* read(sql, [after, limit]);
  let deleted = 0;
  for (const { hash, used_at, uses } of rows) {
    if (Number(uses) > 0 || Number(used_at) > now - GRACE_MS) continue;
    writes.delete('payload', { hash: hash! }, { used_at: used_at! });
    deleted++;
  }
  return { deleted, next: rows.length < limit ? null : String(rows.at(-1)?.hash) };
}
