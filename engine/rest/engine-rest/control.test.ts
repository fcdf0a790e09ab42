import assert from 'node:assert/strict';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

type Json = Record<string, unknown>;
interface Tree {
  id: string;
  activityId: string;
  activityType: string;
  parentActivityInstanceId: string | null;
  childActivityInstances: Tree[];
  childTransitionInstances: { id: string; activityId: string }[];
  executionIds: string[];
  incidentIds: string[];
}

const inTen = '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT10M</bpmn:timeDuration></bpmn:timerEventDefinition>';
const order = '<bpmn:message id="order" name="order"/>';
const onOrder = '<bpmn:messageEventDefinition messageRef="order"/>';
const files = [
  bpmnFile('two', `<bpmn:startEvent id="s"/><bpmn:userTask id="a" name="评估"/><bpmn:userTask id="b"/><bpmn:endEvent id="e"/>${flows('s a b e')}`),
  bpmnFile(
    'nested',
    `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:subProcess id="sub"><bpmn:startEvent id="ss"/><bpmn:userTask id="deep"/>${flows('ss deep')}</bpmn:subProcess>
     <bpmn:userTask id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
     <bpmn:userTask id="later" camunda:asyncBefore="true"/><bpmn:task id="quick"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
     ${flows('s fork sub join e', 'fork each join', 'fork later join', 'fork quick join')}`,
  ),
  bpmnFile('timed', `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="wait">${inTen}</bpmn:intermediateCatchEvent><bpmn:userTask id="a"/>${flows('s wait a')}`),
  bpmnFile('ordered', `<bpmn:startEvent id="s"/><bpmn:receiveTask id="wait" messageRef="order"/><bpmn:userTask id="a"/>${flows('s wait a')}`, order),
  bpmnFile('beside', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:subProcess id="on" triggeredByEvent="true"><bpmn:startEvent id="os" isInterrupting="false">${onOrder}</bpmn:startEvent><bpmn:userTask id="oa"/>${flows('os oa')}</bpmn:subProcess>${flows('s a')}`, order),
  bpmnFile('worked', `<bpmn:startEvent id="s"/><bpmn:serviceTask id="w" camunda:type="external" camunda:topic="score"/><bpmn:userTask id="a"/>${flows('s w a')}`),
];

for (const dialect of dialects()) dialect.describe('engine-rest: control of instances', () => controlOn(dialect.newDatabase));

function controlOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    await deploy(...files);
  });
  after(() => server.stop());

  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${server.url}/engine-rest${path}`, {
      method,
      headers: { authorization: server.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const get = async <T = Json>(path: string): Promise<T> => {
    const answer = await call('GET', path);
    assert.equal(answer.status, 200, `GET ${path}: ${await answer.clone().text()}`);
    return (await answer.json()) as T;
  };
  const ok = async <T = Json>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await call(method, path, body);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return (answer.status === 204 ? {} : await answer.json()) as T;
  };
  const refused = async (status: number, method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await call(method, path, body);
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    return (JSON.parse(text) as { message: string }).message;
  };
  async function deploy(...sources: { name: string; content: string }[]): Promise<Json & { id: string; deployedProcessDefinitions: Record<string, { id: string; key: string }> }> {
    const form = new FormData();
    form.set('deployment-name', 'control');
    for (const { name, content } of sources) form.set(name, new Blob([content]), name);
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization: server.authorization }, body: form });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as never;
  }
  const start = async (key: string, body: Json = {}): Promise<string> => (await ok<{ id: string }>('POST', `/process-definition/key/${key}/start`, body)).id;
  const definitionId = async (key: string) => (await get<{ id: string }>(`/process-definition/key/${key}`)).id;
  const tasks = async (id: string) => (await get<{ taskDefinitionKey: string }[]>(`/task?processInstanceId=${id}&sortBy=created&sortOrder=asc`)).map((task) => task.taskDefinitionKey).sort();
  const tree = (id: string) => get<Tree>(`/process-instance/${id}/activity-instances`);
  const until = async (isDone: () => Promise<boolean>): Promise<void> => {
    for (let look = 0; look < 100; look++) {
      if (await isDone()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail('it did not come');
  };
  const isOver = async ({ id }: { id?: unknown }) => (await call('GET', `/batch/${String(id)}`)).status === 404;
  const batchDone = (batch: Json) => until(() => isOver(batch));

  describe('the tree of activity instances', () => {
    it('shows scopes, bodies of loops, parked tokens and tokens at a join', async () => {
      const id = await start('nested');
      await until(async () => (await tasks(id)).includes('later'));
      const root = await tree(id);
      assert.deepEqual([root.id, root.activityId, root.activityType, root.parentActivityInstanceId], [id, await definitionId('nested'), 'processDefinition', null]);
      const shape = ({ activityId, activityType, childActivityInstances }: Tree): unknown => [activityId, activityType, childActivityInstances.map(shape)];
      assert.deepEqual(
        root.childActivityInstances.map(shape).toSorted((a, b) => String(a).localeCompare(String(b))),
        [
          ['each#multiInstanceBody', 'multiInstanceBody', [['each', 'userTask', []], ['each', 'userTask', []]]],
          ['join', 'parallelGateway', []],
          ['later', 'userTask', []],
          ['sub', 'subProcess', [['deep', 'userTask', []]]],
        ],
      );
      await refused(500, 'GET', '/process-instance/999999999/activity-instances');
    });
  });

  describe('modification', () => {
    it('moves the token; all instructions or none', async () => {
      const id = await start('two');
      const message = await refused(400, 'POST', `/process-instance/${id}/modification`, { instructions: [{ type: 'cancel', activityId: 'a' }, { type: 'startBeforeActivity', activityId: 'nowhere' }] });
      assert.match(message, /nowhere/);
      assert.deepEqual(await tasks(id), ['a']);
      await ok('POST', `/process-instance/${id}/modification`, {
        instructions: [
          { type: 'cancel', activityId: 'a' },
          { type: 'startBeforeActivity', activityId: 'b', variables: { all: { value: 1 }, own: { value: 2, local: true } } },
        ],
      });
      assert.deepEqual(await tasks(id), ['b']);
      assert.deepEqual(Object.keys(await get(`/process-instance/${id}/variables`)), ['all']);
    });

    it('cancels by the ids of the tree, and refuses instructions that lack something', async () => {
      const id = await start('nested');
      const root = await tree(id);
      const idOf = (activity: string) => root.childActivityInstances.find(({ activityId }) => activityId === activity)?.id;
      await ok('POST', `/process-instance/${id}/modification`, {
        instructions: [
          { type: 'cancel', activityInstanceId: idOf('sub') },
          { type: 'cancel', activityInstanceId: idOf('join') },
          { type: 'cancel', activityId: 'each#multiInstanceBody' },
        ],
      });
      assert.deepEqual((await tree(id)).childActivityInstances.filter(({ activityId }) => activityId !== 'later'), []);
      await refused(400, 'POST', `/process-instance/${id}/modification`, { instructions: [{ type: 'cancel' }] });
      await refused(400, 'POST', `/process-instance/${id}/modification`, { instructions: [{ type: 'startTransition' }] });
      await refused(400, 'POST', `/process-instance/${id}/modification`, {});
    });

    it('works on many instances, as a batch too', async () => {
      const ids = [await start('two'), await start('two')];
      const processDefinitionId = await definitionId('two');
      const body = { processDefinitionId, processInstanceIds: ids, instructions: [{ type: 'cancel', activityId: 'a' }, { type: 'startAfterActivity', activityId: 'a' }] };
      await ok('POST', '/modification/execute', body);
      assert.deepEqual(await Promise.all(ids.map(tasks)), [['b'], ['b']]);
      const batch = await ok('POST', '/modification/executeAsync', { ...body, instructions: [{ type: 'startBeforeActivity', activityId: 'a' }] });
      assert.deepEqual([batch['type'], batch['totalJobs'], batch['batchJobsPerSeed'], batch['invocationsPerBatchJob']], ['instance-modification', 2, 100, 1]);
      await batchDone(batch);
      assert.deepEqual(await Promise.all(ids.map(tasks)), [['a', 'b'], ['a', 'b']]);
      await refused(400, 'POST', '/modification/execute', { ...body, processInstanceIds: [await start('timed')] });
    });
  });

  describe('start instructions and restart', () => {
    it('begins in the middle, and begins again what has ended', async () => {
      const id = await start('two', { businessKey: 'WO-9', startInstructions: [{ type: 'startBeforeActivity', activityId: 'b' }], variables: { x: { value: 1 } } });
      assert.deepEqual(await tasks(id), ['b']);
      await ok('DELETE', `/process-instance/${id}`);
      const path = `/process-definition/${await definitionId('two')}`;
      await ok('POST', `${path}/restart`, { processInstanceIds: [id], instructions: [{ type: 'startBeforeActivity', activityId: 'a' }] });
      await batchDone(await ok('POST', `${path}/restart-async`, { historicProcessInstanceQuery: { processInstanceBusinessKey: 'WO-9', finished: true }, instructions: [{ type: 'startTransition', transitionId: 'a-b' }] }));
      const copies = await get<{ id: string }[]>('/process-instance?businessKey=WO-9&variables=x_eq_1');
      assert.deepEqual((await Promise.all(copies.map((copy) => tasks(copy.id)))).flat().sort(), ['a', 'b']);
      await refused(400, 'POST', `${path}/restart`, { processInstanceIds: [id], instructions: [] });
    });
  });

  describe('suspension', () => {
    it('stops one instance, many instances, and definitions', async () => {
      const id = await start('two');
      await ok('PUT', `/process-instance/${id}/suspended`, { suspended: true });
      assert.equal((await get<Json>(`/process-instance/${id}`))['suspended'], true);
      await ok('PUT', '/process-instance/suspended', { suspended: false, processInstanceIds: [id] });
      assert.equal((await get<Json>(`/process-instance/${id}`))['suspended'], false);
      await batchDone(await ok('POST', '/process-instance/suspended-async', { suspended: true, processInstanceIds: [id] }));
      assert.equal((await get<Json>(`/process-instance/${id}`))['suspended'], true);

      await ok('PUT', '/process-definition/key/timed/suspended', { suspended: true });
      await refused(500, 'POST', '/process-definition/key/timed/start', {});
      assert.equal((await get<Json>('/process-definition/key/timed'))['suspended'], true);
      await ok('PUT', '/process-definition/suspended', { suspended: false, processDefinitionKey: 'timed' });
      await start('timed');
      await refused(404, 'PUT', '/process-definition/key/nowhere/suspended', { suspended: true });
    });
  });

  describe('deletion', () => {
    it('ends many instances with a reason', async () => {
      const ids = [await start('two'), await start('two')];
      await batchDone(await ok('POST', '/process-instance/delete', { processInstanceIds: ids, deleteReason: '搬走' }));
      for (const id of ids) assert.equal((await get<Json>(`/history/process-instance/${id}`))['deleteReason'], '搬走');
      await refused(400, 'POST', '/process-instance/delete', {});
    });

    it('removes a deployment with cascade only, if instances run', async () => {
      const { id } = await deploy(bpmnFile('gone', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>${flows('s a')}`));
      const instance = await start('gone');
      await refused(500, 'DELETE', `/deployment/${id}`);
      await ok('DELETE', `/deployment/${id}?cascade=true`);
      await refused(404, 'GET', `/deployment/${id}`);
      await refused(404, 'GET', `/process-instance/${instance}`);
      await refused(404, 'GET', `/history/process-instance/${instance}`);
    });

    it('removes a definition, and all versions of a key', async () => {
      const file = bpmnFile('versions', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>${flows('s a')}`);
      await deploy(file);
      const { deployedProcessDefinitions } = await deploy(file);
      const [newest] = Object.keys(deployedProcessDefinitions);
      await ok('DELETE', `/process-definition/${newest}`);
      assert.equal((await get<Json>('/process-definition/key/versions'))['version'], 1);
      await ok('DELETE', '/process-definition/key/versions');
      await refused(404, 'GET', '/process-definition/key/versions');
    });
  });

  describe('files of a deployment', () => {
    it('are listed, read and deployed again', async () => {
      const file = bpmnFile('again', `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>${flows('s a')}`);
      const { id } = await deploy(file);
      const [resource] = await get<{ id: string; name: string; deploymentId: string }[]>(`/deployment/${id}/resources`);
      assert.deepEqual([resource?.name, resource?.deploymentId], ['again.bpmn', id]);
      assert.deepEqual(await get(`/deployment/${id}/resources/${resource?.id}`), resource);
      const data = await call('GET', `/deployment/${id}/resources/${resource?.id}/data`);
      assert.equal(await data.text(), file.content);
      const again = await ok<{ deployedProcessDefinitions: Record<string, { version: number }> }>('POST', `/deployment/${id}/redeploy`, { resourceNames: ['again.bpmn'] });
      assert.deepEqual(Object.values(again.deployedProcessDefinitions).map(({ version }) => version), [2]);
      await refused(404, 'POST', `/deployment/${id}/redeploy`, { resourceNames: ['nowhere.bpmn'] });
    });
  });

  describe('jobs and job definitions', () => {
    it('have priority, due date and suspension', async () => {
      const instance = await start('timed');
      const [job] = await get<{ id: string; jobDefinitionId: string; dueDate: string }[]>(`/job?processInstanceId=${instance}`);
      const path = `/job/${job?.id}`;
      await ok('PUT', `${path}/priority`, { priority: 12 });
      await ok('PUT', `${path}/duedate`, { duedate: '2099-01-01T00:00:00.000+0000' });
      await ok('PUT', `${path}/suspended`, { suspended: true });
      const changed = await get<Json>(path);
      assert.deepEqual([changed['priority'], changed['dueDate'], changed['suspended']], [12, '2099-01-01T00:00:00.000+0000', true]);
      await ok('POST', `${path}/duedate/recalculate`);
      assert.equal((await get<Json>(path))['dueDate'], job?.dueDate);
      await ok('PUT', '/job/suspended', { suspended: false, jobDefinitionId: job?.jobDefinitionId });
      assert.equal((await get<Json>(path))['suspended'], false);
      assert.equal((await get<unknown[]>(`/job?jobDefinitionId=${job?.jobDefinitionId}&processInstanceId=${instance}`)).length, 1);

      const definition = await get<Json>(`/job-definition/${job?.jobDefinitionId}`);
      assert.deepEqual([definition['activityId'], definition['jobType'], definition['jobConfiguration']], ['wait', 'timer-intermediate-transition', 'DURATION: PT10M']);
      const { count } = await get<{ count: number }>(`/job-definition/count?processDefinitionKey=timed`);
      assert.equal(count, 1);
      await ok('PUT', `/job-definition/${job?.jobDefinitionId}/jobPriority`, { priority: 3, includeJobs: true });
      assert.equal((await get<Json>(path))['priority'], 3);
      await ok('PUT', `/job-definition/${job?.jobDefinitionId}/suspended`, { suspended: true });
      assert.equal((await get<Json>(`/job-definition/${job?.jobDefinitionId}`))['suspended'], true);
      await ok('PUT', '/job-definition/suspended', { suspended: false, processDefinitionKey: 'timed', includeJobs: true });
      await ok('PUT', `${path}/retries`, { retries: 0 });
      await batchDone(await ok('POST', '/job/retries', { retries: 4, jobQuery: { processInstanceId: instance, noRetriesLeft: true } }));
      assert.equal((await get<Json>(path))['retries'], 4);
      await refused(404, 'GET', '/job-definition/1:timer:nowhere');
    });
  });

  describe('a job that is deleted', () => {
    it('is gone; its instance waits until it is moved', async () => {
      const instance = await start('timed');
      const [job] = await get<{ id: string }[]>(`/job?processInstanceId=${instance}`);
      await ok('DELETE', `/job/${job?.id}`);
      await refused(404, 'GET', `/job/${job?.id}`);
      await ok('POST', `/process-instance/${instance}/modification`, { instructions: [{ type: 'cancel', activityId: 'wait' }, { type: 'startAfterActivity', activityId: 'wait' }] });
      assert.deepEqual(await tasks(instance), ['a']);
      await ok('DELETE', `/process-instance/${instance}`);
      await refused(404, 'DELETE', `/process-instance/${instance}`);
      await ok('DELETE', `/process-instance/${instance}?failIfNotExists=false`);
    });
  });

  describe('external tasks', () => {
    it('have priority and retries, singly and many', async () => {
      const instance = await start('worked');
      const [task] = await get<{ id: string }[]>(`/external-task?processInstanceId=${instance}`);
      await ok('PUT', `/external-task/${task?.id}/priority`, { priority: 9 });
      await ok('PUT', '/external-task/retries', { retries: 0, externalTaskIds: [task?.id] });
      const now = await get<Json>(`/external-task/${task?.id}`);
      assert.deepEqual([now['priority'], now['retries']], [9, 0]);
      await batchDone(await ok('POST', '/external-task/retries-async', { retries: 2, processInstanceIds: [instance] }));
      assert.equal((await get<Json>(`/external-task/${task?.id}`))['retries'], 2);
      assert.ok((await get<string[]>('/external-task/topic-names')).includes('score'));
      assert.equal((await call('GET', `/external-task/${task?.id}/errorDetails`)).status, 204);
    });
  });

  describe('executions', () => {
    it('are listed and have variables of their own', async () => {
      const instance = await start('ordered');
      const [waiting] = await get<{ id: string }[]>(`/execution?processInstanceId=${instance}&messageEventSubscriptionName=order`);
      assert.deepEqual((await get<{ count: number }>(`/execution/count?processInstanceId=${instance}`)).count, 2);
      await ok('POST', `/execution/${waiting?.id}/localVariables`, { modifications: { bed: { value: 3 } } });
      await ok('PUT', `/execution/${waiting?.id}/localVariables/ward`, { value: 'A' });
      assert.deepEqual(Object.keys(await get(`/execution/${waiting?.id}/localVariables`)).sort(), ['bed', 'ward']);
      assert.deepEqual(await get(`/process-instance/${instance}/variables`), {});
      await ok('DELETE', `/execution/${waiting?.id}/localVariables/ward`);
      await refused(404, 'GET', `/execution/${waiting?.id}/localVariables/ward`);

      assert.equal((await get<Json>(`/execution/${waiting?.id}/messageSubscriptions/order`))['activityId'], 'wait');
      await ok('POST', `/execution/${waiting?.id}/messageSubscriptions/order/trigger`, { variables: { x: { value: 1 } } });
      assert.deepEqual(await tasks(instance), ['a']);
      await refused(500, 'POST', `/execution/${waiting?.id}/messageSubscriptions/order/trigger`, {});
    });

    it('are found by the names that the tree gives them', async () => {
      const instance = await start('nested');
      const sub = (await tree(instance)).childActivityInstances.find(({ activityId }) => activityId === 'sub');
      await ok('PUT', `/execution/${sub?.executionIds[0]}/localVariables/x`, { value: 5 });
      assert.deepEqual(Object.keys(await get(`/execution/${sub?.executionIds[0]}/localVariables`)), ['x']);
    });
  });

  describe('messages', () => {
    it('are correlated by local variables', async () => {
      const [first, second] = [await start('ordered', { businessKey: 'L' }), await start('ordered', { businessKey: 'L' })];
      const [execution] = await get<{ id: string }[]>(`/execution?processInstanceId=${second}&messageEventSubscriptionName=order`);
      await ok('PUT', `/execution/${execution?.id}/localVariables/bed`, { value: 7 });
      await refused(400, 'POST', '/message', { messageName: 'order', businessKey: 'L' });
      const results = await ok<Json[]>('POST', '/message', {
        messageName: 'order',
        localCorrelationKeys: { bed: { value: 7 } },
        processVariables: { y: { value: 1 } },
        resultEnabled: true,
        variablesInResultEnabled: true,
      });
      assert.deepEqual(results.map(({ resultType, variables }) => [resultType, Object.keys(variables as object)]), [['Execution', ['y']]]);
      assert.deepEqual([await tasks(first), await tasks(second)], [[], ['a']]);
      await ok('POST', '/message', { messageName: 'order', processInstanceId: first });
    });

    it('leave variables in the scope that they trigger', async () => {
      const instance = await start('beside');
      await ok('POST', '/message', { messageName: 'order', processInstanceId: instance, processVariablesToTriggeredScope: { only: { value: 1 } } });
      assert.deepEqual(await tasks(instance), ['a', 'oa']);
      assert.deepEqual(await get(`/process-instance/${instance}/variables`), {});
      const on = (await tree(instance)).childActivityInstances.find(({ activityId }) => activityId === 'on');
      assert.deepEqual(Object.keys(await get(`/execution/${on?.executionIds[0]}/localVariables`)), ['only']);
    });

    it('to all need nobody who waits; results with variables need results', async () => {
      await ok('POST', '/message', { messageName: 'nobody', all: true });
      await refused(400, 'POST', '/message', { messageName: 'nobody' });
      await refused(400, 'POST', '/message', { messageName: 'nobody', variablesInResultEnabled: true });
    });

    it('come to many instances as a batch', async () => {
      const ids = [await start('ordered'), await start('two')];
      await batchDone(await ok('POST', '/process-instance/message-async', { messageName: 'order', processInstanceIds: ids, variables: { z: { value: 1 } } }));
      assert.deepEqual([await tasks(ids[0]!), await tasks(ids[1]!)], [['a'], ['a']]);
      assert.deepEqual(Object.keys(await get(`/process-instance/${ids[0]}/variables`)), ['z']);
    });
  });

  describe('batches', () => {
    it('show their progress and failures, and are deleted', async () => {
      const id = await start('two');
      const batch = await ok('POST', '/process-instance/variables-async', { processInstanceIds: [id, '999999999'], variables: { v: { value: 1 } } });
      const statistics = async () => (await get<Json[]>(`/batch/statistics?batchId=${String(batch['id'])}`))[0] ?? {};
      await until(async () => (await statistics())['failedJobs'] === 1 && (await statistics())['completedJobs'] === 1);
      assert.deepEqual([(await statistics())['remainingJobs'], (await statistics())['jobsCreated'], (await statistics())['type']], [1, 2, 'set-variables']);
      assert.deepEqual(Object.keys(await get(`/process-instance/${id}/variables`)), ['v']);
      const [job] = await get<{ id: string; batchId: string }[]>(`/job?jobDefinitionId=${String(batch['batchJobDefinitionId'])}`);
      assert.equal(job?.batchId, batch['id']);
      const trace = await call('GET', `/job/${job?.id}/stacktrace`);
      assert.match(await trace.text(), /999999999/);
      assert.equal((await get<Json[]>(`/incident?configuration=${job?.id}`)).length, 1);
      await ok('PUT', `/batch/${String(batch['id'])}/suspended`, { suspended: true });
      assert.equal((await get<Json>(`/batch/${String(batch['id'])}`))['suspended'], true);
      await ok('DELETE', `/batch/${String(batch['id'])}?cascade=true`);
      await refused(404, 'GET', `/batch/${String(batch['id'])}`);
      await refused(400, 'DELETE', `/batch/${String(batch['id'])}`);
      assert.deepEqual(await get<Json[]>(`/incident?configuration=${job?.id}`), []);
    });

    it('give failed jobs of instances new retries', async () => {
      const id = await start('timed');
      const [job] = await get<{ id: string }[]>(`/job?processInstanceId=${id}`);
      await ok('PUT', `/job/${job?.id}/retries`, { retries: 0 });
      await batchDone(await ok('POST', '/process-instance/job-retries', { processInstances: [id], retries: 6 }));
      assert.equal((await get<Json>(`/job/${job?.id}`))['retries'], 6);
    });
  });
}
