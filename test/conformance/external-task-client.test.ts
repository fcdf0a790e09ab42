import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BasicAuthInterceptor, Client, Variables } from 'camunda-external-task-client-js';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const ORDER = readFileSync(new URL('../../engine/rest/engine-rest/order.bpmn', import.meta.url), 'utf8');

/** The official client as users run it, against our server over HTTP. */
describe('camunda-external-task-client-js', () => {
  let server: TestServer;
  let client: Client;

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer();
    const form = new FormData();
    form.set('deployment-name', 'client');
    form.set('order.bpmn', new Blob([ORDER]), 'order.bpmn');
    await request('POST', '/deployment/create', form);
    client = new Client({
      baseUrl: `${server.url}/engine-rest`,
      interceptors: new BasicAuthInterceptor({ username: 'engine', password: 'songbai-demo' }),
      asyncResponseTimeout: 10_000,
      autoPoll: false,
      workerId: 'conformance',
    });
  });
  after(async () => {
    client.stop();
    await server.stop();
  });

  async function request(method: string, path: string, body?: FormData | object): Promise<unknown> {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization: server.authorization, ...(body && !isForm ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  it('reads the variables of a service task, completes it, and the process goes on', async () => {
    // given
    const bytes = Buffer.from('file content\u0000\u00ff', 'latin1').toString('base64');
    const started = (await request('POST', '/process-definition/key/order/start', {
      businessKey: 'K-1',
      variables: {
        amount: { value: 12, type: 'Integer' },
        customer: { value: '{"name":"张"}', type: 'Json' },
        paper: { type: 'File', value: bytes, valueInfo: { filename: 'p.txt', mimetype: 'text/plain' } },
      },
    })) as { id: string };
    // when
    const seen = new Promise<{ amount: unknown; customer: unknown; content: string; businessKey: string | undefined }>(
      (resolve, reject) => {
        client.subscribe('score', async ({ task, taskService }) => {
          try {
            const paper = await (task.variables.get('paper') as { load(): Promise<{ content: Buffer }> }).load();
            await taskService.complete(task, new Variables().set('score', 9).set('answer', { ok: true }));
            resolve({
              amount: task.variables.get('amount'),
              customer: task.variables.get('customer'),
              content: Buffer.from(paper.content).toString('base64'),
              businessKey: task.businessKey,
            });
          } catch (error) {
            reject(error as Error);
          }
        });
        client.start();
      },
    );
    // then
    assert.deepEqual(await seen, { amount: 12, customer: { name: '张' }, content: bytes, businessKey: 'K-1' });
    const [task] = (await request('GET', `/task?processInstanceId=${started.id}`)) as { taskDefinitionKey: string }[];
    assert.equal(task?.taskDefinitionKey, 'approve');
    const variables = (await request('GET', `/process-instance/${started.id}/variables`)) as Record<
      string,
      { value: unknown; type: string }
    >;
    assert.equal(variables['score']?.value, 9);
    assert.equal(variables['answer']?.type, 'Json');
  }).timeout(30_000);
});
