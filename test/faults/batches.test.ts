import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '#engine/seed/random.ts';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects, temporaryFolder, type Dialect } from '#test/support/dialects.ts';
import { freePort, startServerProcess } from '#test/support/server-process.ts';

const AUTHORIZATION = `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`;
const FILE = bpmnFile('fault-batch', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="added"/>${flows('s a added')}`);
const INSTANCES = 300;
const MAX_ROUNDS = 6;
const DONE_WITHIN_MS = 40_000;

/** A batch begins an activity in each of many instances; the server is killed while it works, and started again. */
async function modifyUnderFire(dialect: Dialect, seed: number): Promise<{ added: number[][]; cut: number; open: number }> {
  const random = createRandom(seed);
  const databaseUrl = await dialect.newDatabase();
  const options = {
    dataDir: temporaryFolder(),
    port: await freePort(),
    env: { SONGBAI_DATABASE_URL: databaseUrl, SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: 'node-1' },
  };
  let server = await startServerProcess(options);
  const call = (method: string, path: string, body?: unknown) => {
    const isForm = body instanceof FormData;
    const headers = { authorization: AUTHORIZATION, ...(!isForm && body !== undefined && { 'content-type': 'application/json' }) };
    return fetch(`${server.url}/engine-rest${path}`, { method, headers, ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }) });
  };
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await call('POST', path, body);
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as T;
  };
  /** Read from the database, as there is no server: how many instances have how many of the new tasks. */
  const inDatabase = async () => {
    const store = await dialect.open(databaseUrl);
    try {
      const rows = await store.read("SELECT COUNT(*) AS n FROM task WHERE element = 'added' GROUP BY instance_id");
      const [open] = await store.read('SELECT COUNT(*) AS n FROM batch WHERE ended_at IS NULL');
      return { counts: rows.map(({ n }) => Number(n)), open: Number(open?.['n']) };
    } finally {
      await store.close();
    }
  };

  const result = { added: [] as number[][], cut: 0, open: 0 };
  try {
    const form = new FormData();
    form.set('deployment-name', 'batches');
    form.set(FILE.name, new Blob([FILE.content]), FILE.name);
    const deployed = await post<{ deployedProcessDefinitions: object }>('/deployment/create', form);
    const [processDefinitionId] = Object.keys(deployed.deployedProcessDefinitions);
    for (let started = 0; started < INSTANCES; started += 50)
      await Promise.all(Array.from({ length: 50 }, () => post('/process-definition/key/fault-batch/start', {})));
    for (let round = 1; round <= MAX_ROUNDS && result.cut === 0; round++) {
      const instructions = [{ type: 'startBeforeActivity', activityId: 'added' }];
      const { id } = await post<{ id: string }>('/modification/executeAsync', { processDefinitionId, processInstanceQuery: { processDefinitionId }, instructions });
      await pause(random.integer(5, 120));
      await server.kill();
      const done = (await inDatabase()).counts.reduce((sum, count) => sum + count, 0) - (round - 1) * INSTANCES;
      if (done > 0 && done < INSTANCES) result.cut++;
      server = await startServerProcess(options);
      const end = Date.now() + DONE_WITHIN_MS;
      while ((await call('GET', `/batch/${id}`)).status !== 404 && Date.now() < end) await pause(100);
      const after = await inDatabaseOf();
      result.added.push(after.counts);
      result.open = after.open;
    }
    return result;
  } finally {
    await server.kill();
  }

  /** SQLite has one process at a time. */
  async function inDatabaseOf() {
    await server.stop();
    const found = await inDatabase();
    server = await startServerProcess(options);
    return found;
  }
}

for (const dialect of dialects()) {
  dialect.describe('a batch whose node is killed while it works', () => {
    it('does its work on each instance exactly once, and ends', async () => {
      // when
      const { added, cut, open } = await modifyUnderFire(dialect, 20_261_123);
      // then
      assert.deepEqual(added, added.map((_, round) => Array.from({ length: INSTANCES }, () => round + 1)));
      assert.equal(open, 0);
      assert.ok(cut > 0, 'no kill hit the middle of a batch');
    }).timeout(240_000);
  });
}
