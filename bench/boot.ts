// A server that has much to remember, on both databases:
// (1) boot with OPEN open instances and DEFINITIONS definitions: from the start of the process to its first answered request;
// (2) RSS of a server with 100,000 more open instances than another, after the same work;
// (3) the first start of a process of 500 elements after a restart: nothing is parsed.
// Run: npm run bench:boot ; OPEN=1000000 DEFINITIONS=200 BOOTS=5 DB=sqlite
import { readFileSync, rmSync } from 'node:fs';

import type { Worker } from 'node:worker_threads';
import { copyInstance, FIRST_ID, runSql } from './copy-instance.ts';
import { type BenchDatabase, benchFolder, onEachDatabase } from './databases.ts';
import { type RunningEngine, startEngine } from './engine-process.ts';
import { report } from './pairs.ts';
import { median } from './statistics.ts';

const OPEN = Number(process.env['OPEN'] ?? 100_000);
const DEFINITIONS = Number(process.env['DEFINITIONS'] ?? 200);
const BOOTS = Number(process.env['BOOTS'] ?? 5);
const FEW = 1_000;
const MORE = 100_000;
/** What a server does before its memory is measured. */
const CASES = 1_000;
const MB = 1024 * 1024;

const w1 = { name: 'w1.bpmn', content: readFileSync(new URL('./w1.bpmn', import.meta.url)) };

/** A task of a group, with a timer that is due one day. */
const VISIT = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d-visit" targetNamespace="bench">
  <bpmn:process id="visit" isExecutable="true"><bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="user"/>
    <bpmn:userTask id="user" name="评估" camunda:candidateGroups="assessor"/><bpmn:sequenceFlow id="f2" sourceRef="user" targetRef="end"/><bpmn:endEvent id="end"/>
    <bpmn:boundaryEvent id="late" attachedToRef="user"><bpmn:timerEventDefinition><bpmn:timeDuration>P300D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="late" targetRef="end"/></bpmn:process></bpmn:definitions>`;

/** A process of that many elements, one after the other. */
function line(key: string, elements: number): { name: string; content: string } {
  const ids = ['start', ...Array.from({ length: elements - 2 }, (_, at) => `t${at}`), 'end'];
  const flows = ids.slice(1).map((id, at) => `<bpmn:sequenceFlow id="f${at}" sourceRef="${ids[at]}" targetRef="${id}"/>`);
  const tasks = ids.slice(1, -1).map((id) => `<bpmn:task id="${id}" name="visit ${id}"/>`);
  const content = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d-${key}" targetNamespace="bench"><bpmn:process id="${key}" isExecutable="true">
    <bpmn:startEvent id="start"/>${tasks.join('')}<bpmn:endEvent id="end"/>${flows.join('')}</bpmn:process></bpmn:definitions>`;
  return { name: `${key}.bpmn`, content };
}

/** What servers keep beside their database. */
const dataDir = benchFolder('boot');
await onEachDatabase(async (database) => {
  process.stdout.write('\n');
  await secondStart(database);
  await boot(database);
  await memory(database);
});
rmSync(dataDir, { recursive: true, force: true });

async function secondStart(database: BenchDatabase): Promise<void> {
  const url = database.url();
  const compilers: Worker[] = [];
  const count = (worker: Worker) => void compilers.push(worker);
  const first = await database.engine(url);
  process.on('worker', count);
  await first.deploy(line('long', 500));
  await first.close();
  const whenDeployed = compilers.splice(0).length;
  const second = await database.engine(url);
  const begin = performance.now();
  const { ended } = await second.start('long');
  const ms = performance.now() - begin;
  await second.close();
  process.off('worker', count);
  // Only the compiler's worker thread parses BPMN.
  if (whenDeployed === 0 || compilers.length > 0 || !ended)
    throw new Error(
      `Expected a compiler for the deployment and none for the start, but there were ${whenDeployed} and ${compilers.length}`,
    );
  process.stdout.write(
    `${database.name}: 500 elements, first start after a restart ${ms.toFixed(0)} ms; compilers started: ${whenDeployed} by the deployment, ${compilers.length} by the start\n`,
  );
}

async function boot(database: BenchDatabase): Promise<void> {
  const [full, empty] = [await openInstances(database, OPEN, DEFINITIONS), await openInstances(database, 1, 0)];
  const times = { full: [] as number[], empty: [] as number[] };
  // The first start fills the demo district.
  for (const url of [full, empty]) await secondsToAnswer(url);
  for (let round = 0; round < BOOTS; round++) {
    times.full.push(await secondsToAnswer(full));
    times.empty.push(await secondsToAnswer(empty));
  }
  process.stdout.write(
    `${database.name}: boot of a server with one open instance, to the first answer: median ${median(times.empty).toFixed(2)} s\n`,
  );
  report(
    `${database.name}: boot with ${OPEN} open instances and ${DEFINITIONS} definitions, to the first answer`,
    times.full,
    { atMost: 3 },
    ' s',
  );
}

async function secondsToAnswer(url: string): Promise<number> {
  const begin = performance.now();
  const server = await serverOn(url);
  await answer(server, '/task?maxResults=20');
  const seconds = (performance.now() - begin) / 1000;
  await server.stop();
  return seconds;
}

async function memory(database: BenchDatabase): Promise<void> {
  const few = await openInstances(database, FEW, 0);
  const many = await openInstances(database, FEW + MORE, 0);
  const rss = { few: [] as number[], many: [] as number[] };
  for (let round = -1; round < BOOTS; round++) {
    const sizes = { few: await rssAfterWork(few), many: await rssAfterWork(many) };
    if (round < 0) continue;
    rss.few.push(sizes.few);
    rss.many.push(sizes.many);
  }
  process.stdout.write(
    `${database.name}: RSS with ${FEW} open instances ${median(rss.few).toFixed(0)} MB, with ${FEW + MORE} ${median(rss.many).toFixed(0)} MB\n`,
  );
  report(
    `${database.name}: RSS for ${MORE} more open instances`,
    rss.many.map((size, round) => size - (rss.few[round] ?? 0)),
    { atMost: 30 },
    ' MB',
  );
}

/** URL of a new database with that many open instances, and with definitions of 100 elements beside it. */
async function openInstances(database: BenchDatabase, open: number, definitions: number): Promise<string> {
  const begin = performance.now();
  const url = database.url();
  const deploying = await database.engine(url);
  await deploying.deploy(w1, { name: 'visit.bpmn', content: VISIT });
  for (let number = 0; number < definitions; number++) await deploying.deploy(line(`line${number}`, 100));
  await deploying.close();
  await runSql(url, `UPDATE id_block SET next = ${FIRST_ID} WHERE name = 'engine'`, 'SELECT 1');
  const starting = await database.engine(url);
  const { id } = await starting.start('visit', { name: '张三', age: 82 }, 'bk');
  await starting.close();
  await copyInstance(url, { instance: id, first: 1, count: open - 1 });
  process.stdout.write(
    `${database.name}: ${open} open instances, ${definitions + 2} definitions made in ${((performance.now() - begin) / 1000).toFixed(0)} s\n`,
  );
  return url;
}

function serverOn(url: string): Promise<RunningEngine> {
  return startEngine({ dataDir, env: { SONGBAI_DATABASE_URL: url } });
}

async function rssAfterWork(url: string): Promise<number> {
  const server = await serverOn(url);
  for (let done = 0; done < CASES; done += 10) {
    await Promise.all(Array.from({ length: 10 }, () => oneCase(server)));
    await answer(server, '/task?maxResults=20');
  }
  const { rssBytes } = await server.usage();
  await server.stop();
  return rssBytes / MB;
}

async function oneCase(server: RunningEngine): Promise<void> {
  const variables = { name: { value: '张三', type: 'String' }, age: { value: 82, type: 'Long' } };
  const { id } = (await answer(server, '/process-definition/key/w1/start', { businessKey: 'bk', variables })) as { id: string };
  const [task] = (await answer(server, `/task?processInstanceId=${id}`)) as { id: string }[];
  await answer(server, `/task/${task?.id}/complete`, {});
}

async function answer(server: RunningEngine, path: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: server.authorization, 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/engine-rest${path}`, {
    headers,
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Expected ${path} to be answered, but: ${response.status} ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}
