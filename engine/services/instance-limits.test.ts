import assert from 'node:assert/strict';
import type { EngineEvent } from '#engine/core/events.ts';
import { hostileProcesses, type HostileProcess } from '#test/limits/hostile-processes.ts';
import { dialects } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';
import { checkStateSize, instanceLimits } from './instance-limits.ts';

const grows = [{ instance: 1, type: 'VariableSet', scope: 1, name: 'x', value: { type: 'Null', value: null } }] as EngineEvent[];
const fails = [{ instance: 1, type: 'JobFailed', job: 2, retries: 0, dueAt: 0, message: '', details: null }] as EngineEvent[];

describe('the size of an instance', () => {
  const warnings: object[] = [];
  const log = { warn: (what: object) => void warnings.push(what) } as never;

  it('is told about once when it is large', () => {
    for (let command = 0; command < 3; command++) checkStateSize({ log }, { instance: 1, characters: instanceLimits.warnState + 1 }, grows);
    assert.deepEqual(warnings, [{ instance: 1, characters: instanceLimits.warnState + 1 }]);
  });

  it('may not grow beyond its limit, but what has failed in it is still written', () => {
    const size = { instance: 1, characters: instanceLimits.state + 1 };
    assert.throws(() => checkStateSize({ log }, size, grows), { code: 'INSTANCE_TOO_LARGE' });
    assert.doesNotThrow(() => checkStateSize({ log }, size, fails));
  });
});

for (const dialect of dialects()) {
  dialect.describe('a hostile process', () => {
    let test: TestEngine;
    const deploy = (key: HostileProcess) => test.deploy({ name: `${key}.bpmn`, content: hostileProcesses[key] });
    const incidents = (instanceId: number) => test.store.read('SELECT message FROM incident WHERE instance_id = ?', [instanceId]);
    before(async () => {
      test = await aTestEngine(dialect);
    });
    after(() => test.close());

    for (const [key, message, variables] of [
      ['endless-script', /interrupted/],
      ['regex-bomb', /interrupted/],
      ['feel-bomb', /steps/, { n: 1_000 }],
      ['growing-text', /at most 4194304 characters/, { x: 'x'.repeat(1_000) }],
      ['poison', /poison/],
    ] as const) {
      it(`of the kind ${key} is one incident after its tries`, async function () {
        this.timeout(60_000);
        // given
        await deploy(key);
        // when
        const { id } = await test.start(key, variables);
        await test.runJobs();
        // then
        const [incident, ...others] = await incidents(id);
        assert.match(String(incident?.['message']), message);
        assert.deepEqual(others, []);
      });
    }

    it('that calls itself at once, or loops over too much, does not start', async () => {
      await deploy('recursive-at-once');
      await deploy('nested-items');
      await assert.rejects(test.start('recursive-at-once'), { code: 'CALL_DEPTH_EXCEEDED' });
      await assert.rejects(test.start('nested-items'), { code: 'LOOPS_NESTED_TOO_LARGE' });
      const keys = "SELECT id FROM process_definition WHERE def_key IN ('recursive-at-once', 'nested-items')";
      assert.deepEqual(await test.store.read(`SELECT id FROM process_instance WHERE definition_id IN (${keys})`), []);
    });

    it('leaves the jobs of others alone', async () => {
      // given: one job in a hundred always fails
      await deploy('neighbour');
      const ids: number[] = [];
      for (let n = 0; n < 99; n++) ids.push((await test.start('neighbour', { n })).id);
      const { id: poisoned } = await test.start('poison');
      for (const id of ids) {
        const [task] = await test.tasks(id);
        await test.engine.tasks.complete(task?.id ?? 0, {}, { id: 'x', kind: 'user' });
      }
      // when
      await test.runJobs();
      // then
      const rows = await test.store.read(`SELECT id FROM process_instance WHERE id IN (${ids.join(', ')})`);
      assert.deepEqual(rows, []);
      assert.equal((await incidents(poisoned)).length, 1);
    });
  });
}
