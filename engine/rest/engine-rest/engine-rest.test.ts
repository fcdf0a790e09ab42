import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const ORDER = readFileSync(new URL('./order.bpmn', import.meta.url), 'utf8');
interface WireTask {
  id: string;
  name: string;
  assignee: string | null;
  priority: number;
  created: string;
}
type Json = Record<string, unknown>;

for (const dialect of dialects()) dialect.describe('engine-rest', () => engineRestOn(dialect.newDatabase));

function engineRestOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    await deploy(ORDER);
  });
  after(() => server.stop());

  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization: server.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const get = async <T = Json>(path: string): Promise<T> => {
    const answer = await call('GET', path);
    assert.equal(answer.status, 200, `GET ${path}: ${await answer.clone().text()}`);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    return (await answer.json()) as T;
  };

  async function deploy(xml: string, fields: Record<string, string> = {}): Promise<Response> {
    const form = new FormData();
    form.set('deployment-name', 'test');
    form.set('deployment-source', 'Camunda Modeler');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('order.bpmn', new Blob([xml]), 'order.bpmn');
    return fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
  }

  async function start(variables: Json = {}, headers: Record<string, string> = {}): Promise<string> {
    const answer = await call('POST', '/process-definition/key/order/start', { businessKey: 'A-1', variables }, headers);
    assert.equal(answer.status, 200, await answer.clone().text());
    return ((await answer.json()) as { id: string }).id;
  }

  async function lockScore(instance: string, workerId = 'worker-1'): Promise<Json & { id: string }> {
    const body = { workerId, maxTasks: 100, topics: [{ topicName: 'score', lockDuration: 60_000 }] };
    const tasks = (await (await call('POST', '/external-task/fetchAndLock', body)).json()) as (Json & {
      id: string;
      processInstanceId: string;
    })[];
    const task = tasks.find(({ processInstanceId }) => processInstanceId === instance);
    assert.ok(task, 'the task of this instance is locked');
    return task;
  }

  async function toUserTask(variables: Json = {}): Promise<{ instance: string; task: WireTask }> {
    const instance = await start(variables);
    const { id } = await lockScore(instance);
    await call('POST', `/external-task/${id}/complete`, { workerId: 'worker-1', variables: { score: { value: 5, type: 'integer' } } });
    const [task] = await get<WireTask[]>(`/task?processInstanceId=${instance}`);
    assert.ok(task);
    return { instance, task };
  }

  describe('when a model is deployed', () => {
    it('answers with the definitions by id', async () => {
      const answer = await deploy(ORDER);
      const body = (await answer.json()) as {
        id: string;
        links: { href: string }[];
        deployedProcessDefinitions: Record<string, { key: string; versionTag: string; historyTimeToLive: number }>;
      };
      assert.equal(answer.status, 200);
      const [definition] = Object.values(body.deployedProcessDefinitions);
      assert.equal(definition?.key, 'order');
      assert.equal(definition?.versionTag, '1.0');
      assert.equal(definition?.historyTimeToLive, 30);
      assert.equal(body.links[0]?.href, `${server.url}/engine-rest/deployment/${body.id}`);
      assert.equal((await get(`/deployment/${body.id}`))['name'], 'test');
    });

    it('deploys nothing when nothing changed', async () => {
      await deploy(ORDER, { 'enable-duplicate-filtering': 'true' });
      const before = (await get<{ count: number }>('/process-definition/count?key=order')).count;
      const answer = await deploy(ORDER, { 'enable-duplicate-filtering': 'true' });
      assert.equal(((await answer.json()) as Json)['deployedProcessDefinitions'], null);
      assert.equal((await get<{ count: number }>('/process-definition/count?key=order')).count, before);
    });

    it('explains a broken model as the Modeler expects it', async () => {
      const answer = await deploy(ORDER.replace('camunda:topic="score"', ''));
      const body = (await answer.json()) as {
        type: string;
        message: string;
        details: Record<string, { errors: { mainElementId: string }[] }>;
      };
      assert.equal(answer.status, 400);
      assert.equal(body.type, 'ParseException');
      assert.match(body.message, /^ENGINE-09005 Could not parse BPMN process\./);
      assert.equal(body.details['order.bpmn']?.errors[0]?.mainElementId, 'score');
    });

    it('refuses another tenant, a field that is no resource, and a body that is no form', async () => {
      assert.equal((await deploy(ORDER, { 'tenant-id': '120104' })).status, 403);
      assert.equal((await deploy(ORDER, { nonsense: 'x' })).status, 400);
      assert.equal((await call('POST', '/deployment/create', {})).status, 415);
    });

    it('takes a form by the folder of its files, and refuses files that belong to no form', async () => {
      const upload = (...names: string[]) => {
        const body = new FormData();
        for (const name of names) {
          const file = name.slice(name.lastIndexOf('/') + 1);
          body.append('data', new Blob([readFileSync(new URL(`../../../forms/work-order-rating/${file}`, import.meta.url))]), name);
        }
        return fetch(`${server.url}/engine-rest/deployment/create`, {
          method: 'POST',
          headers: { authorization: server.authorization },
          body,
        });
      };
      const files = ['schema.json', 'ui.json', 'zh-CN.json', 'en.json'];

      const whole = await upload(...files.map((file) => `my-form/${file}`));
      assert.equal(whole.status, 200, await whole.clone().text());
      const withForm = await deploy(
        ORDER.replace('process id="order"', 'process id="with-form"').replace(
          '<bpmn:userTask ',
          '<bpmn:userTask camunda:formKey="my-form" ',
        ),
      );
      assert.equal(withForm.status, 200, await withForm.clone().text());

      const bare = await upload(...files);
      assert.equal(bare.status, 400);
      assert.match(((await bare.json()) as { message: string }).message, /schema\.json/);
      const half = await upload('half-form/schema.json', 'half-form/ui.json');
      assert.equal(half.status, 400);
      assert.match(((await half.json()) as { message: string }).message, /half-form\/zh-CN\.json/);
    });

    it('takes the whole form when one of its files changed', async () => {
      const upload = (title: string) => {
        const body = new FormData();
        body.set('deployment-name', 'one-form');
        body.set('deploy-changed-only', 'true');
        for (const file of ['schema.json', 'ui.json', 'zh-CN.json', 'en.json']) {
          const text = readFileSync(new URL(`../../../forms/work-order-rating/${file}`, import.meta.url), 'utf8');
          body.append('data', new Blob([file === 'en.json' ? text.replace('{', title) : text]), `one-form/${file}`);
        }
        return fetch(`${server.url}/engine-rest/deployment/create`, {
          method: 'POST',
          headers: { authorization: server.authorization },
          body,
        });
      };
      const first = (await (await upload('{')).json()) as { id: string };
      const changed = await upload('{ ');
      assert.equal(changed.status, 200, await changed.clone().text());
      const second = (await changed.json()) as { id: string };
      assert.notEqual(second.id, first.id);
      assert.equal(((await (await upload('{ ')).json()) as { id: string }).id, second.id);
    });

    it('says how many days history is kept', async () => {
      assert.equal((await get('/process-definition/key/order'))['historyTimeToLive'], 30);
      const [listed] = await get<Json[]>('/process-definition?key=order&latestVersion=true');
      assert.equal(listed?.['historyTimeToLive'], 30);
    });

    it('serves the XML', async () => {
      const { bpmn20Xml } = await get<{ bpmn20Xml: string }>('/process-definition/key/order/xml');
      assert.equal(bpmn20Xml, ORDER);
    });
  });

  describe('when an instance is started', () => {
    it("answers in Camunda's form", async () => {
      const answer = await call('POST', '/process-definition/key/order/start', {
        businessKey: 'B-1',
        variables: { amount: { value: 3, type: 'Integer' } },
        withVariablesInReturn: true,
      });
      const body = (await answer.json()) as Json;
      assert.equal(body['businessKey'], 'B-1');
      assert.equal(body['ended'], false);
      assert.equal(typeof body['id'], 'string');
      assert.deepEqual(body['variables'], { amount: { type: 'Integer', value: 3, valueInfo: {} } });
    });

    it('starts once per idempotency key', async () => {
      const first = await start({}, { 'idempotency-key': 'once' });
      assert.equal(await start({}, { 'idempotency-key': 'once' }), first);
    });

    it('answers 404 to an unknown key and 400 to a value that is not of its type', async () => {
      assert.equal((await call('POST', '/process-definition/key/nothing/start', {})).status, 404);
      const answer = await call('POST', '/process-definition/key/order/start', { variables: { n: { value: 'x', type: 'Integer' } } });
      assert.equal(answer.status, 400);
      assert.equal(((await answer.json()) as Json)['type'], 'InvalidRequestException');
    });
  });

  describe('when variables travel', () => {
    const cases: [string, Json, Json][] = [
      ['lower-case types', { value: 'x', type: 'string' }, { type: 'String', value: 'x' }],
      ['no type', { value: true }, { type: 'Boolean', value: true }],
      ['dates', { value: '2026-11-22T08:00:00.000+0800', type: 'Date' }, { type: 'Date', value: '2026-11-22T00:00:00.000+0000' }],
      ['JSON as text', { value: '{"a":[1]}', type: 'json' }, { type: 'Json', value: '{"a":[1]}' }],
      ['long numbers', { value: 9_007_199_254_740_991, type: 'Long' }, { type: 'Long', value: 9_007_199_254_740_991 }],
      ['null', { value: null, type: 'Null' }, { type: 'Null', value: null }],
    ];
    for (const [what, sent, expected] of cases) {
      it(`keeps ${what}`, async () => {
        const instance = await start({ v: sent });
        const { v } = await get<{ v: Json }>(`/process-instance/${instance}/variables`);
        assert.deepEqual({ type: v?.['type'], value: v?.['value'] }, expected);
      });
    }

    it('hands out files byte for byte as a download', async () => {
      const bytes = Buffer.from([0, 1, 2, 255]);
      const instance = await start({
        f: { type: 'File', value: bytes.toString('base64'), valueInfo: { filename: 'a.png', mimetype: 'image/png' } },
      });
      const { f } = await get<{ f: Json }>(`/process-instance/${instance}/variables`);
      assert.equal(f?.['value'], null);
      const answer = await call('GET', `/execution/${instance}/localVariables/f/data`);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
      assert.equal(answer.headers.get('content-type'), 'image/png');
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
    });

    it('sets and removes', async () => {
      const instance = await start({ a: { value: 1 } });
      assert.equal(
        (await call('POST', `/process-instance/${instance}/variables`, { modifications: { b: { value: 2 } }, deletions: ['a'] })).status,
        204,
      );
      assert.deepEqual(Object.keys(await get(`/process-instance/${instance}/variables`)), ['b']);
      assert.equal((await call('PUT', `/process-instance/${instance}/variables/c`, { value: 'x', type: 'String' })).status, 204);
      assert.equal((await get(`/process-instance/${instance}/variables/c`))['value'], 'x');
      assert.equal((await call('PUT', `/process-instance/${instance}/variables/__proto__`, { value: 'x' })).status, 400);
    });
  });

  describe('when a worker takes external tasks', () => {
    it("locks in Camunda's form and completes with 204", async () => {
      const instance = await start({ amount: { value: 7, type: 'Integer' } });
      const task = await lockScore(instance);
      assert.equal(task['topicName'], 'score');
      assert.equal(task['workerId'], 'worker-1');
      assert.match(String(task['lockExpirationTime']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
      assert.deepEqual((task['variables'] as Json)['amount'], { type: 'Integer', value: 7, valueInfo: {} });
      const answer = await call('POST', `/external-task/${task.id}/complete`, { workerId: 'worker-1', variables: { score: { value: 0 } } });
      assert.equal(answer.status, 204);
      const { state } = await get<{ state: string }>(`/history/process-instance/${instance}`);
      assert.equal(state, 'COMPLETED');
    });

    it('answers 400 to another worker and 404 when the task is gone', async () => {
      const instance = await start();
      const { id } = await lockScore(instance);
      assert.equal((await call('POST', `/external-task/${id}/complete`, { workerId: 'other' })).status, 400);
      const done = { workerId: 'worker-1', variables: { score: { value: 1 } } };
      assert.equal((await call('POST', `/external-task/${id}/complete`, done)).status, 204);
      assert.equal((await call('POST', `/external-task/${id}/complete`, done)).status, 404);
    });

    it('makes an incident of a failure without retries, and resolves it when retries are set', async () => {
      const instance = await start();
      const { id } = await lockScore(instance);
      assert.equal((await call('POST', `/external-task/${id}/failure`, { workerId: 'worker-1', errorMessage: 'no power' })).status, 204);
      const [incident] = await get<Json[]>(`/incident?processInstanceId=${instance}`);
      assert.equal(incident?.['incidentType'], 'failedExternalTask');
      assert.equal((await get(`/external-task/${id}`))['retries'], 0);
      assert.equal((await call('PUT', `/external-task/${id}/retries`, { retries: 2 })).status, 204);
      assert.deepEqual(await get(`/incident?processInstanceId=${instance}`), []);
    });

    it('unlocks, locks and extends', async () => {
      const instance = await start();
      const { id } = await lockScore(instance);
      assert.equal((await call('POST', `/external-task/${id}/unlock`)).status, 204);
      assert.equal((await get(`/external-task/${id}`))['workerId'], null);
      assert.equal((await call('POST', `/external-task/${id}/lock`, { workerId: 'w2', lockDuration: 1000 })).status, 204);
      assert.equal((await call('POST', `/external-task/${id}/extendLock`, { workerId: 'w2', newDuration: 5000 })).status, 204);
    });

    it('waits for the first task', async () => {
      const body = { workerId: 'patient', maxTasks: 1, asyncResponseTimeout: 20_000, topics: [{ topicName: 'score', lockDuration: 1000 }] };
      await call('POST', '/external-task/fetchAndLock', {
        ...body,
        maxTasks: 1000,
        asyncResponseTimeout: 0,
        topics: [{ topicName: 'score', lockDuration: 60_000 }],
      });
      const polling = call('POST', '/external-task/fetchAndLock', body);
      const instance = await start();
      const [task] = (await (await polling).json()) as Json[];
      assert.equal(task?.['processInstanceId'], instance);
    });

    it('answers 400 when asked to wait for more than half an hour', async () => {
      const body = { workerId: 'w', maxTasks: 1, asyncResponseTimeout: 1_800_001, topics: [] };
      assert.equal((await call('POST', '/external-task/fetchAndLock', body)).status, 400);
    });
  });

  describe('when a person works', () => {
    it('finds, claims and completes a task', async () => {
      const { instance, task } = await toUserTask();
      assert.equal(task.name, 'Approve');
      assert.equal(task.priority, 70);
      assert.match(task.created, /\+0000$/);
      assert.equal((await get<{ count: number }>(`/task/count?candidateGroup=dispatcher&processInstanceId=${instance}`)).count, 1);
      assert.equal((await call('POST', `/task/${task.id}/claim`, { userId: 'wang' })).status, 204);
      assert.equal((await get(`/task/${task.id}`))['assignee'], 'wang');
      const second = await call('POST', `/task/${task.id}/claim`, { userId: 'li' });
      assert.equal(second.status, 500);
      assert.equal(((await second.json()) as Json)['type'], 'TaskAlreadyClaimedException');
      const links = await get<Json[]>(`/task/${task.id}/identity-links`);
      assert.deepEqual(links.find(({ type }) => type === 'assignee')?.['userId'], 'wang');
      const form = await get<Record<string, Json>>(`/task/${task.id}/form-variables`);
      assert.equal(form['score']?.['value'], 5);
      const done = await call('POST', `/task/${task.id}/complete`, { variables: { ok: { value: true } }, withVariablesInReturn: true });
      assert.equal(done.status, 200);
      assert.deepEqual(((await done.json()) as Record<string, Json>)['ok'], { type: 'Boolean', value: true, valueInfo: {} });
    });

    it('answers 204 without variables, and 500 as Camunda when the task is gone', async () => {
      const { task } = await toUserTask();
      assert.equal((await call('POST', `/task/${task.id}/complete`, {})).status, 204);
      assert.equal((await call('POST', `/task/${task.id}/complete`, {})).status, 500);
      assert.equal((await call('GET', `/task/${task.id}`)).status, 404);
    });

    it('lists by body, with sorting, paging and variables', async () => {
      const { instance } = await toUserTask({ city: { value: 'Tianjin' } });
      const found = await call('POST', '/task?maxResults=5', {
        processVariables: [{ name: 'city', operator: 'eq', value: 'Tianjin' }],
        sorting: [{ sortBy: 'created', sortOrder: 'desc' }],
      });
      const tasks = (await found.json()) as Json[];
      assert.deepEqual(
        tasks.map((task) => task['processInstanceId']),
        [instance],
      );
    });

    for (const query of [
      'sortBy=hash&sortOrder=asc',
      'maxResults=100000',
      'maxResults=-1',
      'unheardOf=1',
      'createdAfter=yesterday',
      'sortBy=created;drop%20table%20task&sortOrder=asc',
      'sortOrder=asc',
    ]) {
      it(`answers 400 to ?${query}`, async () => {
        assert.equal((await call('GET', `/task?${query}`)).status, 400);
      });
    }
  });

  describe('when a message and a timer move an instance', () => {
    it('correlates, runs the job and keeps the history', async () => {
      const { instance, task } = await toUserTask();
      await call('POST', `/task/${task.id}/complete`, {});
      const correlated = await call('POST', '/message', { messageName: 'paid', processInstanceId: instance, resultEnabled: true });
      assert.equal(correlated.status, 200, await correlated.clone().text());
      assert.equal(((await correlated.json()) as Json[])[0]?.['resultType'], 'Execution');
      const [job] = await get<(Json & { id: string })[]>(`/job?processInstanceId=${instance}`);
      assert.ok(job);
      assert.equal((await call('PUT', `/job/${job.id}/retries`, { retries: 5 })).status, 204);
      assert.equal((await get(`/job/${job.id}`))['retries'], 5);
      assert.equal((await call('POST', `/job/${job.id}/execute`)).status, 204);
      assert.equal((await call('POST', `/job/${job.id}/execute`)).status, 404);
      const activities = await get<Json[]>(`/history/activity-instance?processInstanceId=${instance}&sortBy=startTime&sortOrder=asc`);
      assert.deepEqual(
        activities.map((activity) => activity['activityType']),
        ['startEvent', 'serviceTask', 'exclusiveGateway', 'userTask', 'intermediateMessageCatch', 'intermediateTimer', 'noneEndEvent'],
      );
      const [finished] = await get<Json[]>(`/history/task?processInstanceId=${instance}&finished=true`);
      assert.equal(finished?.['deleteReason'], 'completed');
      const variables = await get<Json[]>(`/history/variable-instance?processInstanceId=${instance}`);
      assert.deepEqual(
        variables.map(({ name }) => name),
        ['score'],
      );
    });

    it('answers 400 when nothing waits for the message', async () => {
      const answer = await call('POST', '/message', { messageName: 'unknown' });
      assert.equal(answer.status, 400);
    });
  });

  describe('when an instance is deleted', () => {
    it('is gone from the runtime and terminated in history', async () => {
      const instance = await start();
      assert.equal((await call('DELETE', `/process-instance/${instance}`)).status, 204);
      assert.equal((await call('GET', `/process-instance/${instance}`)).status, 404);
      assert.equal((await get(`/history/process-instance/${instance}`))['state'], 'EXTERNALLY_TERMINATED');
      assert.equal((await call('DELETE', `/process-instance/${instance}`)).status, 404);
    });
  });

  describe('when running and ended are listed', () => {
    it('shows what runs, with history holding both', async () => {
      const running = await start();
      const { id } = await lockScore(running);
      const [activity] = await get<Json[]>(`/history/activity-instance?processInstanceId=${running}&unfinished=true`);
      assert.equal(activity?.['activityId'], 'score');
      assert.equal(activity?.['id'], id);
      assert.equal((await get<{ count: number }>(`/process-instance/count?processInstanceIds=${running}`)).count, 1);
      assert.equal((await get(`/history/process-instance/${running}`))['state'], 'ACTIVE');
      assert.ok((await get<{ count: number }>('/history/process-instance/count?finished=true&processDefinitionKey=order')).count > 0);
    });
  });
}
