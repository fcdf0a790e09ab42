import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface SessionRow {
  tokenHash: string;
  accountId: number;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
}

const toSession = (row: Row): SessionRow => ({
  tokenHash: String(row.token_hash),
  accountId: Number(row.account_id),
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  expiresAt: Number(row.expires_at),
});

export function* sessionByHash(tokenHash: string): Work<SessionRow | null> {
  const [row] = yield* read('SELECT * FROM session WHERE token_hash = ?', [tokenHash]);
  return row ? toSession(row) : null;
}

export function insertSession(writes: Writes, session: SessionRow, ip: string): void {
  writes.insert('session', {
    token_hash: session.tokenHash,
    account_id: session.accountId,
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    ip,
  });
}

export function touchSession(writes: Writes, tokenHash: string, now: number): void {
  writes.update('session', { token_hash: tokenHash }, { last_seen_at: now });
}

export function deleteSession(writes: Writes, tokenHash: string): void {
  writes.delete('session', { token_hash: tokenHash });
}

/** Ends every session of an account: it was disabled or its password changed. */
export function* deleteSessionsOf(writes: Writes, accountId: number): Work<string[]> {
  const rows = yield* read('SELECT token_hash FROM session WHERE account_id = ?', [accountId]);
  const hashes = rows.map((row) => String(row.token_hash));
  for (const hash of hashes) deleteSession(writes, hash);
  return hashes;
}

/** Sessions past their absolute end; at most `limit` per call. */
export function* deleteExpiredSessions(writes: Writes, now: number, limit = 500): Work<number> {
  const rows = yield* read('SELECT token_hash FROM session WHERE expires_at < ? LIMIT ?', [now, limit]);
  for (const row of rows) deleteSession(writes, String(row.token_hash));
  return rows.length;
}
