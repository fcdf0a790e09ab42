// Multi-instance of 1,000 and 10,000 items on both databases: time per item to create all of them and to complete each one,
// one command after the other, as user tasks, external tasks and call activities, and as a sequence. While the items of the large one are completed, small ones
// come and go in between, so that both see the same machine. The ratio of the two is what counts: 1 = linear.
// Run: npm run bench:loop ; SMALL=1000 LARGE=10000 KIND=user
import { loadavg } from 'node:os';
import { dialects, type Dialect } from '#test/support/dialects.ts';
import { mariaDb, mariaDbMissing } from '#test/support/mariadb.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine } from '#test/support/test-engine.ts';
import { median } from './statistics.ts';

const SMALL = Number(process.env['SMALL'] ?? 1_000);
const LARGE = Number(process.env['LARGE'] ?? 10_000);
const FETCH = 100;

const model = (key: string, activity: string) => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d-${key}" targetNamespace="bench"><bpmn:process id="${key}" isExecutable="true">
  <bpmn:startEvent id="s"/>${activity}<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"/>
  <bpmn:sequenceFlow id="g" sourceRef="x" targetRef="e"/></bpmn:process></bpmn:definitions>`;
const loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" camunda:elementVariable="elder"/>';

/** Each instance has a topic of its own, so that its worker does not see the tasks of the others. */
const topics = new Map<number, string>();
const topicOf = (instance: number) => topics.get(instance) ?? '';

interface Cost {
  wallUs: number;
  /** Of this process: on SQLite all of it, on MariaDB without the server. */
  cpuUs: number;
}
interface Kind {
  name: string;
  activity: string;
  /** Completes that many items of the instance. */
  complete(test: TestEngine, instance: number, count: number): Promise<void>;
}
const KINDS: Kind[] = [
  {
    name: 'user task',
    activity: `<bpmn:userTask id="x" name="visit">${loop}</bpmn:userTask>`,
    async complete(test, instance, count) {
      const rows = await test.store.read('SELECT id FROM task WHERE instance_id = ? ORDER BY id LIMIT ?', [instance, count]);
      for (const { id } of rows) await test.engine.tasks.complete(Number(id), {}, ACTOR);
    },
  },
  {
    name: 'external task',
    activity: `<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="\${topic}">${loop}</bpmn:serviceTask>`,
    async complete({ engine }, instance, count) {
      const asked = [{ topicName: topicOf(instance), lockDurationMs: 600_000 }];
      for (let done = 0; done < count;) {
        const locked = await engine.externalTasks.fetchAndLock({
          workerId: 'w',
          maxTasks: Math.min(FETCH, count - done),
          usePriority: true,
          tenant: TENANT,
          topics: asked,
        });
        for (const { id } of locked) await engine.externalTasks.complete(id, { workerId: 'w', variables: {}, localVariables: {} }, ACTOR);
        done += locked.length;
      }
    },
  },
  {
    name: 'call activity with a user task',
    activity: `<bpmn:callActivity id="x" calledElement="called">${loop}</bpmn:callActivity>`,
    async complete(test, instance, count) {
      const sql =
        'SELECT t.id FROM task t JOIN process_instance p ON p.id = t.instance_id WHERE p.root_id = ? AND p.super_id IS NOT NULL ORDER BY t.id LIMIT ?';
      for (const { id } of await test.store.read(sql, [instance, count])) await test.engine.tasks.complete(Number(id), {}, ACTOR);
    },
  },
  {
    name: 'sequential user task',
    activity: `<bpmn:userTask id="x" name="visit">${loop.replace('/>', ' isSequential="true"/>')}</bpmn:userTask>`,
    async complete(test, instance, count) {
      for (let done = 0; done < count; done++) {
        const [task] = await test.store.read('SELECT id FROM task WHERE instance_id = ?', [instance]);
        await test.engine.tasks.complete(Number(task?.['id']), {}, ACTOR);
      }
    },
  },
];
const wanted = KINDS.filter(({ name }) => name.includes(process.env['KIND'] ?? ''));

for (const dialect of dialects()) {
  if (dialect.name === 'MariaDB' && mariaDbMissing !== null) process.stdout.write(`MariaDB: ${mariaDbMissing}\n`);
  else for (const kind of wanted) await bench(dialect, kind);
}
if (mariaDbMissing === null) await (await mariaDb()).stop();

async function bench(dialect: Dialect, kind: Kind): Promise<void> {
  const test = await aTestEngine(dialect);
  try {
    await test.deploy(
      { name: 'loop.bpmn', content: model('loop', kind.activity) },
      { name: 'called.bpmn', content: model('called', '<bpmn:userTask id="x"/>') },
    );
    const small = { create: [] as Cost[], complete: [] as Cost[] };
    const smallRound = async () => {
      const { id, cost } = await create(test, SMALL);
      small.create.push(cost);
      small.complete.push(await measured(SMALL, () => kind.complete(test, id, SMALL)));
    };
    await smallRound();
    small.create.length = small.complete.length = 0;
    const large = await create(test, LARGE);
    const complete: Cost[] = [];
    for (let done = 0; done < LARGE; done += SMALL) {
      complete.push(await measured(SMALL, () => kind.complete(test, large.id, SMALL)));
      await smallRound();
    }
    const [left] = await test.store.read('SELECT COUNT(*) AS n FROM process_instance');
    if (Number(left?.['n']) !== 0) throw new Error('Expected all instances to have ended, but some still run');
    report(`${dialect.name}, ${kind.name}`, small, { create: [large.cost], complete });
  } finally {
    await test.close();
  }
}

async function create(test: TestEngine, total: number): Promise<{ id: number; cost: Cost }> {
  const elders = Array.from({ length: total }, (_, index) => `elder ${index}`);
  const topic = `visit-${topics.size}`;
  let id = 0;
  const cost = await measured(total, async () => {
    ({ id } = await test.start('loop', { elders, topic }));
    await test.runJobs();
  });
  topics.set(id, topic);
  return { id, cost };
}

async function measured(items: number, work: () => Promise<void>): Promise<Cost> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallUs: ((performance.now() - begin) * 1_000) / items, cpuUs: (user + system) / items };
}

type Measured = Record<'create' | 'complete', Cost[]>;

function report(name: string, small: Measured, large: Measured): void {
  const of = (measured: Measured, part: keyof Measured, key: keyof Cost) => median(measured[part].map((each) => each[key]));
  const whole = (measured: Measured, key: keyof Cost) => of(measured, 'create', key) + of(measured, 'complete', key);
  const both = (part: keyof Measured) => `${part} ${of(small, part, 'wallUs').toFixed(0)} → ${of(large, part, 'wallUs').toFixed(0)} µs`;
  const ratio = (key: keyof Cost) => (whole(large, key) / whole(small, key)).toFixed(2);
  process.stdout.write(
    `${name}, per item at ${SMALL} → ${LARGE}: ${both('create')}, ${both('complete')}; ratio ${ratio('wallUs')}, of our CPU ${ratio('cpuUs')}; load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}
