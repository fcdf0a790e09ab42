import type { Knex } from 'knex';
import type { Logger } from '#engine/log.ts';
import type { Clock } from './clock.ts';
import { forgetOld } from './idempotency-store.ts';
import type { Ids } from './ids.ts';
import type { BatcherStats } from './rerun.ts';
import { openMysqlStore } from './open-mysql.ts';
import { openSqliteStore } from './open-sqlite.ts';
import { StartupError } from './startup-error.ts';
import type { Batcher, Row, SqlValue, Work } from './unit-of-work.ts';

export interface Store {
  kind: 'sqlite' | 'mysql';
  nodeId: string;
  /** The only way to change anything. */
  batcher: Batcher;
  /** For free-form list queries; reads only. */
  knex: Knex;
  /** A read outside any transaction; sees what is committed. */
  read(sql: string, params?: SqlValue[]): Promise<Row[]>;
  /** Runs a generator of reads, e.g. `store.query(loadByTask(id))`, outside the batcher. */
  query<T>(work: Work<T>): Promise<T>;
  clock: Clock;
  ids: Ids;
  stats: BatcherStats;
  /** Runs `work` while no other node runs work of that name on this database: what happens once, at the first start. @throws StartupError */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** `sqlite:<path>`, relative to the working directory, or `mysql://user:password@host:port/database`. */
  url: string;
  /** Created when missing; the place of the SQLite file unless `url` names another. */
  dataDir?: string;
  nodeId: string;
  log: Logger;
}

const FORGET_EVERY_MS = 10 * 60 * 1000;

/** Opens the database and brings its schema up to date. @throws StartupError with a code for the operator */
export async function openStore(options: OpenOptions): Promise<Store> {
  const store = await openByScheme(options);
  const cleaning = setInterval(() => void forgetOldAnswers(store, options.log), FORGET_EVERY_MS).unref();
  return {
    ...store,
    close() {
      clearInterval(cleaning);
      return store.close();
    },
  };
}

function openByScheme(options: OpenOptions): Promise<Store> {
  if (options.url.startsWith('sqlite:')) return openSqliteStore(options);
  if (/^(mysql|mariadb):/.test(options.url)) return openMysqlStore(options);
  const scheme = /^[a-z0-9+.-]+:/i.exec(options.url)?.[0] ?? 'no scheme';
  throw new StartupError(
    'DATABASE_URL_INVALID',
    `Expected SONGBAI_DATABASE_URL to be sqlite:<path> or mysql://user:password@host:port/database, but it has ${scheme}`,
  );
}

async function forgetOldAnswers(store: Store, log: Logger): Promise<void> {
  try {
    await store.batcher.run({ key: 'idempotency', name: 'forget-old' }, (writes) => forgetOld(writes, store.clock.now()));
  } catch (error) {
    log.warn({ err: error }, 'old answers to idempotency keys were not deleted; the next try is in 10 minutes');
  }
}
