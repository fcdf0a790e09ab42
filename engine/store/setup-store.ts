import { read, type Work, type Writes } from './unit-of-work.ts';

/** The state of the first-run setup; `closedAt` 0 = open. */
export interface FirstSetup {
  tokenHash: string;
  expiresAt: number;
  closedAt: number;
}

const ID = 1;

export function* firstSetup(): Work<FirstSetup | null> {
  const [row] = yield* read('SELECT token_hash, expires_at, closed_at FROM first_setup WHERE id = ?', [ID]);
  return row ? { tokenHash: String(row.token_hash), expiresAt: Number(row.expires_at), closedAt: Number(row.closed_at) } : null;
}

/** Puts a new token in the place of the one before, unless somebody closed the setup since `before` was read. */
export function openSetup(writes: Writes, before: FirstSetup | null, tokenHash: string, expiresAt: number): void {
  if (before) writes.update('first_setup', { id: ID }, { token_hash: tokenHash, expires_at: expiresAt }, { closed_at: 0 });
  else writes.insert('first_setup', { id: ID, token_hash: tokenHash, expires_at: expiresAt, closed_at: 0 });
}

/** Ends the setup for good; of two who come with the same token, the guard lets one through. */
export function closeSetup(writes: Writes, before: FirstSetup | null, now: number): void {
  const closed = { token_hash: '', expires_at: 0, closed_at: now };
  if (before) writes.update('first_setup', { id: ID }, closed, { token_hash: before.tokenHash, closed_at: 0 });
  else writes.insert('first_setup', { id: ID, ...closed });
}
