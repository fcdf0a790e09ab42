import type { ConnectionOptions } from 'mysql2';
import { setTimeout as wait } from 'node:timers/promises';
import type { Read, Row } from '../unit-of-work.ts';
import {
  connectMysql,
  errnoOf,
  isDuplicate,
  isLinkGone,
  type MysqlConnection,
  rowsOf,
  type ServerTraits,
  startupError,
  unreachable,
} from './mysql.ts';
import type { GroupSql } from './mysql-group.ts';
import { batchReads } from './mysql-reads.ts';

const CONNECT_TRIES = 5;
const LOCK_WAIT = 1205;

export interface LaneOptions {
  config: ConnectionOptions;
  traits: ServerTraits;
  /** Whether the server enforces CHECK; without it (MySQL < 8.0.16) the guards cost a second round trip. */
  isCheckEnforced: boolean;
  now: () => number;
}

/** The compare-and-set of a group missed a row; the server rolled the group back. */
export class GroupLostGuard extends Error {
  readonly errno = 4025;
}

/** One write connection with what the batcher does on it. Everything may throw server errors; a lost link opens anew. */
export interface Lane {
  /** One result per read, in one round trip. */
  read(reads: readonly Read[]): Promise<Row[][]>;
  /** Runs a group as one transaction in one message. When it throws and the link is gone, ask `settleOutcome`. */
  commit(txId: string, group: GroupSql): Promise<void>;
  /**
   * Whether a group whose COMMIT got no answer is in the database. Takes its `command_tx` row itself when it is not, which
   * waits for a transaction that is still open and keeps it from committing later: after `false` it is safe to run again.
   */
  settleOutcome(txId: string): Promise<boolean>;
  close(): Promise<void>;
}

export function createLane({ config, traits, isCheckEnforced, now }: LaneOptions): Lane {
  let connection: MysqlConnection | null = null;

  async function connected(): Promise<MysqlConnection> {
    for (let attempt = 0; ; attempt++) {
      if (connection) return connection;
      try {
        connection = await connectMysql(config, traits);
      } catch (error) {
        if (attempt === CONNECT_TRIES) throw unreachable(startupError(error, config));
        await wait(50 * 2 ** attempt);
      }
    }
  }

  async function query(sql: string): Promise<unknown[]> {
    const current = await connected();
    try {
      return await current.query(sql);
    } catch (error) {
      if (isLinkGone(error)) {
        current.destroy();
        if (connection === current) connection = null;
      }
      throw error;
    }
  }

  async function transaction(sql: string): Promise<unknown[]> {
    try {
      return await query(sql);
    } catch (error) {
      // The statement that failed left the transaction open, unless the connection took it along.
      if (!isLinkGone(error)) await query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  return {
    async read(reads) {
      const { sql, answers } = batchReads(reads);
      return answers((await query(sql)).map(rowsOf));
    },
    async commit(txId, { statements, expected }) {
      const body = `START TRANSACTION;SET @hit = 0;${statements.join(';')};INSERT INTO command_tx (id, expected, hit, created_at) VALUES ('${txId}', ${expected}, @hit, ${now()})`;
      if (isCheckEnforced) {
        await transaction(`${body};COMMIT`);
        return;
      }
      const results = await transaction(`${body};SELECT @hit AS hit`);
      const hit = Number(rowsOf(results.at(-1))[0]?.['hit']);
      await transaction(hit === expected ? 'COMMIT' : 'ROLLBACK');
      if (hit !== expected) throw new GroupLostGuard(`Expected ${expected} rows as they were read, but found ${hit}`);
    },
    async settleOutcome(txId) {
      for (let attempt = 0; ; attempt++) {
        try {
          await query(`INSERT INTO command_tx (id, expected, hit, created_at) VALUES ('${txId}', 0, 0, ${now()})`);
          return false;
        } catch (error) {
          if (isDuplicate(error)) return true;
          const canWait = errnoOf(error) === LOCK_WAIT || isLinkGone(error);
          if (!canWait || attempt === CONNECT_TRIES) throw error;
        }
      }
    },
    async close() {
      await connection?.end();
      connection = null;
    },
  };
}
