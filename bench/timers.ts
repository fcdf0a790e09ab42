// Timers on both databases. (1) A backlog: DUE of TOTAL jobs are due at once; fired per second by the job executor as a share of
// hand-written SQL (bench/floors/jobs-sqlite.ts: lease and fire; jobs-mariadb.ts: lease only). (2) RATE timers become due each second:
// how late each one is, measured after its COMMIT. Both: none fires early, none twice, none is left.
// Run: npm run bench:timers ; DUE=100000 TOTAL=1000000 RATE=500 STEADY_SECONDS=20 PAIRS=7 DB=sqlite
import { setTimeout as wait } from 'node:timers/promises';
import type { TestEngine } from '#test/support/test-engine.ts';
import { copyInstance, FIRST_ID, runSql, STRIDE } from './copy-instance.ts';
import { type BenchDatabase, onEachDatabase } from './databases.ts';
import { openJobsMariaDbFloor } from './floors/jobs-mariadb.ts';
import { openJobsSqliteFloor } from './floors/jobs-sqlite.ts';
import { interleaved, report } from './pairs.ts';
import { median, percentile } from './statistics.ts';

const DUE = Number(process.env['DUE'] ?? 60_000);
const TOTAL = Number(process.env['TOTAL'] ?? 200_000);
const PAIRS = Number(process.env['PAIRS'] ?? 7);
const SECONDS = Number(process.env['SECONDS'] ?? 1);
const RATE = Number(process.env['RATE'] ?? 500);
const STEADY = RATE * Number(process.env['STEADY_SECONDS'] ?? 10);
/** From the copying of the rows to the first timer that becomes due. */
const AHEAD_MS = 15_000;

const PROCESS = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="timer-definitions" targetNamespace="bench">
  <bpmn:process id="timer" isExecutable="true">
    <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="wait"/>
    <bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration>P300D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="visit"/><bpmn:userTask id="visit" name="visit"/>
    <bpmn:boundaryEvent id="late" attachedToRef="visit"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="visit" targetRef="end"/><bpmn:sequenceFlow id="f4" sourceRef="late" targetRef="end"/><bpmn:endEvent id="end"/>
  </bpmn:process></bpmn:definitions>`;

await onEachDatabase(async (database) => {
  const url = database.url();
  const instance = await firstInstance(database, url);
  const now = Date.now();
  await copyInstance(url, {
    instance,
    first: 1,
    count: TOTAL,
    dueAt: `CASE WHEN s.n <= ${DUE} THEN ${now - 3_600_000} + s.n ELSE ${now + 30 * 86_400_000} + s.n END`,
  });
  process.stdout.write(`\n${database.name}: ${TOTAL} instances with a timer made in ${((Date.now() - now) / 1000).toFixed(0)} s\n`);
  await backlog(database, url);
  await requireFiredOnce(url, { instance, first: 1, last: DUE });
  await steady(database, url, instance);
});

async function firstInstance(database: BenchDatabase, url: string): Promise<number> {
  const first = await database.engine(url);
  await first.deploy({ name: 'timer.bpmn', content: PROCESS });
  await first.close();
  await runSql(url, `UPDATE id_block SET next = ${FIRST_ID} WHERE name = 'engine'`, 'SELECT 1');
  const test = await database.engine(url);
  const { id } = await test.start('timer');
  await test.close();
  return id;
}

async function backlog(database: BenchDatabase, url: string): Promise<void> {
  const test = await database.engine(url);
  const floor = await openFloor(database);
  const fired = countFired(test);
  const fireFor = async (seconds: number) => {
    const before = fired.count;
    const begin = performance.now();
    test.jobs.start();
    await wait(seconds * 1000);
    await test.jobs.stop();
    return ((fired.count - before) / (performance.now() - begin)) * 1000;
  };
  const cpu = process.cpuUsage();
  const measured = await interleaved(PAIRS, () => fireFor(SECONDS), floor.rate);
  const { user, system } = process.cpuUsage(cpu);
  const whileBacklog = measured.ratios.filter((_, pair) => (measured.a[pair] ?? 0) > 0);
  process.stdout.write(
    `${database.name}: engine fires ${median(measured.a).toFixed(0)}/s, floor ${median(measured.b).toFixed(0)}/s; CPU of this process ${((user + system) / 1e6).toFixed(1)} s\n`,
  );
  report(`${database.name}: ${DUE} due of ${TOTAL} timers, fired / raw acquisition`, whileBacklog, { atLeast: 0.15 });
  while (fired.count < DUE) {
    const before = fired.count;
    await fireFor(2);
    if (fired.count === before) throw new Error(`Expected ${DUE} timers to fire, but it stays at ${before}`);
  }
  await floor.close();
  await test.close();
}

async function steady(database: BenchDatabase, url: string, instance: number): Promise<void> {
  // Behind the ids that the engine took meanwhile.
  const first = 2 * TOTAL + 1;
  const begin = Date.now() + AHEAD_MS;
  const dueAt = (n: number) => begin + Math.floor(((n - first) * 1000) / RATE);
  // FLOOR, because MariaDB divides into decimals.
  await copyInstance(url, {
    instance,
    first,
    count: STEADY,
    dueAt: `${begin} + CAST(FLOOR((s.n - ${first}) * 1000 / ${RATE}) AS ${database.name === 'SQLite' ? 'INTEGER' : 'UNSIGNED'})`,
  });
  const test = await database.engine(url);
  const lateness: number[] = [];
  const fired = countFired(test, (id) => lateness.push(Date.now() - dueAt((id - instance) / STRIDE)));
  if (Date.now() > begin) throw new Error('Expected the rows to be there before the first timer is due, but they are late: raise AHEAD_MS');
  test.jobs.start();
  await wait(begin - Date.now() + (STEADY / RATE) * 1000);
  for (let tries = 0; fired.count < STEADY && tries < 100; tries++) await wait(100);
  await test.close();
  const early = lateness.filter((ms) => ms < 0).length;
  if (early > 0) throw new Error(`Expected no timer to fire early, but ${early} did`);
  process.stdout.write(
    `${database.name}: ${RATE} timers due each second, late by p50 ${median(lateness).toFixed(0)} ms, p95 ${percentile(lateness, 0.95).toFixed(0)} ms, max ${Math.max(...lateness)} ms\n`,
  );
  report(`${database.name}: lateness p99 at ${RATE} due/s`, [percentile(lateness, 0.99)], { atMost: 100 }, ' ms');
  await requireFiredOnce(url, { instance, first, last: first + STEADY - 1 });
}

/** Each timer that fires creates one task; clients hear of it after its COMMIT. */
function countFired(test: TestEngine, onFired: (instance: number) => void = () => {}): { count: number } {
  const fired = { count: 0 };
  test.taskChanges.push = (...changes) => {
    for (const change of changes) {
      if (change.op !== 'created') continue;
      fired.count++;
      onFired(change.instanceId);
    }
    return 0;
  };
  return fired;
}

async function openFloor(database: BenchDatabase): Promise<{ rate(): Promise<number>; close(): Promise<void> }> {
  if (database.name === 'SQLite') {
    const floor = openJobsSqliteFloor(database.url().slice('sqlite:'.length));
    return {
      rate: () => rateOf(async () => floor.fire()),
      async close() {
        floor.close();
      },
    };
  }
  const floor = await openJobsMariaDbFloor(database.url());
  const room = Math.ceil(SECONDS * 30_000);
  return {
    async rate() {
      await floor.fill(room);
      return rateOf(floor.acquire);
    },
    close: floor.close,
  };
}

async function rateOf(batch: () => Promise<number>): Promise<number> {
  const begin = performance.now();
  let done = 0;
  while (performance.now() < begin + SECONDS * 1000) done += await batch();
  return (done / (performance.now() - begin)) * 1000;
}

/** Each of these instances has passed its timer once, not before it was due, and waits in its one task. */
async function requireFiredOnce(url: string, { instance, first, last }: { instance: number; first: number; last: number }): Promise<void> {
  const between = `BETWEEN ${instance + first * STRIDE} AND ${instance + last * STRIDE}`;
  const wanted = last - first + 1;
  const [tasks] = await runSql(
    url,
    `SELECT COUNT(*) AS n, COUNT(DISTINCT instance_id) AS instances FROM task WHERE instance_id ${between}`,
  );
  const [passed] = await runSql(
    url,
    `SELECT COUNT(*) AS n, COUNT(DISTINCT instance_id) AS instances FROM history_activity WHERE element = 'wait' AND instance_id ${between}`,
  );
  const [waiting] = await runSql(url, `SELECT COUNT(*) AS n FROM job WHERE element = 'wait' AND instance_id ${between}`);
  const found = [tasks?.['n'], tasks?.['instances'], passed?.['n'], passed?.['instances'], waiting?.['n']].map(Number);
  if (found.join() !== [wanted, wanted, wanted, wanted, 0].join())
    throw new Error(
      `Expected each of ${wanted} timers to fire once, but tasks, their instances, events passed, their instances and timers left are ${found.join(', ')}`,
    );
}
