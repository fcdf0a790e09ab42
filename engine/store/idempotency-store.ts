import type { JsonValue } from '#engine/core/values.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** How long an answer is remembered at least. */
export const REMEMBER_MS = 7 * 24 * 60 * 60 * 1000;

export interface IdempotencyKey {
  tenant: string;
  /** The kind of command, e.g. `start:work_order`; keys of different scopes never meet. */
  scope: string;
  /** What the caller sent, at most 190 characters. */
  key: string;
}

/** Rows are deleted every 10 minutes: until then an old answer is still the answer, because its key is still taken. */
const DELETED_BY_THEN_MS = 60 * 60 * 1000;

/** The answer given to the same key before; null = it is new, or forgotten. */
export function* recall({ tenant, scope, key }: IdempotencyKey, now: number): Work<{ result: JsonValue } | null> {
  const [row] = yield* read('SELECT result, created_at FROM idempotency WHERE tenant = ? AND scope = ? AND idem_key = ?', [
    tenant,
    scope,
    key,
  ]);
  if (!row || Number(row.created_at) < now - REMEMBER_MS - DELETED_BY_THEN_MS) return null;
  return { result: JSON.parse(String(row.result)) as JsonValue };
}

/**
 * Stores the answer in the transaction of the command. When another unit remembers the same key first, the unique key
 * refuses, the unit runs again, and `recall` finds the first answer.
 */
export function remember(writes: Writes, { tenant, scope, key }: IdempotencyKey, now: number, result: JsonValue): void {
  writes.insert('idempotency', { tenant, scope, idem_key: key, created_at: now, result: JSON.stringify(result) });
}

/** Deletes up to `limit` answers that are too old; returns how many, for the caller to go on. */
export function* forgetOld(writes: Writes, now: number, limit = 1000): Work<number> {
  const rows: Row[] = yield* read('SELECT tenant, scope, idem_key FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ?', [
    now - REMEMBER_MS,
    limit,
  ]);
  for (const { tenant, scope, idem_key } of rows) writes.delete('idempotency', { tenant: tenant!, scope: scope!, idem_key: idem_key! });
  return rows.length;
}
