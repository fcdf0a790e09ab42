import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '#engine/seed/random.ts';
import { dialects, temporaryFolder, type Dialect } from '#test/support/dialects.ts';
import { freePort, startServerProcess } from '#test/support/server-process.ts';

const AUTHORIZATION = `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`;
const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const BPMN = `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><bpmn:signal id="sig" name="fault-alarm"/>
<bpmn:process id="fault-listener" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:userTask id="host"/>${flow('s', 'host')}<bpmn:boundaryEvent id="edge" attachedToRef="host" cancelActivity="false"><bpmn:signalEventDefinition id="d1" signalRef="sig"/></bpmn:boundaryEvent><bpmn:userTask id="heard"/>${flow('edge', 'heard')}</bpmn:process>
<bpmn:process id="fault-begun" isExecutable="true"><bpmn:startEvent id="s2"><bpmn:signalEventDefinition id="d2" signalRef="sig"/></bpmn:startEvent><bpmn:userTask id="begun"/>${flow('s2', 'begun')}</bpmn:process>
<bpmn:process id="fault-thrower" isExecutable="true"><bpmn:startEvent id="s3"/><bpmn:endEvent id="throw"><bpmn:signalEventDefinition id="d3" signalRef="sig"/></bpmn:endEvent>${flow('s3', 'throw')}</bpmn:process></bpmn:definitions>`;

const LISTENERS = 300;
const MAX_ROUNDS = 8;
const DELIVERED_WITHIN_MS = 40_000;

/** Throws a signal to many, kills the server while it is delivered, and starts it again; the counts are after each round, `cut` says in how many the kill hit the middle. */
async function throwUnderFire(dialect: Dialect, seed: number): Promise<{ heard: number[]; begun: number[]; cut: number }> {
  const random = createRandom(seed);
  const databaseUrl = await dialect.newDatabase();
  const options = {
    dataDir: temporaryFolder(),
    port: await freePort(),
    env: { SONGBAI_DATABASE_URL: databaseUrl, SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: 'node-1' },
  };
  let server = await startServerProcess(options);
  const post = async (path: string, body: unknown) => {
    const isForm = body instanceof FormData;
    const headers = { authorization: AUTHORIZATION, ...(!isForm && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${server.url}/engine-rest${path}`, { method: 'POST', headers, body: isForm ? body : JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.text());
  };
  /** Read from the database, as there is no server. */
  const heardBefore = async () => {
    const store = await dialect.open(databaseUrl);
    try {
      return (await store.read("SELECT id FROM task WHERE element = 'heard'")).length;
    } finally {
      await store.close();
    }
  };

  const result = { heard: [] as number[], begun: [] as number[], cut: 0 };
  try {
    const form = new FormData();
    form.set('deployment-name', 'signals');
    form.set('signals.bpmn', new Blob([BPMN]), 'signals.bpmn');
    await post('/deployment/create', form);
    for (let started = 0; started < LISTENERS; started += 50)
      await Promise.all(Array.from({ length: 50 }, () => post('/process-definition/key/fault-listener/start', {})));
    for (let round = 1; round <= MAX_ROUNDS && result.cut === 0; round++) {
      await post('/process-definition/key/fault-thrower/start', {});
      await pause(random.integer(0, 250));
      await server.kill();
      const heard = (await heardBefore()) - (round - 1) * LISTENERS;
      if (heard > 0 && heard < LISTENERS) result.cut++;
      server = await startServerProcess(options);
      await delivered();
      result.heard.push(await count('heard'));
      result.begun.push(await count('begun'));
    }
    return result;
  } finally {
    await server.kill();
  }

  async function count(element: string): Promise<number> {
    const answer = await fetch(`${server.url}/engine-rest/task/count?taskDefinitionKey=${element}`, {
      headers: { authorization: AUTHORIZATION },
    });
    return ((await answer.json()) as { count: number }).count;
  }

  /** The processes that the signal starts come last; whatever came twice would come by then. */
  async function delivered(): Promise<void> {
    const end = Date.now() + DELIVERED_WITHIN_MS;
    while ((await count('begun')) <= result.begun.length && Date.now() < end) await pause(50);
    await pause(500);
  }
}

for (const dialect of dialects()) {
  dialect.describe('a signal whose node is killed while it is delivered', () => {
    it('comes to each who waited for it exactly once', async () => {
      // when
      const { heard, begun, cut } = await throwUnderFire(dialect, 20_261_123);
      // then
      const rounds = heard.map((_, at) => at + 1);
      assert.deepEqual([heard, begun], [rounds.map((round) => round * LISTENERS), rounds]);
      assert.ok(cut > 0, 'the server was never killed in the middle: the run proves nothing');
    }).timeout(300_000);
  });
}
