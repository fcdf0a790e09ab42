import assert from 'node:assert/strict';
import { createTestServer, type TestClient, type TestServer } from '#test/support/test-server.ts';

const field = (id: string, type: string, rest = '') => `<camunda:formField id="${id}" label="${id}" type="${type}">${rest}</camunda:formField>`;
const required = '<camunda:validation><camunda:constraint name="required"/></camunda:validation>';
const withForm = (element: string, id: string, fields: string) =>
  `<bpmn:${element} id="${id}"${element === 'userTask' ? ' camunda:candidateGroups="dispatcher"' : ''}><bpmn:extensionElements><camunda:formData>${fields}</camunda:formData></bpmn:extensionElements></bpmn:${element}>`;
const SURVEY = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <bpmn:process id="survey" isExecutable="true" camunda:historyTimeToLive="P1D">
    ${withForm('startEvent', 's', field('elder', 'string', required))}
    <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="ask"/>
    ${withForm('userTask', 'ask', field('age', 'long', '<camunda:validation><camunda:constraint name="min" config="60"/></camunda:validation>') + field('elder', 'string', '<camunda:validation><camunda:constraint name="readonly"/></camunda:validation>'))}
    <bpmn:sequenceFlow id="g" sourceRef="ask" targetRef="e"/><bpmn:endEvent id="e"/>
  </bpmn:process>
</bpmn:definitions>`;

describe('a form made of camunda:formData', () => {
  let server: TestServer;
  let dispatcher: TestClient;
  before(async function () {
    this.timeout(60_000);
    server = await createTestServer();
    const form = new FormData();
    form.set('deployment-name', 'survey');
    form.set('survey.bpmn', new Blob([SURVEY]), 'survey.bpmn');
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    dispatcher = await server.signIn('dispatcher');
  });
  after(() => server.stop());

  const read = async <T>(answer: Response, status = 200): Promise<T> => {
    assert.equal(answer.status, status, await answer.clone().text());
    return (await answer.json()) as T;
  };

  describe('when a process has one at its start', () => {
    it('is filled in and checked like a written form', async () => {
      await read(await dispatcher.post('/api/processes/survey/start', { data: {} }), 422);
      await read(await dispatcher.post('/api/processes/survey/start', { data: { elder: '王秀英' } }), 201);
    });
  });

  describe('when a task has one', () => {
    it('opens with the variables, and keeps its limits and rights', async () => {
      const { id } = await read<{ id: string }>(await dispatcher.post('/api/processes/survey/start', { data: { elder: '李桂兰' } }), 201);
      const [task] = await read<{ id: string }[]>(
        await fetch(`${server.url}/engine-rest/task?processInstanceId=${id}`, { headers: { authorization: server.authorization } }),
      );
      assert.ok(task);
      await read(await dispatcher.post(`/api/tasks/${task.id}/claim`), 200);
      const { form, data, permissions } = await read<{ form: { key: string }; data: object; permissions: object }>(
        await dispatcher.get(`/api/tasks/${task.id}`),
      );
      assert.match(form.key, /^form-survey-ask-/);
      assert.deepEqual([data, permissions], [{ elder: '李桂兰' }, { elder: 'readonly' }]);
      await read(await dispatcher.post(`/api/tasks/${task.id}/complete`, { data: { age: 59 } }), 422);
      await read(await dispatcher.post(`/api/tasks/${task.id}/complete`, { data: { age: 81 } }), 200);
    });
  });
});
