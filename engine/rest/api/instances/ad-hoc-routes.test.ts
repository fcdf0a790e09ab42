import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createTestServer, type TestClient, type TestServer } from '#test/support/test-server.ts';

interface AdHoc {
  elementInstance: string;
  elementId: string;
  active: number;
  elements: { id: string; name: string }[];
}
const MODEL = readFileSync(new URL('./ad-hoc-routes.bpmn', import.meta.url), 'utf8');

describe('/api/instances/{id}/ad-hoc', () => {
  let server: TestServer;
  let worker: TestClient;
  let instance: string;

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer();
    const { authorization } = server;
    const form = new FormData();
    form.set('care-day.bpmn', new Blob([MODEL]), 'care-day.bpmn');
    const deployed = await fetch(`${server.url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization }, body: form });
    assert.equal(deployed.status, 200, await deployed.clone().text());
    const headers = { authorization, 'content-type': 'application/json', 'x-songbai-area': '120103/120103008' };
    const started = await fetch(`${server.url}/engine-rest/process-definition/key/care_day/start`, { method: 'POST', headers, body: '{}' });
    instance = ((await started.json()) as { id: string }).id;
    worker = await server.signIn('dispatcher');
  });
  after(() => server.stop());

  const list = async () => (await (await worker.get(`/api/instances/${instance}/ad-hoc`)).json()) as AdHoc[];
  const post = async (action: string, body?: unknown) =>
    worker.post(`/api/instances/${instance}/ad-hoc/${(await list())[0]?.elementInstance}/${action}`, body);

  it('lists what may begin', async () => {
    const [care] = await list();
    assert.deepEqual([care?.elementId, care?.active, care?.elements.map(({ name }) => name)], ['care', 1, ['助浴', '助餐']]);
  });

  it('begins activities on request', async () => {
    const answer = await post('activate', { elements: [{ id: 'meal', variables: { dish: '面条' } }] });
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal(((await answer.json()) as { activated: string[] }).activated.length, 1);
    assert.equal((await list())[0]?.active, 2);
  });

  it('refuses what a flow leads to, and a body without elements', async () => {
    assert.equal((await post('activate', { elements: [{ id: 'note' }] })).status, 400);
    assert.equal((await post('activate', {})).status, 400);
  });

  it('completes on request', async () => {
    assert.equal((await post('complete')).status, 204);
    assert.deepEqual(await list(), []);
  });
});
