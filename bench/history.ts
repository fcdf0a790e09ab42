// What history costs, on both databases. (1) Disk per W1 instance (start → service → user task → end) with full history.
// (2) An instance with 100,000 events in its history beside a small one, in turns: the tree of its activity instances, its running
// activities as /history shows them, and completing a task. The ratio large/small is what counts; at most 2.
// Run: npm run bench:history ; INSTANCES=2000 EVENTS=100000 ROUNDS=60
import { readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dialects, type Dialect } from '#test/support/dialects.ts';
import { mariaDb, mariaDbMissing } from '#test/support/mariadb.ts';
import { ACTOR, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';
import { runningActivities } from '#engine/history/running-activities.ts';
import { activityInstanceTree } from '#engine/rest/engine-rest/process-instance/activity-instances.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { eventsOf } from '#engine/store/read-models/instance-history.ts';
import { median, quartiles } from './statistics.ts';

const INSTANCES = Number(process.env['INSTANCES'] ?? 2_000);
const EVENTS = Number(process.env['EVENTS'] ?? 100_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 60);
const W1 = readFileSync(new URL('./w1.bpmn', import.meta.url));
const CIRCLE = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d-circle" targetNamespace="bench">
<bpmn:process id="circle" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:userTask id="round"/>
<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="round"/><bpmn:sequenceFlow id="g" sourceRef="round" targetRef="round"/></bpmn:process></bpmn:definitions>`;

for (const dialect of dialects()) {
  if (dialect.name === 'MariaDB' && mariaDbMissing !== null) process.stdout.write(`MariaDB: ${mariaDbMissing}\n`);
  else {
    await disk(dialect);
    await large(dialect);
  }
}
process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}\n`);
if (mariaDbMissing === null) await (await mariaDb()).stop();

async function disk(dialect: Dialect): Promise<void> {
  const url = await dialect.newDatabase();
  const test = await aTestEngine(dialect, url);
  try {
    await test.deploy({ name: 'w1.bpmn', content: W1 });
    const before = await sizeOf(test, url);
    for (let done = 0; done < INSTANCES; done += 16)
      await Promise.all(
        Array.from({ length: Math.min(16, INSTANCES - done) }, async (_, index) => {
          const { id } = await test.start('w1', { name: 'zhang', age: 82 }, `bk${done + index}`);
          const [task] = await test.tasks(id);
          if (task) await test.engine.tasks.complete(task.id, variablesOf({ name: 'li', result: 'ok' }), ACTOR);
        }),
      );
    const after = await sizeOf(test, url);
    process.stdout.write(
      `${dialect.name}: ${((after - before) / INSTANCES / 1024).toFixed(2)} KB on disk per W1 instance (${INSTANCES} instances)\n`,
    );
  } finally {
    await test.close();
  }
}

/** Bytes of the data itself: pages in use. */
async function sizeOf({ store }: TestEngine, url: string): Promise<number> {
  if (store.kind === 'sqlite') {
    await store.read('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => []);
    const [pages] = await store.read(
      'SELECT (SELECT page_count FROM pragma_page_count()) - (SELECT freelist_count FROM pragma_freelist_count()) AS n, (SELECT page_size FROM pragma_page_size()) AS size',
    );
    return pages ? Number(pages['n']) * Number(pages['size']) : statSync(url.slice('sqlite:'.length)).size;
  }
  await store
    .read(
      'ANALYZE TABLE event, history_instance, history_activity, history_task, process_instance, task, search_variable, job, subscription',
    )
    .catch(() => []);
  const [row] = await store.read(
    'SELECT SUM(data_length + index_length) AS n FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  return Number(row?.['n'] ?? 0);
}

async function large(dialect: Dialect): Promise<void> {
  const test = await aTestEngine(dialect);
  try {
    await test.deploy({ name: 'circle.bpmn', content: CIRCLE });
    const old = (await test.start('circle')).id;
    await fill(test, old);
    const model = await test.modelOf((await test.store.query(loadByInstance(old)))?.instances.get(old)?.state.definitionId ?? 0);
    const measured: Record<string, [number[], number[]]> = { 'activity-instances': [[], []], 'running activities of /history': [[], []], 'completing a task': [[], []] };
    const scope = { tenant: TENANT, areas: [TENANT] };
    const running = (id: number) => runningActivities({ store: test.store, modelOf: test.modelOf, historyLevel: 'full' }, { scope, instances: { processInstanceId: id }, keeps: () => true, enough: null });
    const tree = async (id: number) => {
      const state = (await test.store.query(loadByInstance(id)))?.instances.get(id)?.state;
      return state && activityInstanceTree(state, model);
    };
    for (let turn = 0; turn < ROUNDS; turn++) {
      const young = (await test.start('circle')).id;
      const order = turn % 2 === 0 ? [old, young] : [young, old];
      for (const id of order) {
        const side = id === old ? 1 : 0;
        measured['activity-instances']?.[side].push(await timed(() => tree(id)));
        measured['running activities of /history']?.[side].push(await timed(() => running(id)));
        const [task] = await test.tasks(id);
        measured['completing a task']?.[side].push(await timed(() => test.engine.tasks.complete(task?.id ?? 0, {}, ACTOR)));
      }
    }
    for (const [name, [small, big]] of Object.entries(measured)) {
      const ratios = big.map((value, index) => value / (small[index] ?? value));
      const { lower, upper } = quartiles(ratios);
      process.stdout.write(
        `${dialect.name}: ${name}: ${median(small).toFixed(2)} → ${median(big).toFixed(2)} ms, ratio ${median(ratios).toFixed(2)} (quartiles ${lower.toFixed(2)}–${upper.toFixed(2)})\n`,
      );
    }
  } finally {
    await test.close();
  }
}

/** Goes round until the instance's history has so many events. */
async function fill(test: TestEngine, id: number): Promise<void> {
  await round(test, id);
  const [first] = await test.store.query(eventsOf(id, { afterSeq: 1, limit: 1 }));
  const perRound = first?.events.length ?? 1;
  for (let events = perRound; events < EVENTS; events += perRound) await round(test, id);
}

async function round(test: TestEngine, id: number): Promise<void> {
  const [task] = await test.tasks(id);
  await test.engine.tasks.complete(task?.id ?? 0, {}, ACTOR);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
