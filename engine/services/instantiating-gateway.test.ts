import assert from 'node:assert/strict';
import type { RequestError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, type TestEngine } from '#test/support/test-engine.ts';

const process = (id: string, type: string) => ({
  name: `${id}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
<bpmn:message id="m1" name="${id}.form"/><bpmn:message id="m2" name="${id}.payment"/>
<bpmn:process id="${id}" isExecutable="true">
<bpmn:eventBasedGateway id="gw" instantiate="true" eventGatewayType="${type}"/>
<bpmn:receiveTask id="form" messageRef="m1"/><bpmn:receiveTask id="payment" messageRef="m2"/>
<bpmn:userTask id="read"/><bpmn:userTask id="book"/>
<bpmn:inclusiveGateway id="join"/><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="f1" sourceRef="gw" targetRef="form"/><bpmn:sequenceFlow id="f2" sourceRef="gw" targetRef="payment"/>
<bpmn:sequenceFlow id="f3" sourceRef="form" targetRef="read"/><bpmn:sequenceFlow id="f4" sourceRef="payment" targetRef="book"/>
<bpmn:sequenceFlow id="f5" sourceRef="read" targetRef="join"/><bpmn:sequenceFlow id="f6" sourceRef="book" targetRef="join"/>
<bpmn:sequenceFlow id="f7" sourceRef="join" targetRef="end"/>
</bpmn:process></bpmn:definitions>`,
});

for (const dialect of dialects()) {
  dialect.describe('a process that an event-based gateway starts', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy(process('either', 'Exclusive'), process('both', 'Parallel'));
    });
    after(() => test.close());

    const send = async (message: string, businessKey: string) => {
      const input = { message, tenant: TENANT, area: AREA, businessKey, variables: {}, actor: ACTOR };
      const [result] = await test.engine.runtime.correlate(input);
      assert.ok(result);
      return result.kind === 'started' ? result.instance.id : result.instanceId;
    };
    const tasksOf = async (id: number) => (await test.tasks(id)).map(({ element }) => element);
    const endOf = async (id: number) =>
      (await test.store.read('SELECT end_state FROM history_instance WHERE id = ?', [id]))[0]?.['end_state'];
    const completeAll = async (id: number) => {
      for (const { id: task } of await test.tasks(id)) await test.engine.tasks.complete(task, {}, ACTOR);
    };

    it('begins at the message that comes, each time anew', async () => {
      const form = await send('either.form', 'A');
      const payment = await send('either.payment', 'A');
      assert.notEqual(form, payment);
      assert.deepEqual([await tasksOf(form), await tasksOf(payment)], [['read'], ['book']]);
      await completeAll(form);
      assert.equal(await endOf(form), 'COMPLETED');
    });

    it('needs one of its messages', async () => {
      await assert.rejects(test.start('either'), (error: RequestError) => error.code === 'START_EVENT_MISSING');
    });

    describe('when it is parallel', () => {
      it('gets the other message of the same business key, and ends after both', async () => {
        const first = await send('both.payment', 'A');
        const other = await send('both.payment', 'B');
        assert.notEqual(first, other);
        assert.equal(await send('both.form', 'A'), first);
        assert.deepEqual((await tasksOf(first)).toSorted(), ['book', 'read']);
        await completeAll(first);
        assert.equal(await endOf(first), 'COMPLETED');
        await completeAll(other);
        assert.notEqual(await endOf(other), 'COMPLETED');
      });
    });
  });
}
