import assert from 'node:assert/strict';
import { sorted } from '#test/support/core-scenario.ts';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

type Json = Record<string, unknown>;
const condition = (text: string) =>
  `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">${text}</bpmn:condition></bpmn:conditionalEventDefinition>`;
const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const MODEL = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<bpmn:signal id="alarm" name="alarm"/><bpmn:error id="error" errorCode="E-1"/><bpmn:escalation id="escalation" escalationCode="L-1"/>
<bpmn:process id="rounds" isExecutable="true" camunda:historyTimeToLive="P30D">
<bpmn:startEvent id="s"/><bpmn:userTask id="round"/><bpmn:endEvent id="e"/>${flow('s', 'round')}${flow('round', 'e')}
<bpmn:boundaryEvent id="alarmed" attachedToRef="round" cancelActivity="false"><bpmn:signalEventDefinition signalRef="alarm"/></bpmn:boundaryEvent><bpmn:userTask id="check"/>${flow('alarmed', 'check')}
<bpmn:boundaryEvent id="fever" attachedToRef="round" cancelActivity="false">${condition('${temperature &gt; 38}')}</bpmn:boundaryEvent><bpmn:userTask id="nurse"/>${flow('fever', 'nurse')}
<bpmn:boundaryEvent id="failed" attachedToRef="round"><bpmn:errorEventDefinition errorRef="error" camunda:errorCodeVariable="code"/></bpmn:boundaryEvent><bpmn:userTask id="repair"/>${flow('failed', 'repair')}
<bpmn:boundaryEvent id="raised" attachedToRef="round" cancelActivity="false"><bpmn:escalationEventDefinition escalationRef="escalation"/></bpmn:boundaryEvent><bpmn:userTask id="boss"/>${flow('raised', 'boss')}
</bpmn:process>
<bpmn:process id="heat" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="hot">${condition('${outside &gt; 35}')}</bpmn:startEvent><bpmn:userTask id="drinks"/>${flow('hot', 'drinks')}</bpmn:process>
</bpmn:definitions>`;

for (const dialect of dialects()) dialect.describe('events over engine-rest', () => eventsOn(dialect.newDatabase));

function eventsOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization: server.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const statusOf = async (path: string, body: unknown) => (await call('POST', path, body)).status;
  const get = async (path: string) => (await (await call('GET', path)).json()) as Json[];
  const elements = async (instance: string) =>
    sorted((await get(`/task?processInstanceId=${instance}`)).map(({ taskDefinitionKey }) => taskDefinitionKey));

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    const form = new FormData();
    form.set('deployment-name', 'rounds');
    form.set('rounds.bpmn', new Blob([MODEL]), 'rounds.bpmn');
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
    assert.equal(answer.status, 200, await answer.text());
  });
  after(() => server.stop());

  async function begun(): Promise<{ instance: string; task: string }> {
    const started = (await (await call('POST', '/process-definition/key/rounds/start', {})).json()) as { id: string };
    const [task] = await get(`/task?processInstanceId=${started.id}`);
    return { instance: started.id, task: String(task?.['id']) };
  }

  describe('when a signal is thrown', () => {
    it('has come to all when the answer is there', async () => {
      const { instance } = await begun();
      assert.equal(await statusOf('/signal', { name: 'alarm', variables: { room: { value: 12 } } }), 204);
      assert.deepEqual(await elements(instance), ['check', 'round']);
    });

    it('comes to one execution', async () => {
      const [one, two] = [await begun(), await begun()];
      assert.equal(await statusOf('/signal', { name: 'alarm', executionId: one.task }), 204);
      assert.deepEqual([await elements(one.instance), await elements(two.instance)], [['check', 'round'], ['round']]);
    });

    it('is refused as Camunda does', async () => {
      const { task } = await begun();
      assert.equal(await statusOf('/signal', {}), 400);
      assert.equal(await statusOf('/signal', { name: 'alarm', executionId: task, tenantId: '120103' }), 400);
      assert.equal(await statusOf('/signal', { name: 'other', executionId: task }), 500);
      assert.equal(await statusOf('/signal', { name: 'alarm', executionId: '4711' }), 500);
      assert.equal(await statusOf('/signal', { name: 'alarm', tenantId: '330102' }), 403);
    });
  });

  describe('when event subscriptions are listed', () => {
    it('shows what an instance waits for', async () => {
      const { instance, task } = await begun();
      const list = await get(`/event-subscription?processInstanceId=${instance}&sortBy=created&sortOrder=asc`);
      assert.deepEqual(
        list.map(({ eventType, eventName, activityId, executionId }) => ({ eventType, eventName, activityId, executionId })),
        [
          { eventType: 'signal', eventName: 'alarm', activityId: 'alarmed', executionId: task },
          { eventType: 'conditional', eventName: null, activityId: 'fever', executionId: task },
        ],
      );
      const count = (await (await call('GET', `/event-subscription/count?processInstanceId=${instance}&eventType=signal`)).json()) as Json;
      assert.deepEqual(count, { count: 1 });
    });
  });

  describe('when a variable is set', () => {
    it('triggers the conditional event', async () => {
      const { instance } = await begun();
      await call('PUT', `/process-instance/${instance}/variables/temperature`, { value: 38.5 });
      assert.deepEqual(await elements(instance), ['nurse', 'round']);
    });
  });

  describe('when conditions are evaluated', () => {
    it('starts the processes for which they are true', async () => {
      const evaluate = async (outside: number) =>
        (await (await call('POST', '/condition', { variables: { outside: { value: outside } }, businessKey: 'H-1' })).json()) as Json[];
      assert.deepEqual(await evaluate(20), []);
      const [started] = await evaluate(36);
      assert.deepEqual([started?.['definitionKey'], started?.['businessKey']], ['heat', 'H-1']);
      assert.deepEqual(await elements(String(started?.['id'])), ['drinks']);
    });

    it('looks at one definition only when one is named', async () => {
      const [heat] = await get('/process-definition?key=heat');
      const [rounds] = await get('/process-definition?key=rounds');
      const variables = { outside: { value: 36 } };
      assert.equal(
        ((await (await call('POST', '/condition', { variables, processDefinitionId: heat?.['id'] })).json()) as Json[]).length,
        1,
      );
      assert.equal(await statusOf('/condition', { variables, processDefinitionId: rounds?.['id'] }), 400);
      assert.equal(await statusOf('/condition', { variables, tenantId: '120103', withoutTenantId: true }), 400);
    });
  });

  describe('when a task throws an error', () => {
    it('ends with it', async () => {
      const { instance, task } = await begun();
      assert.equal(
        await statusOf(`/task/${task}/bpmnError`, { errorCode: 'E-1', errorMessage: 'broken', variables: { x: { value: 1 } } }),
        204,
      );
      assert.deepEqual(await elements(instance), ['repair']);
      assert.equal(((await (await call('GET', `/process-instance/${instance}/variables/code`)).json()) as Json)['value'], 'E-1');
      assert.equal(await statusOf(`/task/${task}/bpmnError`, { errorCode: 'E-1' }), 404);
      assert.equal(await statusOf(`/task/${task}/bpmnError`, {}), 400);
    });
  });

  describe('when a task escalates', () => {
    it('stays open beside the one who catches it', async () => {
      const { instance, task } = await begun();
      assert.equal(await statusOf(`/task/${task}/bpmnEscalation`, { escalationCode: 'L-1' }), 204);
      assert.deepEqual(await elements(instance), ['boss', 'round']);
      assert.equal(await statusOf(`/task/${task}/bpmnEscalation`, { escalationCode: 'L-2' }), 500);
      assert.equal(await statusOf(`/task/${task}/bpmnEscalation`, {}), 400);
      assert.equal(await statusOf('/task/4711/bpmnEscalation', { escalationCode: 'L-1' }), 404);
    });
  });
}
