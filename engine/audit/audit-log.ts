import { randomBytes } from 'node:crypto';
import type { Logger } from '#engine/log.ts';
import { auditHead, hasAudit, insertAudit, type AuditRow } from '#engine/store/audit-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { chainHash, payloadHash } from './hash-chain.ts';

/** One state-changing call, as the operation log keeps it. Times in UTC epoch ms. */
export interface AuditEntry {
  tenant: string;
  actor: string;
  actorKind: string;
  ip: string;
  route: string;
  method: string;
  path: string;
  status: number;
  summary: string;
  /** The body as it came; only its salted hash is kept. */
  payload: string;
}

export interface AuditLog {
  /** Queued before the caller gets its answer; waits only while the queue is full. */
  record(entry: AuditEntry): Promise<void> | void;
  /** Resolves when all that was queued is committed, or after `limitMs` of a database that does not take it. */
  flush(limitMs?: number): Promise<void>;
}

const MAX_QUEUED = 10_000;
const ROWS_PER_UNIT = 200;
const RETRY_MS = 500;
const FLUSH_LIMIT_MS = 5_000;

type Links = Map<string, { seq: number; hash: string }>;

interface Queued {
  entry: AuditEntry;
  at: number;
  /** Since its first try: by it the next one sees whether that had been committed all the same. */
  id?: number;
}

/**
 * The operation log: one hash chain per tenant and node. Only this object appends to the chains of its node, in order,
 * so the heads stay in memory; rows wait in a queue and are written together.
 */
export function createAuditLog({ store, nodeId, log }: { store: Store; nodeId: string; log: Logger }): AuditLog {
  const queue: Queued[] = [];
  const heads: Links = new Map();
  let writing: Promise<void> | null = null;

  const pump = (): Promise<void> => (writing ??= drain().finally(() => (writing = null)));

  async function drain(): Promise<void> {
    // Calls of the same turn are written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = queue.slice(0, ROWS_PER_UNIT);
      try {
        await write(batch);
        queue.splice(0, batch.length);
      } catch (error) {
        log.error({ err: error, queued: queue.length }, 'audit rows could not be written; they stay queued');
        // The rows may be there although the database said no: the chains go on from what it has.
        heads.clear();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async function write(batch: Queued[]): Promise<void> {
    await store.ids.ready(batch.length);
    const known: Links = new Map(heads);
    const mayBeThere = batch.some(({ id }) => id !== undefined);
    for (const each of batch) each.id ??= store.ids.next();
    const salts = batch.map(() => randomBytes(16).toString('hex'));
    const links = await store.batcher.run({ key: `audit:${nodeId}`, name: 'audit' }, function* (writes) {
      const current: Links = new Map(known);
      for (const [index, { entry, at, id = 0 }] of batch.entries()) {
        if (mayBeThere && (yield* hasAudit(id))) continue;
        const head = current.get(entry.tenant) ?? (yield* auditHead(entry.tenant, nodeId));
        const row = rowOf(entry, at, head, { id, node: nodeId, salt: salts[index] ?? '' });
        insertAudit(writes, row);
        current.set(entry.tenant, { seq: row.seq, hash: row.hash });
      }
      return current;
    });
    for (const [tenant, head] of links) heads.set(tenant, head);
  }

  return {
    record(entry) {
      queue.push({ entry, at: store.clock.now() });
      const pumping = pump();
      if (queue.length > MAX_QUEUED) return pumping;
    },
    async flush(limitMs = FLUSH_LIMIT_MS) {
      let isLate = false;
      const limit = new Promise<void>((resolve) => {
        setTimeout(() => resolve(void (isLate = true)), limitMs).unref();
      });
      while (!isLate && (queue.length > 0 || writing)) await Promise.race([pump(), limit]);
      if (queue.length > 0) log.error({ queued: queue.length }, 'audit rows were not written');
    },
  };
}

function rowOf(
  entry: AuditEntry,
  at: number,
  head: { seq: number; hash: string },
  own: { id: number; node: string; salt: string },
): AuditRow {
  const row: Omit<AuditRow, 'hash'> = {
    ...own,
    tenant: entry.tenant,
    seq: head.seq + 1,
    at,
    actor: entry.actor.slice(0, 64),
    actorKind: entry.actorKind,
    ip: entry.ip.slice(0, 64),
    route: entry.route,
    method: entry.method,
    path: entry.path.slice(0, 500),
    status: entry.status,
    summary: entry.summary.slice(0, 255),
    payloadHash: payloadHash(own.salt, entry.payload),
    previousHash: head.hash,
  };
  return { ...row, hash: chainHash(row) };
}
