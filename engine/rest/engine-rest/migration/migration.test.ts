import assert from 'node:assert/strict';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const line = (content: string, path: string) =>
  bpmnFile('moving', `<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>${content}${flows(path)}`);
const v1 = line('<bpmn:userTask id="a"/><bpmn:userTask id="b"/>', 's a b e');
const v2 = line('<bpmn:userTask id="a" name="new"/><bpmn:receiveTask id="b"/><bpmn:userTask id="c"/>', 's a b c e');
type Json = Record<string, unknown>;
interface Outcome {
  instanceId: string;
  ok: boolean;
  moved: Json[];
  problems: Json[];
  failure: Json | null;
}

for (const dialect of dialects()) dialect.describe('migration over REST', () => migrationOn(dialect.newDatabase));

function migrationOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;
  let ids: { sourceProcessDefinitionId: string; targetProcessDefinitionId: string };

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    ids = { sourceProcessDefinitionId: await deploy(v1), targetProcessDefinitionId: await deploy(v2) };
  });
  after(() => server.stop());

  async function call<T = Json>(path: string, body: unknown, status = 200, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: server.authorization, 'content-type': 'application/json', 'accept-language': 'en', ...headers },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, status, `${path}: ${await answer.clone().text()}`);
    return (status === 204 ? {} : await answer.json()) as T;
  }
  const get = async <T = Json>(path: string): Promise<T> =>
    (await (await fetch(`${server.url}${path}`, { headers: { authorization: server.authorization } })).json()) as T;

  async function deploy({ content }: typeof v1): Promise<string> {
    const form = new FormData();
    form.set('deployment-name', 'moving');
    form.set('moving.bpmn', new Blob([content]), 'moving.bpmn');
    const answer = await fetch(`${server.url}/engine-rest/deployment/create`, {
      method: 'POST',
      headers: { authorization: server.authorization },
      body: form,
    });
    const { deployedProcessDefinitions } = (await answer.json()) as { deployedProcessDefinitions: Json };
    return Object.keys(deployedProcessDefinitions)[0] ?? '';
  }
  const start = async () => (await call<{ id: string }>(`/engine-rest/process-definition/${ids.sourceProcessDefinitionId}/start`, {})).id;
  const completeTask = async (instance: string) => {
    const [task] = await get<{ id: string }[]>(`/engine-rest/task?processInstanceId=${instance}`);
    await call(`/engine-rest/task/${task?.id}/complete`, {}, 204);
  };
  const definitionOf = async (instance: string) =>
    (await get<{ definitionId: string }>(`/engine-rest/process-instance/${instance}`)).definitionId;
  const mapping = (source: string, target = source) => ({
    sourceActivityIds: [source],
    targetActivityIds: [target],
    updateEventTrigger: false,
  });
  const plan = (...instructions: object[]) => ({ ...ids, instructions });

  it('generates a plan', async () => {
    const body = { ...ids, updateEventTriggers: true, variables: { x: { value: 1, type: 'Integer' } } };
    assert.deepEqual(await call('/engine-rest/migration/generate', body), {
      ...ids,
      instructions: [mapping('a')],
      variables: { x: { type: 'Integer', value: 1, valueInfo: {} } },
    });
  });

  it('refuses definitions that are not there', async () => {
    const error = await call('/engine-rest/migration/generate', { ...ids, targetProcessDefinitionId: '999999999' }, 400);
    assert.equal(error['type'], 'InvalidRequestException');
  });

  it('says what is wrong with a plan, in the language of the caller', async () => {
    const wrong = plan(mapping('a'), mapping('b'), mapping('x', 'c'));
    const report = await call('/engine-rest/migration/validate', wrong);
    assert.deepEqual(report, {
      instructionReports: [
        { instruction: mapping('b'), failures: ["Activities have incompatible types: 'b' is bpmn:UserTask, 'b' is bpmn:ReceiveTask."] },
        { instruction: mapping('x', 'c'), failures: ["Source activity 'x' does not exist."] },
      ],
      variableReports: {},
    });
    const chinese = await call<{ instructionReports: { failures: string[] }[] }>('/engine-rest/migration/validate', wrong, 200, {
      'accept-language': 'zh-CN',
    });
    assert.equal(chinese.instructionReports[1]?.failures[0], '原版本中没有活动“x”。');
    assert.deepEqual(await call('/engine-rest/migration/validate', plan(mapping('a'))), { instructionReports: [], variableReports: {} });
  });

  it('maps one activity to one', async () => {
    await call('/engine-rest/migration/validate', plan({ sourceActivityIds: ['a', 'b'], targetActivityIds: ['a'] }), 400);
  });

  it('migrates instances by id and by query', async () => {
    const [one, other] = [await start(), await start()];
    await call(
      '/engine-rest/migration/execute',
      {
        migrationPlan: plan(mapping('a')),
        processInstanceIds: [one],
        processInstanceQuery: { processInstanceIds: [other] },
        skipCustomListeners: true,
        skipIoMappings: true,
      },
      204,
    );
    for (const id of [one, other]) assert.equal(await definitionOf(id), ids.targetProcessDefinitionId);
    const [task] = await get<Json[]>(`/engine-rest/task?processInstanceId=${one}`);
    assert.deepEqual([task?.['processDefinitionId'], task?.['taskDefinitionKey']], [ids.targetProcessDefinitionId, 'a']);
  });

  it('sets the variables of the plan', async () => {
    const id = await start();
    await call(
      '/engine-rest/migration/execute',
      { migrationPlan: { ...plan(mapping('a')), variables: { x: { value: 5 } } }, processInstanceIds: [id] },
      204,
    );
    assert.equal((await get<{ value: number }>(`/engine-rest/process-instance/${id}/variables/x`)).value, 5);
  });

  it('migrates none when one is at something that the plan does not map', async () => {
    const [fits, stuck] = [await start(), await start()];
    await completeTask(stuck);
    const error = await call(
      '/engine-rest/migration/execute',
      { migrationPlan: plan(mapping('a')), processInstanceIds: [fits, stuck] },
      400,
    );
    assert.equal(error['type'], 'MigratingProcessInstanceValidationException');
    const report = error['validationReport'] as {
      processInstanceId: string;
      activityInstanceValidationReports: Json[];
      transitionInstanceValidationReports: Json[];
    };
    assert.equal(report.processInstanceId, stuck);
    assert.deepEqual(
      report.activityInstanceValidationReports.map(({ sourceScopeId, failures }) => [sourceScopeId, failures]),
      [['b', ["There is no migration instruction for this instance's activity 'b'."]]],
    );
    assert.deepEqual(report.transitionInstanceValidationReports, []);
    assert.equal(await definitionOf(fits), ids.sourceProcessDefinitionId);
  });

  it('refuses a plan that is not valid', async () => {
    const error = await call(
      '/engine-rest/migration/execute',
      { migrationPlan: plan(mapping('x')), processInstanceIds: [await start()] },
      400,
    );
    assert.equal(error['type'], 'MigrationPlanValidationException');
    assert.equal((error['validationReport'] as { instructionReports: unknown[] }).instructionReports.length, 1);
  });

  it('refuses an execution without instances', async () => {
    await call('/engine-rest/migration/execute', { migrationPlan: plan(mapping('a')) }, 400);
  });

  it('migrates as a batch', async () => {
    const id = await start();
    const batch = await call('/engine-rest/migration/executeAsync', { migrationPlan: plan(mapping('a')), processInstanceIds: [id] });
    assert.deepEqual([batch['type'], batch['totalJobs']], ['instance-migration', 1]);
    const until = Date.now() + 10_000;
    while ((await definitionOf(id)) !== ids.targetProcessDefinitionId && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await definitionOf(id), ids.targetProcessDefinitionId);
  });

  it('tells what it would do, and what it did, instance by instance', async () => {
    const [fits, stuck] = [await start(), await start()];
    await completeTask(stuck);
    const body = { migrationPlan: plan(mapping('a')), processInstanceIds: [fits, stuck, '999999999'] };
    for (const path of ['/api/migrations/dry-run', '/api/migrations']) {
      const { migrated, refused, items } = await call<{ migrated: number; refused: number; items: Outcome[] }>(path, body);
      assert.deepEqual([migrated, refused], [1, 2]);
      assert.deepEqual(
        items.map(({ instanceId, ok }) => [instanceId, ok]),
        [
          [fits, true],
          [stuck, false],
          ['999999999', false],
        ],
      );
      assert.deepEqual(
        items[0]?.moved.map(({ from, to }) => [from, to]),
        [['a', 'a']],
      );
      assert.deepEqual(
        items[1]?.problems.map(({ code, elementId }) => [code, elementId]),
        [['ACTIVITY_NOT_MAPPED', 'b']],
      );
      assert.equal(items[2]?.failure?.['code'], 'NOT_FOUND');
      assert.equal(await definitionOf(fits), path.endsWith('dry-run') ? ids.sourceProcessDefinitionId : ids.targetProcessDefinitionId);
    }
  });

  it('keeps the past of an instance as it was', async () => {
    const id = await start();
    await call('/engine-rest/migration/execute', { migrationPlan: plan(mapping('a')), processInstanceIds: [id] }, 204);
    const history = await get<Json[]>(`/engine-rest/history/activity-instance?processInstanceId=${id}&finished=true`);
    assert.deepEqual(
      history.map(({ activityId }) => activityId),
      ['s'],
    );
  });
}
