import { strict as assert } from 'node:assert';
import { createRandom } from '#engine/seed/random.ts';
import { dialects, temporaryFolder } from '#test/support/dialects.ts';
import { engineClients } from '#test/support/engine-clients.ts';
import { checkInvariants } from '#test/support/engine-invariants.ts';
import { startServerProcess } from '#test/support/server-process.ts';

const mariaDb = dialects().find(({ name }) => name === 'MariaDB')!;

mariaDb.describe('two engines', () => {
  it('share jobs, tasks and requests, and go on alone when one is killed', async () => {
    // given
    const databaseUrl = await mariaDb.newDatabase();
    const node = (nodeId: string) =>
      startServerProcess({ dataDir: temporaryFolder(), env: { SONGBAI_DATABASE_URL: databaseUrl, SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: nodeId } });
    const [a, b] = await Promise.all([node('node-a'), node('node-b')]);
    const urls = [a.url, b.url];
    try {
      const clients = engineClients(urls, createRandom(7));
      await clients.deploy();
      // when
      const work = clients.work(6);
      await untilStarted(clients.ledger.started, 60);
      await a.kill();
      urls.splice(0, 1);
      await untilStarted(clients.ledger.started, 90);
      await work.stop();
      const exitCode = await b.stop();
      // then
      const store = await mariaDb.open(databaseUrl);
      const outcome = await checkInvariants(store, clients.ledger);
      await store.close();
      assert.deepEqual(outcome.violations, []);
      assert.equal(exitCode, 0);
      assert.ok(outcome.ended > 10 && outcome.timersFired > 10, `the run was too small to prove anything: ${JSON.stringify(outcome)}`);
    } finally {
      await Promise.all([a.kill(), b.kill()]);
    }
  }).timeout(180_000);
});

async function untilStarted(started: Map<string, string>, count: number): Promise<void> {
  while (started.size < count) await new Promise((resolve) => setTimeout(resolve, 50));
}
