import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import type { Json } from '#test/support/engine-rest-world.ts';
import { orderWorld, type OrderWorld } from '#test/support/order-world.ts';
import { beside, ordered, two } from '#test/support/small-processes.ts';

for (const dialect of dialects()) dialect.describe('messages over engine-rest', () => messagesOn(dialect.newDatabase));

function messagesOn(newDatabase: () => Promise<string>): void {
  let world: OrderWorld;

  before(async function () {
    this.timeout(60_000);
    world = await orderWorld(await newDatabase(), [two, ordered, beside]);
  });
  after(() => world.stop());

  describe('when a message and a timer move an instance', () => {
    it('correlates, runs the job and keeps the history', async () => {
      const { instance, task } = await world.toUserTask();
      await world.call('POST', `/task/${task.id}/complete`, {});
      const correlated = await world.call('POST', '/message', { messageName: 'paid', processInstanceId: instance, resultEnabled: true });
      assert.equal(correlated.status, 200, await correlated.clone().text());
      assert.equal(((await correlated.json()) as Json[])[0]?.['resultType'], 'Execution');
      const [job] = await world.get<(Json & { id: string })[]>(`/job?processInstanceId=${instance}`);
      assert.ok(job);
      assert.equal((await world.call('PUT', `/job/${job.id}/retries`, { retries: 5 })).status, 204);
      assert.equal((await world.get(`/job/${job.id}`))['retries'], 5);
      assert.equal((await world.call('POST', `/job/${job.id}/execute`)).status, 204);
      assert.equal((await world.call('POST', `/job/${job.id}/execute`)).status, 404);
      const activities = await world.get<Json[]>(`/history/activity-instance?processInstanceId=${instance}&sortBy=startTime&sortOrder=asc`);
      assert.deepEqual(
        activities.map((activity) => activity['activityType']),
        ['startEvent', 'serviceTask', 'exclusiveGateway', 'userTask', 'intermediateMessageCatch', 'intermediateTimer', 'noneEndEvent'],
      );
      const [finished] = await world.get<Json[]>(`/history/task?processInstanceId=${instance}&finished=true`);
      assert.equal(finished?.['deleteReason'], 'completed');
      const variables = await world.get<Json[]>(`/history/variable-instance?processInstanceId=${instance}`);
      assert.deepEqual(
        variables.map(({ name }) => name),
        ['score'],
      );
    });

    it('answers 400 when nothing waits for the message', async () => {
      const answer = await world.call('POST', '/message', { messageName: 'unknown' });
      assert.equal(answer.status, 400);
    });
  });

  describe('messages', () => {
    it('are correlated by local variables', async () => {
      const [first, second] = [await world.start('ordered', { businessKey: 'L' }), await world.start('ordered', { businessKey: 'L' })];
      const [execution] = await world.get<{ id: string }[]>(`/execution?processInstanceId=${second}&messageEventSubscriptionName=order`);
      await world.ok('PUT', `/execution/${execution?.id}/localVariables/bed`, { value: 7 });
      await world.refused(400, 'POST', '/message', { messageName: 'order', businessKey: 'L' });
      const results = await world.ok<Json[]>('POST', '/message', {
        messageName: 'order',
        localCorrelationKeys: { bed: { value: 7 } },
        processVariables: { y: { value: 1 } },
        resultEnabled: true,
        variablesInResultEnabled: true,
      });
      assert.deepEqual(
        results.map(({ resultType, variables }) => [resultType, Object.keys(variables as object)]),
        [['Execution', ['y']]],
      );
      assert.deepEqual([await world.tasks(first), await world.tasks(second)], [[], ['a']]);
      await world.ok('POST', '/message', { messageName: 'order', processInstanceId: first });
    });

    it('leave variables in the scope that they trigger', async () => {
      const instance = await world.start('beside');
      await world.ok('POST', '/message', {
        messageName: 'order',
        processInstanceId: instance,
        processVariablesToTriggeredScope: { only: { value: 1 } },
      });
      assert.deepEqual(await world.tasks(instance), ['a', 'oa']);
      assert.deepEqual(await world.get(`/process-instance/${instance}/variables`), {});
      const on = (await world.tree(instance)).childActivityInstances.find(({ activityId }) => activityId === 'on');
      assert.deepEqual(Object.keys(await world.get(`/execution/${on?.executionIds[0]}/localVariables`)), ['only']);
    });

    it('to all need nobody who waits; results with variables need results', async () => {
      await world.ok('POST', '/message', { messageName: 'nobody', all: true });
      await world.refused(400, 'POST', '/message', { messageName: 'nobody' });
      await world.refused(400, 'POST', '/message', { messageName: 'nobody', variablesInResultEnabled: true });
    });

    it('come to many instances as a batch', async () => {
      const ids = [await world.start('ordered'), await world.start('two')];
      await world.batchDone(
        await world.ok('POST', '/process-instance/message-async', {
          messageName: 'order',
          processInstanceIds: ids,
          variables: { z: { value: 1 } },
        }),
      );
      assert.deepEqual([await world.tasks(ids[0]!), await world.tasks(ids[1]!)], [['a'], ['a']]);
      assert.deepEqual(Object.keys(await world.get(`/process-instance/${ids[0]}/variables`)), ['z']);
    });
  });
}
