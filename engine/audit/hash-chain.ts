import { hash } from 'node:crypto';
import type { AuditRow } from '#engine/store/audit-store.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** What happened with what was sent can be proved, and the payload itself need not be kept. */
export const payloadHash = (salt: string, payload: string): string => sha256(`${salt}\n${payload}`);

/** Covers every column but the hash itself, and through `previousHash` every row before. */
export function chainHash(row: Omit<AuditRow, 'hash'>): string {
  return sha256(
    JSON.stringify([
      row.previousHash,
      row.id,
      row.tenant,
      row.node,
      row.seq,
      row.at,
      row.actor,
      row.actorKind,
      row.ip,
      row.route,
      row.method,
      row.path,
      row.status,
      row.summary,
      row.payloadHash,
    ]),
  );
}

/** The first row that was changed, removed, inserted or moved; null when the chain holds. Rows in ascending `seq`. */
export function firstBrokenRow(rows: readonly AuditRow[], before: { seq: number; hash: string } = { seq: 0, hash: '' }): AuditRow | null {
  let last = before;
  for (const row of rows) {
    if (row.seq !== last.seq + 1 || row.previousHash !== last.hash || chainHash(row) !== row.hash) return row;
    last = row;
  }
  return null;
}
