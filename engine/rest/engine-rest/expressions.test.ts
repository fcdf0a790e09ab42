import assert from 'node:assert/strict';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const PRICE = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <bpmn:process id="price" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="sum"/>
    <bpmn:scriptTask id="sum" scriptFormat="juel" camunda:resultVariable="total"><bpmn:script>\${amount * 2}</bpmn:script></bpmn:scriptTask>
    <bpmn:sequenceFlow id="g" sourceRef="sum" targetRef="ask"/>
    <bpmn:userTask id="ask"/><bpmn:sequenceFlow id="h" sourceRef="ask" targetRef="e"/><bpmn:endEvent id="e"/>
  </bpmn:process>
</bpmn:definitions>`;

describe('expressions of a model, over engine-rest', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await createTestServer();
    const form = new FormData();
    form.set('deployment-name', 'price');
    form.set('price.bpmn', new Blob([PRICE]), 'price.bpmn');
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
    assert.equal(answer.status, 200, await answer.clone().text());
  });
  after(() => server.stop());

  const start = (variables: object) =>
    fetch(`${server.url}/engine-rest/process-definition/key/price/start`, {
      method: 'POST',
      headers: { authorization: server.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ variables, withVariablesInReturn: true }),
    });

  describe('when one names a variable that is not there', () => {
    it('answers 500 in Camunda’s words, and nothing has started', async () => {
      const answer = await start({});
      const { type, message } = (await answer.json()) as { type: string; message: string };
      assert.equal(answer.status, 500);
      assert.equal(type, 'RestException');
      assert.match(message, /Unknown property used in expression: \$\{amount \* 2\}\. Cause: Cannot resolve identifier 'amount'$/);
    });
  });

  describe('when one reads a transient variable', () => {
    it('answers without it, and the instance has not got it', async () => {
      const answer = await start({ amount: { value: 21, type: 'Integer', valueInfo: { transient: true } } });
      const { id, variables } = (await answer.json()) as { id: string; variables: object };
      assert.deepEqual(variables, { total: { type: 'Integer', value: 42, valueInfo: {} } });
      const stored = await fetch(`${server.url}/engine-rest/process-instance/${id}/variables`, { headers: { authorization: server.authorization } });
      assert.deepEqual(await stored.json(), variables);
    });
  });
});
