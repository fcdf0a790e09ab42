// What a further node costs through the whole engine, on both databases: CPU of this process and SQL statements per instance, for a
// sequence of 5 and of 55 tasks, and for a split and join of five. Full history, one row per activity that ends.
// Run: npm run bench:nodes ; PAIRS=9 DB=sqlite
import { StatementSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import type { TestEngine } from '#test/support/test-engine.ts';
import { type BenchDatabase, onEachDatabase } from './databases.ts';
import { report } from './pairs.ts';

const ROUNDS = Number(process.env['PAIRS'] ?? 9);
const INSTANCES = 512;
const AT_ONCE = 64;
const EXTRA = 50;

const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const model = (
  key: string,
  content: string,
) => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d-${key}" targetNamespace="bench">
  <bpmn:process id="${key}" isExecutable="true"><bpmn:startEvent id="start"/>${content}<bpmn:endEvent id="end"/></bpmn:process></bpmn:definitions>`;
function sequence(count: number): string {
  const ids = Array.from({ length: count }, (_, at) => `t${at}`);
  const path = ['start', ...ids, 'end'];
  return model(
    `sequence${count}`,
    ids.map((id) => `<bpmn:task id="${id}"/>`).join('') +
      path
        .slice(1)
        .map((id, at) => flow(path[at] ?? '', id))
        .join(''),
  );
}
function split(): string {
  const ids = Array.from({ length: 5 }, (_, at) => `t${at}`);
  const branches = ids.map((id) => `<bpmn:task id="${id}"/>${flow('fork', id)}${flow(id, 'join')}`).join('');
  return model(
    'split',
    `<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>${flow('start', 'fork')}${branches}${flow('join', 'end')}`,
  );
}

interface Cost {
  cpuUs: number;
  statements: number;
}

await onEachDatabase(async (database) => {
  const url = database.url();
  const test = await database.engine(url);
  const counter = await statementCounter(database, url);
  try {
    await test.deploy(
      { name: 'five.bpmn', content: sequence(5) },
      { name: 'fifty-five.bpmn', content: sequence(5 + EXTRA) },
      { name: 'split.bpmn', content: split() },
    );
    const rounds: { five: Cost; many: Cost; split: Cost }[] = [];
    for (let round = -2; round < ROUNDS; round++) {
      const costs = {
        five: await measure(test, counter, 'sequence5'),
        many: await measure(test, counter, `sequence${5 + EXTRA}`),
        split: await measure(test, counter, 'split'),
      };
      if (round >= 0) rounds.push(costs);
    }
    process.stdout.write('\n');
    report(
      `${database.name}: one more synchronous node, CPU of the engine`,
      rounds.map(({ five, many }) => (many.cpuUs - five.cpuUs) / EXTRA),
      { atMost: 25 },
      ' µs',
    );
    report(
      `${database.name}: one more synchronous node, SQL statements`,
      rounds.map(({ five, many }) => (many.statements - five.statements) / EXTRA),
      { atMost: 0.2 },
    );
    report(
      `${database.name}: split and join of 5 / sequence of 5`,
      rounds.map((costs) => costs.split.cpuUs / costs.five.cpuUs),
      { atMost: 2 },
    );
  } finally {
    await counter.close();
    await test.close();
  }
});

async function measure(test: TestEngine, counter: Counter, key: string): Promise<Cost> {
  const statements = await counter.count();
  const before = process.cpuUsage();
  for (let done = 0; done < INSTANCES; done += AT_ONCE) {
    const started = await Promise.all(Array.from({ length: AT_ONCE }, () => test.start(key)));
    if (!started.every(({ ended }) => ended)) throw new Error(`Expected all instances of ${key} to have ended`);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / INSTANCES, statements: ((await counter.count()) - statements) / INSTANCES };
}

interface Counter {
  /** Statements that the database has executed so far. */
  count(): Promise<number>;
  close(): Promise<void>;
}

async function statementCounter(database: BenchDatabase, url: string): Promise<Counter> {
  if (database.name === 'MariaDB') {
    const { hostname: host, port, username: user, password } = new URL(url);
    const connection = await mysql.createConnection({ host, port: Number(port), user, password });
    return {
      async count() {
        const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Questions'");
        return Number((rows as { Value: string }[])[0]?.Value);
      },
      close: () => connection.end(),
    };
  }
  let count = 0;
  const counted = ['run', 'all'] as const;
  const originals = counted.map((name) => StatementSync.prototype[name]);
  counted.forEach((name, index) => {
    const original = originals[index] as (...values: unknown[]) => unknown;
    Object.assign(StatementSync.prototype, {
      [name](this: StatementSync, ...values: unknown[]) {
        count++;
        return original.apply(this, values);
      },
    });
  });
  return {
    count: async () => count,
    async close() {
      counted.forEach((name, index) => Object.assign(StatementSync.prototype, { [name]: originals[index] }));
    },
  };
}
