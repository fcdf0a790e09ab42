import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const pause = {
  name: 'pause.bpmn',
  content: `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <bpmn:process id="pause" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="wait"/>
    <bpmn:receiveTask id="wait"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>\${times}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:receiveTask>
    <bpmn:sequenceFlow id="g" sourceRef="wait" targetRef="after"/>
    <bpmn:userTask id="after"/><bpmn:sequenceFlow id="h" sourceRef="after" targetRef="e"/><bpmn:endEvent id="e"/>
  </bpmn:process>
</bpmn:definitions>`,
};

for (const dialect of dialects()) {
  dialect.describe('signal to an execution', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy(pause);
    });
    after(() => test.close());

    const signal = (executionId: number, scope: { tenant: string; area: string | null } = { tenant: TENANT, area: null }) =>
      test.engine.runtime.signalExecution({ executionId, ...scope, variables: variablesOf({ done: executionId }), actor: ACTOR });
    const executionsOf = async (id: number) =>
      (await test.store.read("SELECT element_instance FROM subscription WHERE instance_id = ? AND kind = 'execution' ORDER BY id", [id])).map((row) =>
        Number(row['element_instance']),
      );
    const started = async (times: number) => (await test.start('pause', { times })).id;

    describe('when one receive task without a message waits', () => {
      it('lets it go on, by its execution or by its instance', async () => {
        for (const addressed of [async (id: number) => (await executionsOf(id))[0] ?? 0, (id: number) => Promise.resolve(id)]) {
          const id = await started(1);
          await signal(await addressed(id));
          assert.deepEqual((await test.tasks(id)).map(({ element }) => element), ['after']);
          await assert.rejects(signal(id), { code: 'NOT_FOUND', status: 404 });
        }
      });
    });

    describe('when several wait in the instance', () => {
      it('wants to know which', async () => {
        const id = await started(2);
        await assert.rejects(signal(id), { code: 'EXECUTION_AMBIGUOUS' });
        for (const execution of await executionsOf(id)) await signal(execution);
        assert.deepEqual((await test.tasks(id)).map(({ element }) => element), ['after']);
      });
    });

    describe('when it is of another district or area', () => {
      it('is not there', async () => {
        const id = await started(1);
        await assert.rejects(signal(id, { tenant: '120104', area: null }), { code: 'NOT_FOUND' });
        await assert.rejects(signal(id, { tenant: TENANT, area: '120103/120103001' }), { code: 'NOT_FOUND' });
        await signal(id, { tenant: TENANT, area: AREA });
      });
    });
  });
}
