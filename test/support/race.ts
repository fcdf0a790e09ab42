import mysql from 'mysql2/promise';
import { pino } from 'pino';
import { openStore, type Store } from '#engine/store/open-store.ts';
import { read, type Work } from '#engine/store/unit-of-work.ts';
import type { Dialect } from './dialects.ts';
import { aTestEngine, type TestEngine } from './test-engine.ts';

export type Runner<T> = (node: TestEngine) => Promise<T>;

/** Where two commands meet. */
export interface RaceTrack {
  /** For what comes before the race and after it; the second command runs on it. */
  node: TestEngine;
  /** The node that the first command runs on. */
  first: TestEngine;
  /**
   * Both decide on the same state. On a server the first command has read and decided on one node, and waits with its COMMIT until the
   * second one is through on another node. SQLite has one writer and one node: both come in one group there, the first before the second.
   */
  race<A, B>(first: Runner<A>, second: Runner<B>): Promise<[PromiseSettledResult<A>, PromiseSettledResult<B>]>;
  close(): Promise<void>;
}

const log = pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' });
/** The engine's own; they take no part in a race. */
const BESIDE = new Set(['fetch-ids']);

export async function aRaceTrack(dialect: Dialect): Promise<RaceTrack> {
  const url = await dialect.newDatabase();
  if (dialect.name === 'SQLite') return onOneNode(await aTestEngine(dialect, url));
  const opened = (nodeId: string, change: (store: Store) => Store) =>
    aTestEngine({ open: async () => change(await openStore({ url, nodeId, log })) }, url);
  const b = await opened('node-b', (store) => store);
  const barrier = await openBarrier(url);
  const a = await opened('node-a', barrier.before);
  return {
    node: b,
    first: a,
    async race(first, second) {
      const { arrived } = await barrier.close();
      const slow = first(a);
      const early = await Promise.race([arrived, slow.then(() => 'over', () => 'over')]);
      if (early === 'over') throw new Error('Expected the first command to come to its COMMIT, but it ended before');
      const [fast] = await Promise.allSettled([second(b)]);
      await barrier.open();
      const [late] = await Promise.allSettled([slow]);
      return [late, fast];
    },
    async close() {
      await a.close();
      await b.close();
      await barrier.end();
    },
  };
}

function onOneNode(node: TestEngine): RaceTrack {
  return {
    node,
    first: node,
    race: (first, second) => Promise.allSettled([first(node), second(node)]),
    close: () => node.close(),
  };
}

/** Holds a lock of the server that the next unit of a store asks for when it has decided. */
async function openBarrier(url: string) {
  const holder = await mysql.createConnection(url);
  const name = `race-${new URL(url).pathname.slice(1)}`;
  let arrive: (() => void) | null = null;

  function* stopping<T>(unit: Work<T>): Work<T> {
    const result = yield* unit;
    if (arrive) {
      arrive();
      arrive = null;
      yield* read('SELECT GET_LOCK(?, 8) AS is_open', [name]);
      yield* read('SELECT RELEASE_LOCK(?) AS is_free', [name]);
    }
    return result;
  }

  return {
    before: (store: Store): Store => ({
      ...store,
      batcher: {
        ...store.batcher,
        run: (options, unit) => store.batcher.run(options, BESIDE.has(options.name) ? unit : (writes) => stopping(unit(writes))),
      },
    }),
    /** The next unit stops here; `arrived` resolves when it has come. */
    async close(): Promise<{ arrived: Promise<void> }> {
      await holder.query('SELECT GET_LOCK(?, 0)', [name]);
      return { arrived: new Promise<void>((resolve) => (arrive = resolve)) };
    },
    async open(): Promise<void> {
      await holder.query('SELECT RELEASE_LOCK(?)', [name]);
    },
    end: () => holder.end(),
  };
}
