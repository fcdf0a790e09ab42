import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { engineRestWorld, type EngineRestWorld, type Json } from '#test/support/engine-rest-world.ts';
import { nested, ordered } from '#test/support/small-processes.ts';

for (const dialect of dialects()) dialect.describe('executions over engine-rest', () => executionsOn(dialect.newDatabase));

function executionsOn(newDatabase: () => Promise<string>): void {
  let world: EngineRestWorld;

  before(async function () {
    this.timeout(60_000);
    world = await engineRestWorld(await newDatabase(), [ordered, nested]);
  });
  after(() => world.stop());

  describe('executions', () => {
    it('are listed and have variables of their own', async () => {
      const instance = await world.start('ordered');
      const [waiting] = await world.get<{ id: string }[]>(`/execution?processInstanceId=${instance}&messageEventSubscriptionName=order`);
      assert.deepEqual((await world.get<{ count: number }>(`/execution/count?processInstanceId=${instance}`)).count, 2);
      await world.ok('POST', `/execution/${waiting?.id}/localVariables`, { modifications: { bed: { value: 3 } } });
      await world.ok('PUT', `/execution/${waiting?.id}/localVariables/ward`, { value: 'A' });
      assert.deepEqual(Object.keys(await world.get(`/execution/${waiting?.id}/localVariables`)).sort(), ['bed', 'ward']);
      assert.deepEqual(await world.get(`/process-instance/${instance}/variables`), {});
      await world.ok('DELETE', `/execution/${waiting?.id}/localVariables/ward`);
      await world.refused(404, 'GET', `/execution/${waiting?.id}/localVariables/ward`);

      assert.equal((await world.get<Json>(`/execution/${waiting?.id}/messageSubscriptions/order`))['activityId'], 'wait');
      await world.ok('POST', `/execution/${waiting?.id}/messageSubscriptions/order/trigger`, { variables: { x: { value: 1 } } });
      assert.deepEqual(await world.tasks(instance), ['a']);
      await world.refused(500, 'POST', `/execution/${waiting?.id}/messageSubscriptions/order/trigger`, {});
    });

    it('are found by the names that the tree gives them', async () => {
      const instance = await world.start('nested');
      const sub = (await world.tree(instance)).childActivityInstances.find(({ activityId }) => activityId === 'sub');
      await world.ok('PUT', `/execution/${sub?.executionIds[0]}/localVariables/x`, { value: 5 });
      assert.deepEqual(Object.keys(await world.get(`/execution/${sub?.executionIds[0]}/localVariables`)), ['x']);
    });
  });
}
