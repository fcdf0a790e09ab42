import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { engineRestWorld, type EngineRestWorld, type Json } from '#test/support/engine-rest-world.ts';

const MODEL = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" id="d" targetNamespace="t">
<bpmn:process id="visit" isExecutable="true" camunda:historyTimeToLive="P30D"><bpmn:startEvent id="s"/><bpmn:serviceTask id="score" camunda:type="external" camunda:topic="score"/><bpmn:userTask id="ask" camunda:candidateGroups="nurses"/>
<bpmn:scriptTask id="sum" camunda:asyncBefore="true" scriptFormat="javascript"><bpmn:script>missing.value</bpmn:script></bpmn:scriptTask><bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="score"/><bpmn:sequenceFlow id="f2" sourceRef="score" targetRef="ask"/><bpmn:sequenceFlow id="f3" sourceRef="ask" targetRef="sum"/><bpmn:sequenceFlow id="f4" sourceRef="sum" targetRef="e"/></bpmn:process>
<bpmn:process id="quiet" isExecutable="true" songbai:historyLevel="audit"><bpmn:startEvent id="s2"/><bpmn:userTask id="w"/><bpmn:sequenceFlow id="f5" sourceRef="s2" targetRef="w"/></bpmn:process></bpmn:definitions>`;

for (const dialect of dialects()) dialect.describe('history logs over engine-rest', () => logsOn(dialect.newDatabase));

function logsOn(newDatabase: () => Promise<string>): void {
  let world: EngineRestWorld;
  let instance: string;
  let task: string;
  const list = (path: string) => world.get<Json[]>(path);
  const of = async (log: string, ...names: string[]) =>
    (await list(`/history/${log}${log.includes('?') ? '&' : '?'}processInstanceId=${instance}`)).map((entry) =>
      names.map((name) => entry[name]),
    );

  before(async function () {
    this.timeout(60_000);
    world = await engineRestWorld(await newDatabase(), [{ name: 'visit.bpmn', content: MODEL }]);
    instance = await world.start('visit', { variables: { room: { value: 12 } } });
    const [locked] = await world.lock('score');
    await world.ok('POST', `/external-task/${locked}/failure`, {
      workerId: 'w',
      errorMessage: 'no line',
      errorDetails: 'dialed twice',
      retries: 2,
      retryTimeout: 0,
    });
    await world.lock('score');
    await world.ok('POST', `/external-task/${locked}/complete`, { workerId: 'w', variables: { room: { value: 14 } } });
    task = await world.task(instance);
    await world.ok('POST', `/task/${task}/claim`, { userId: 'anna' });
    await world.ok('POST', `/task/${task}/assignee`, { userId: 'ben' });
    await world.ok('POST', `/task/${task}/complete`, { variables: { note: { value: 'fine' } } });
    await world.until(async () => (await list(`/history/job-log?processInstanceId=${instance}&failureLog=true`)).length > 0);
  });
  after(() => world.stop());

  it('show each value of each variable, and what came with a form', async () => {
    assert.deepEqual(await of('detail?variableUpdates=true', 'variableName', 'value', 'revision', 'initial'), [
      ['room', 12, 0, true],
      ['room', 14, 1, false],
      ['note', 'fine', 0, true],
    ]);
    assert.deepEqual(await of('detail?formFields=true', 'fieldId', 'fieldValue', 'taskId'), [['note', 'fine', task]]);
    assert.deepEqual(await of('detail?variableNameLike=ro%25&sortBy=time&sortOrder=desc', 'value'), [[14], [12]]);
    const [update] = await list(`/history/detail?processInstanceId=${instance}`);
    assert.equal((await world.get(`/history/detail/${String(update?.['id'])}`))['variableName'], 'room');
  });

  it('show each assignment of a task with who made it', async () => {
    assert.deepEqual(await of('identity-link-log', 'operationType', 'type', 'userId', 'groupId', 'assignerId'), [
      ['add', 'candidate', null, 'nurses', 'engine'],
      ['add', 'assignee', 'anna', null, 'engine'],
      ['delete', 'assignee', 'anna', null, 'engine'],
      ['add', 'assignee', 'ben', null, 'engine'],
    ]);
    assert.deepEqual(await of('identity-link-log?userId=ben', 'taskId'), [[task]]);
  });

  it('show what became of external tasks, with the details of failures', async () => {
    const log = await list(`/history/external-task-log?processInstanceId=${instance}`);
    assert.deepEqual(
      log.map((entry) => ['creationLog', 'failureLog', 'successLog', 'deletionLog'].filter((name) => entry[name])),
      [['creationLog'], ['failureLog'], ['successLog']],
    );
    assert.deepEqual(
      [log[1]?.['errorMessage'], log[1]?.['retries'], log[2]?.['workerId'], log[2]?.['activityId']],
      ['no line', 2, 'w', 'score'],
    );
    assert.equal(await world.text(`/history/external-task-log/${String(log[1]?.['id'])}/error-details`), 'dialed twice');
  });

  it('show what became of jobs, with message and stack', async () => {
    const [created, failed] = await list(`/history/job-log?processInstanceId=${instance}&activityIdIn=sum`);
    assert.deepEqual(
      [created?.['creationLog'], created?.['jobDefinitionType'], created?.['jobDefinitionConfiguration']],
      [true, 'async-continuation', 'async-before'],
    );
    assert.deepEqual([failed?.['failureLog'], failed?.['failedActivityId'], failed?.['jobRetries']], [true, 'sum', 3]);
    assert.match(String(failed?.['jobExceptionMessage']), /missing/);
    assert.match(await world.text(`/history/job-log/${String(failed?.['id'])}/stacktrace`), /missing/);
  });

  it('show what people did', async () => {
    assert.deepEqual(await of('user-operation', 'operationType', 'entityType', 'property', 'orgValue', 'newValue'), [
      ['Create', 'ProcessInstance', 'processDefinitionId', null, await world.definitionId('visit')],
      ['Claim', 'Task', 'assignee', null, 'anna'],
      ['Assign', 'Task', 'assignee', 'anna', 'ben'],
      ['Complete', 'Task', 'delete', 'false', 'true'],
    ]);
    assert.deepEqual(await of('user-operation?category=TaskWorker&operationType=Assign', 'userId'), [['engine']]);
  });

  it('go over all instances, and over those of a process', async () => {
    const other = await world.start('visit');
    const created = await list('/history/external-task-log?creationLog=true&processDefinitionKey=visit');
    assert.deepEqual(
      created.map((entry) => entry['processInstanceId']),
      [other, instance],
    );
    assert.deepEqual(await world.get('/history/external-task-log/count?creationLog=true&topicName=score'), { count: 2 });
    const oldestFirst = await list(
      '/history/external-task-log?creationLog=true&topicName=score&sortBy=timestamp&sortOrder=asc&maxResults=1',
    );
    assert.deepEqual(
      oldestFirst.map((entry) => entry['processInstanceId']),
      [instance],
    );
    const byBody = (await (
      await world.call('POST', '/history/job-log', { failureLog: true, sorting: [{ sortBy: 'timestamp', sortOrder: 'desc' }] })
    ).json()) as Json[];
    assert.ok(byBody.every((entry) => entry['processInstanceId'] === instance));
  });

  it('show nothing of processes below the level full', async () => {
    const hidden = await world.start('quiet', { variables: { room: { value: 1 } } });
    assert.deepEqual(await list(`/history/detail?processInstanceId=${hidden}`), []);
    assert.deepEqual(await list(`/history/user-operation?processInstanceId=${hidden}`), []);
  });

  it('show nothing to other districts', async () => {
    const { client } = await world.elsewhere();
    assert.deepEqual(await (await client.get(`/engine-rest/history/detail?processInstanceId=${instance}`)).json(), []);
    const [entry] = await list(`/history/job-log?processInstanceId=${instance}`);
    assert.equal((await client.get(`/engine-rest/history/job-log/${String(entry?.['id'])}`)).status, 404);
  });
}
