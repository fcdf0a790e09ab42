import assert from 'node:assert/strict';
import { sorted } from '#test/support/core-scenario.ts';
import { dialects } from '#test/support/dialects.ts';
import { engineRestWorld, type EngineRestWorld, type Json } from '#test/support/engine-rest-world.ts';

const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const MODEL = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
<bpmn:process id="care" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s"/><bpmn:userTask id="visit"/><bpmn:endEvent id="e"/>${flow('s', 'visit')}${flow('visit', 'e')}</bpmn:process>
<bpmn:process id="caller" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s1"/><bpmn:callActivity id="call" calledElement="care"/><bpmn:endEvent id="e1"/>${flow('s1', 'call')}${flow('call', 'e1')}</bpmn:process>
<bpmn:process id="judge" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s2"/><bpmn:businessRuleTask id="rate" camunda:decisionRef="level" camunda:resultVariable="level" camunda:mapDecisionResult="singleEntry"/><bpmn:userTask id="read"/>${flow('s2', 'rate')}${flow('rate', 'read')}</bpmn:process>
<bpmn:process id="broken" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s3"/><bpmn:serviceTask id="ask" camunda:type="external" camunda:topic="broken"/>${flow('s3', 'ask')}</bpmn:process></bpmn:definitions>`;
const DMN = `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="levels" name="levels" namespace="n">
<decision id="base" name="base"><literalExpression id="l"><text>age - 60</text></literalExpression></decision>
<decision id="level" name="level"><variable id="v" name="level" typeRef="number"/><informationRequirement id="ir"><requiredDecision href="#base"/></informationRequirement>
<decisionTable id="t"><input id="i" label="base"><inputExpression id="ie"><text>base</text></inputExpression></input><output id="o" name="level"/>
<rule id="high"><inputEntry id="c1"><text>&gt; 20</text></inputEntry><outputEntry id="o1"><text>1</text></outputEntry></rule><rule id="low"><inputEntry id="c2"><text>&lt;= 20</text></inputEntry><outputEntry id="o2"><text>2</text></outputEntry></rule></decisionTable></decision></definitions>`;

for (const dialect of dialects()) dialect.describe('history over engine-rest', () => historyOn(dialect.newDatabase));

function historyOn(newDatabase: () => Promise<string>): void {
  let world: EngineRestWorld;
  const list = (path: string) => world.get<Json[]>(path);
  const names = (rows: Json[], name: string) => rows.map((row) => row[name]);
  async function ended(key = 'care', variables: Json = {}): Promise<string> {
    const instance = await world.start(key, { variables });
    await world.ok('POST', `/task/${await world.task(instance)}/complete`, {});
    return instance;
  }

  before(async function () {
    this.timeout(60_000);
    world = await engineRestWorld(await newDatabase(), [
      { name: 'care.bpmn', content: MODEL },
      { name: 'levels.dmn', content: DMN },
    ]);
  });
  after(() => world.stop());

  describe('when activities are listed', () => {
    it('has those that run in all instances, and those that ended', async () => {
      const [first, second, over] = [await world.start('care'), await world.start('care'), await ended()];
      const definition = await world.definitionId('care');
      const running = await list(`/history/activity-instance?processDefinitionId=${definition}&unfinished=true&activityId=visit`);
      assert.deepEqual(sorted(names(running, 'processInstanceId')), sorted([first, second]));
      const all = await list(
        `/history/activity-instance?processDefinitionId=${definition}&activityId=visit&sortBy=startTime&sortOrder=asc`,
      );
      assert.deepEqual(names(all, 'processInstanceId'), [first, second, over]);
      const total = Number((await world.get(`/history/activity-instance/count?processDefinitionId=${definition}`))['count']);
      const pages = [];
      for (let from = 0; from < total; from += 2)
        pages.push(...(await list(`/history/activity-instance?processDefinitionId=${definition}&firstResult=${from}&maxResults=2`)));
      assert.equal(new Set(names(pages, 'id')).size, total);
    });

    it('counts them per activity', async () => {
      const definition = await world.definitionId('care');
      const now = await list(`/history/process-definition/${definition}/statistics`);
      assert.deepEqual(names(now, 'id'), ['visit']);
      assert.deepEqual([now[0]?.['instances'], now[0]?.['finished']], [2, 0]);
      const past = await list(`/history/process-definition/${definition}/statistics?finished=true&canceled=true`);
      assert.deepEqual(
        past.map(({ id, instances, finished, canceled }) => [id, instances, finished, canceled]),
        [
          ['e', 0, 1, 0],
          ['s', 0, 3, 0],
          ['visit', 2, 1, 0],
        ],
      );
    });
  });

  describe('when variables are listed', () => {
    it('finds them by name in all instances, running and ended', async () => {
      const over = await ended('care', { room: { value: 12 } });
      const running = await world.start('care', { variables: { room: { value: 14 }, other: { value: 1 } } });
      const rooms = await list('/history/variable-instance?variableName=room&sortBy=instanceId&sortOrder=asc');
      assert.deepEqual(
        rooms.map((row) => [row['processInstanceId'], row['value']]),
        [
          [over, 12],
          [running, 14],
        ],
      );
      assert.deepEqual((await world.get(`/history/variable-instance/${over}:room`))['value'], 12);
      assert.deepEqual(await world.get(`/history/variable-instance/count?processInstanceId=${running}&variableNameLike=%25o%25`), {
        count: 2,
      });
    });

    it('has what was removed, when asked', async () => {
      const instance = await world.start('care', { variables: { gone: { value: 1 } } });
      await world.ok('DELETE', `/process-instance/${instance}/variables/gone`);
      assert.deepEqual(await list(`/history/variable-instance?processInstanceId=${instance}`), []);
      const [removed] = await list(`/history/variable-instance?processInstanceId=${instance}&includeDeleted=true`);
      assert.deepEqual([removed?.['name'], removed?.['value'], removed?.['state']], ['gone', 1, 'DELETED']);
    });
  });

  describe('when decisions are evaluated', () => {
    it('shows them with inputs, outputs, rules, and those they required', async () => {
      const instance = await world.start('judge', { variables: { age: { value: 85 } } });
      const decisions = await list(`/history/decision-instance?processInstanceId=${instance}&includeInputs=true&includeOutputs=true`);
      const root = decisions.find((row) => row['rootDecisionInstanceId'] === null);
      assert.deepEqual(sorted(names(decisions, 'decisionDefinitionKey')), ['base', 'level']);
      assert.deepEqual(
        (root?.['inputs'] as Json[] | undefined)?.map(({ value }) => value),
        [25],
      );
      assert.deepEqual(
        (root?.['outputs'] as Json[] | undefined)?.map(({ ruleId, variableName, value }) => [ruleId, variableName, value]),
        [['high', 'level', 1]],
      );
      assert.deepEqual(await world.get(`/history/decision-instance/count?processInstanceId=${instance}&rootDecisionInstancesOnly=true`), {
        count: 1,
      });
      assert.equal((await world.get(`/history/decision-instance/${String(root?.['id'])}`))['decisionDefinitionKey'], 'level');
    });

    it('evaluates them by themselves', async () => {
      const answer = await world.ok<Json[]>('POST', '/decision-definition/key/level/evaluate', { variables: { age: { value: 70 } } });
      assert.deepEqual(answer, [{ level: { type: 'Integer', value: 2, valueInfo: {} } }]);
      const [definition] = await list('/decision-definition?key=level&latestVersion=true');
      assert.match(String((await world.get(`/decision-definition/${String(definition?.['id'])}/xml`))['dmnXml']), /decisionTable/);
      assert.equal((await world.call('POST', '/decision-definition/key/none/evaluate', {})).status, 404);
    });
  });

  it('has incidents, open and past', async () => {
    const instance = await world.start('broken');
    const [task] = await world.lock('broken');
    await world.ok('POST', `/external-task/${task}/failure`, { workerId: 'w', errorMessage: 'no line', retries: 0, retryTimeout: 0 });
    const [open] = await list(`/history/incident?processInstanceId=${instance}&open=true`);
    assert.deepEqual([open?.['incidentMessage'], open?.['open'], open?.['endTime']], ['no line', true, null]);
    await world.ok('PUT', `/external-task/${task}/retries`, { retries: 1 });
    const [resolved] = await list(`/history/incident?processInstanceId=${instance}`);
    assert.deepEqual([resolved?.['id'], resolved?.['resolved']], [open?.['id'], true]);
    assert.deepEqual(await world.get('/history/incident/count?open=true'), { count: 0 });
  });

  describe('when history is deleted', () => {
    it('takes the called instances along and leaves nothing', async () => {
      const root = await world.start('caller');
      const [called] = await list(`/history/process-instance?superProcessInstanceId=${root}`);
      await world.ok('POST', `/task/${await world.task(String(called?.['id']))}/complete`, {});
      assert.equal((await world.call('DELETE', `/history/process-instance/${root}`)).status, 204);
      for (const id of [root, String(called?.['id'])]) {
        assert.equal((await world.call('GET', `/history/process-instance/${id}`)).status, 404);
        for (const what of ['activity-instance', 'task', 'detail', 'user-operation'])
          assert.deepEqual(await list(`/history/${what}?processInstanceId=${id}`), []);
        const rows = await world.server.store.read('SELECT COUNT(*) AS n FROM event WHERE instance_id = ?', [Number(id)]);
        assert.equal(Number(rows[0]?.['n']), 0);
      }
    });

    it('refuses while the instance runs, and says when there is none', async () => {
      const instance = await world.start('care');
      assert.equal((await world.call('DELETE', `/history/process-instance/${instance}`)).status, 400);
      assert.equal((await world.call('DELETE', '/history/process-instance/999999')).status, 404);
      assert.equal((await world.call('DELETE', '/history/process-instance/999999?failIfNotExists=false')).status, 204);
    });

    it('does not reach into other districts', async () => {
      const instance = await ended();
      const { client } = await world.elsewhere();
      assert.equal((await client.delete(`/engine-rest/history/process-instance/${instance}`)).status, 404);
      assert.equal((await world.call('GET', `/history/process-instance/${instance}`)).status, 200);
    });

    it('works on many as a batch', async () => {
      const [first, second, running] = [await ended(), await ended(), await world.start('care')];
      await world.ok('POST', '/history/process-instance/delete', {
        historicProcessInstanceIds: [first, second, running],
        deleteReason: 'test',
      });
      await world.until(
        async () =>
          (await world.call('GET', `/history/process-instance/${second}`)).status === 404 &&
          (await world.call('GET', `/history/process-instance/${first}`)).status === 404,
      );
      assert.equal((await world.get(`/history/process-instance/${running}`))['state'], 'ACTIVE');
    });
  });

  describe('when a time to live is set', () => {
    const removal = async (instance: string) => (await world.get(`/history/process-instance/${instance}`))['removalTime'];

    it('says when an instance may go: its end and the time to live of its process, or of the district', async () => {
      const instance = await ended();
      const { endTime } = await world.get(`/history/process-instance/${instance}`);
      const days = (count: number) => Date.parse(String(endTime)) + count * 86_400_000;
      assert.equal(Date.parse(String(await removal(instance))), days(30));
      await world.ok('PUT', '/process-definition/key/care/history-time-to-live', { historyTimeToLive: 5 });
      assert.equal(Date.parse(String(await removal(instance))), days(5));
      await world.ok('PUT', `/process-definition/${await world.definitionId('care')}/history-time-to-live`, { historyTimeToLive: null });
      assert.equal(await removal(instance), null);
    });

    it('is set, cleared and calculated for single instances', async () => {
      const instance = await ended();
      const set = (how: Json) =>
        world.ok('POST', '/history/process-instance/set-removal-time', { historicProcessInstanceIds: [instance], ...how });
      await world.ok('PUT', '/process-definition/key/care/history-time-to-live', { historyTimeToLive: 5 });
      await set({ absoluteRemovalTime: '2040-01-01T00:00:00.000+0000' });
      await world.until(async () => String(await removal(instance)).startsWith('2040'));
      await set({ clearedRemovalTime: true });
      await world.until(async () => (await removal(instance)) === null);
      await set({ calculatedRemovalTime: true });
      await world.until(async () => (await removal(instance)) !== null);
      assert.equal(
        (await world.call('POST', '/history/process-instance/set-removal-time', { historicProcessInstanceIds: [instance] })).status,
        400,
      );
    });
  });

  describe('when history is cleaned up', () => {
    it('removes what is over, keeps the rest, and says so', async () => {
      const [over, set, running] = [
        await ended('care', { text: { value: 'x'.repeat(9000) } }),
        await ended('care'),
        await world.start('care'),
      ];
      await world.ok('PUT', '/process-definition/key/care/history-time-to-live', { historyTimeToLive: 0 });
      await world.ok('POST', '/history/process-instance/set-removal-time', {
        historicProcessInstanceIds: [set],
        absoluteRemovalTime: '2040-01-01T00:00:00.000+0000',
      });
      await world.until(async () => String((await world.get(`/history/process-instance/${set}`))['removalTime']).startsWith('2040'));
      const [report] = (await list('/history/process-definition/cleanable-process-instance-report')).filter(
        (row) => row['processDefinitionKey'] === 'care',
      );
      assert.ok(Number(report?.['cleanableProcessInstanceCount']) > 0);
      const job = await world.ok('POST', '/history/cleanup?immediatelyDue=true');
      assert.deepEqual(names(await list('/history/cleanup/jobs'), 'id'), [job['id']]);
      await world.until(async () => (await world.call('GET', `/history/process-instance/${over}`)).status === 404);
      assert.equal((await world.call('GET', `/history/process-instance/${set}`)).status, 200);
      assert.equal((await world.get(`/history/process-instance/${running}`))['state'], 'ACTIVE');
      assert.equal((await world.get(`/history/activity-instance/count?processInstanceId=${running}`))['count'], 2);
    });

    it('tells its window', async () => {
      const { enabled, batchWindowStartTime, batchWindowEndTime } = await world.get('/history/cleanup/configuration');
      assert.equal(enabled, true);
      assert.equal(Date.parse(String(batchWindowEndTime)) - Date.parse(String(batchWindowStartTime)), 3 * 3_600_000);
    });
  });
}
