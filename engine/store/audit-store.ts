import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface AuditRow {
  id: number;
  tenant: string;
  node: string;
  seq: number;
  at: number;
  actor: string;
  actorKind: string;
  ip: string;
  route: string;
  method: string;
  path: string;
  status: number;
  summary: string;
  salt: string;
  payloadHash: string;
  previousHash: string;
  hash: string;
}

const toAudit = (row: Row): AuditRow => ({
  id: Number(row.id),
  tenant: String(row.tenant),
  node: String(row.node),
  seq: Number(row.seq),
  at: Number(row.at),
  actor: String(row.actor),
  actorKind: String(row.actor_kind),
  ip: String(row.ip),
  route: String(row.route),
  method: String(row.method),
  path: String(row.path),
  status: Number(row.status),
  summary: String(row.summary),
  salt: String(row.salt),
  payloadHash: String(row.payload_hash),
  previousHash: String(row.previous_hash),
  hash: String(row.hash),
});

export function* hasAudit(id: number): Work<boolean> {
  return (yield* read('SELECT id FROM audit WHERE id = ?', [id])).length > 0;
}

export function insertAudit(writes: Writes, row: AuditRow): void {
  writes.insert('audit', {
    id: row.id,
    tenant: row.tenant,
    node: row.node,
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    actor_kind: row.actorKind,
    ip: row.ip,
    route: row.route,
    method: row.method,
    path: row.path,
    status: row.status,
    summary: row.summary,
    salt: row.salt,
    payload_hash: row.payloadHash,
    previous_hash: row.previousHash,
    hash: row.hash,
  });
}

/** Where the chain of this tenant on this node stands. */
export function* auditHead(tenant: string, node: string): Work<{ seq: number; hash: string }> {
  const [row] = yield* read('SELECT seq, hash FROM audit WHERE tenant = ? AND node = ? ORDER BY seq DESC LIMIT 1', [tenant, node]);
  return row ? { seq: Number(row.seq), hash: String(row.hash) } : { seq: 0, hash: '' };
}

/** Newest first; `before` = the last id of the page before. */
export function* auditPage(tenant: string, before: number, limit: number): Work<AuditRow[]> {
  return (yield* read('SELECT * FROM audit WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?', [tenant, before, limit])).map(toAudit);
}

/** One chain in its order, for the verifier. */
export function* auditChain(tenant: string, node: string, afterSeq: number, limit: number): Work<AuditRow[]> {
  const sql = 'SELECT * FROM audit WHERE tenant = ? AND node = ? AND seq > ? ORDER BY seq LIMIT ?';
  return (yield* read(sql, [tenant, node, afterSeq, limit])).map(toAudit);
}
