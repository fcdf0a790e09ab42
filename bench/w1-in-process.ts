// W1 in process, without HTTP: start → synchronous service → user task → complete → end, full history, 16 cases at a time;
// instances per second as a share of hand-written SQL with the same rows (bench/floors/w1-sqlite.ts, w1-mariadb.ts), and bytes on disk per instance.
// Run: npm run bench:w1-in-process ; PAIRS=9 SECONDS=3 CLIENTS=16 DB=sqlite
import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import type { TestEngine } from '#test/support/test-engine.ts';
import { ACTOR, variablesOf } from '#test/support/test-engine.ts';
import { type BenchDatabase, onEachDatabase } from './databases.ts';
import { openW1MariaDbFloor } from './floors/w1-mariadb.ts';
import { openW1SqliteFloor } from './floors/w1-sqlite.ts';
import { interleaved, report } from './pairs.ts';
import { median } from './statistics.ts';

const PAIRS = Number(process.env['PAIRS'] ?? 7);
const SECONDS = Number(process.env['SECONDS'] ?? 2);
const CLIENTS = Number(process.env['CLIENTS'] ?? 16);
/** Connections of the floor on MariaDB: one is fastest for 16 at a time. */
const LANES = Number(process.env['LANES'] ?? 1);
const KB = 1024;
const MAX_BYTES = { SQLite: 1.5 * KB, MariaDB: 3 * KB };

await onEachDatabase(async (database) => {
  const url = database.url();
  const test = await database.engine(url);
  const floor = await openFloor(database);
  try {
    await test.deploy({ name: 'w1.bpmn', content: readFileSync(new URL('./w1.bpmn', import.meta.url)) });
    const engine = engineSide(test);
    const cpu: number[] = [];
    await engine.run();
    const bytesBefore = await usedBytes(database, test, url);
    engine.done = 0;
    const measured = await interleaved(
      PAIRS,
      async () => {
        const before = process.cpuUsage();
        const { done } = engine;
        const rate = await engine.run();
        const { user, system } = process.cpuUsage(before);
        cpu.push((user + system) / (engine.done - done));
        return rate;
      },
      floor.run,
    );
    const bytes = ((await usedBytes(database, test, url)) - bytesBefore) / engine.done;
    process.stdout.write(
      `\n${database.name}: engine ${median(measured.a).toFixed(0)}/s, ${median(cpu).toFixed(0)} µs of its own CPU per instance, ${engine.commandsPerCommit().toFixed(1)} commands per COMMIT; floor ${median(measured.b).toFixed(0)}/s\n`,
    );
    report(`${database.name}: W1 in process, ${CLIENTS} at a time, engine / floor`, measured.ratios, { atLeast: 0.3 });
    report(
      `${database.name}: disk per instance with full history, of ${engine.done}`,
      [bytes],
      { atMost: MAX_BYTES[database.name] },
      ' bytes',
    );
  } finally {
    await floor.close();
    await test.close();
  }
});

/** Instances per second that the clients start and complete side by side. */
function engineSide(test: TestEngine) {
  const { engine, taskChanges, store } = test;
  const taskOf = new Map<number, number>();
  let keys = 0;
  const side = {
    done: 0,
    commandsPerCommit: () => store.stats.units / store.stats.groups,
    async run(): Promise<number> {
      const begin = performance.now();
      const before = side.done;
      await Promise.all(Array.from({ length: CLIENTS }, () => client(begin + SECONDS * 1000)));
      return ((side.done - before) / (performance.now() - begin)) * 1000;
    },
  };

  async function client(until: number): Promise<void> {
    while (performance.now() < until) {
      const { id } = await test.start('w1', { name: '张三', age: 82 }, `bk${++keys}`);
      for (const change of taskChanges.splice(0)) if (change.op === 'created') taskOf.set(change.instanceId, change.id);
      const task = taskOf.get(id);
      if (task === undefined) throw new Error(`Expected instance ${id} to wait in its task, but it does not`);
      taskOf.delete(id);
      const { ended } = await engine.tasks.complete(task, variablesOf({ name: '李四', result: 'ok' }), ACTOR);
      if (!ended) throw new Error(`Expected instance ${id} to have ended, but it has not`);
      side.done++;
    }
  }
  return side;
}

async function openFloor(database: BenchDatabase): Promise<{ run(): Promise<number>; close(): Promise<void> }> {
  if (database.name === 'SQLite') {
    const floor = openW1SqliteFloor(database.url().slice('sqlite:'.length));
    return {
      run: () => rateOf(1, async () => floor.run(CLIENTS), CLIENTS),
      async close() {
        floor.close();
      },
    };
  }
  const floor = await openW1MariaDbFloor(database.url(), LANES);
  const group = CLIENTS / LANES;
  return { run: () => rateOf(LANES, (lane) => floor.run(lane, group), group), close: floor.close };
}

async function rateOf(lanes: number, work: (lane: number) => Promise<void>, group: number): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const runLane = async (lane: number) => {
    for (; performance.now() < begin + SECONDS * 1000; done += group) await work(lane);
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  return (done / (performance.now() - begin)) * 1000;
}

/** Bytes in use by rows and indexes; free pages do not count. */
async function usedBytes(database: BenchDatabase, { store }: TestEngine, url: string): Promise<number> {
  if (database.name === 'SQLite') {
    const [row] = await store.read(
      'SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s',
    );
    return Number(row?.['bytes']);
  }
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const connection = await mysql.createConnection({ host, port: Number(port), user, password, database: pathname.slice(1) });
  const rows = (await connection.query('SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()'))[0] as {
    name: string;
  }[];
  await connection.query(`ANALYZE TABLE ${rows.map(({ name }) => name).join(', ')}`);
  const [[sum]] = (await connection.query(
    'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE()',
  )) as unknown as [[{ bytes: string }]];
  await connection.end();
  return Number(sum.bytes);
}
