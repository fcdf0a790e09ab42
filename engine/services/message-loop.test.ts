import assert from 'node:assert/strict';
import { hostileProcesses } from '#test/limits/hostile-processes.ts';
import { dialects } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

for (const dialect of dialects()) {
  dialect.describe('a process that sends the message that starts it', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy({ name: 'message-loop.bpmn', content: hostileProcesses['message-loop'] });
    });
    after(() => test.close());

    it('counts the steps over all the instances, so that it ends as an incident', async () => {
      // given
      await test.start('message-loop');
      // when
      for (let round = 0; round < 20; round++) await runOneJob(test);
      // then
      const [row] = await test.store.read('SELECT state FROM process_instance ORDER BY id DESC LIMIT 1');
      const { j = [] } = JSON.parse(String(row?.['state'])) as { j?: { steps?: number }[] };
      assert.ok((j[0]?.steps ?? 0) >= 20 * 10, JSON.stringify(j));
    });
  });
}

async function runOneJob({ store, engine }: TestEngine): Promise<void> {
  const [row] = await store.read('SELECT id FROM job ORDER BY id LIMIT 1');
  await engine.management.executeJob(Number(row?.['id']), { id: null, kind: 'engine' });
}
