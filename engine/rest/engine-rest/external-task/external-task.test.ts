import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import type { Json } from '#test/support/engine-rest-world.ts';
import { orderWorld, type OrderWorld } from '#test/support/order-world.ts';

for (const dialect of dialects()) dialect.describe('external tasks over engine-rest', () => externalTasksOn(dialect.newDatabase));

function externalTasksOn(newDatabase: () => Promise<string>): void {
  let world: OrderWorld;

  before(async function () {
    this.timeout(60_000);
    world = await orderWorld(await newDatabase());
  });
  after(() => world.stop());

  describe('when a worker takes external tasks', () => {
    it("locks in Camunda's form and completes with 204", async () => {
      const instance = await world.startOrder({ amount: { value: 7, type: 'Integer' } });
      const task = await world.lockScore(instance);
      assert.equal(task['topicName'], 'score');
      assert.equal(task['workerId'], 'worker-1');
      assert.match(String(task['lockExpirationTime']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
      assert.deepEqual((task['variables'] as Json)['amount'], { type: 'Integer', value: 7, valueInfo: {} });
      const answer = await world.call('POST', `/external-task/${task.id}/complete`, {
        workerId: 'worker-1',
        variables: { score: { value: 0 } },
      });
      assert.equal(answer.status, 204);
      const { state } = await world.get<{ state: string }>(`/history/process-instance/${instance}`);
      assert.equal(state, 'COMPLETED');
    });

    it('answers 400 to another worker and 404 when the task is gone', async () => {
      const instance = await world.startOrder();
      const { id } = await world.lockScore(instance);
      assert.equal((await world.call('POST', `/external-task/${id}/complete`, { workerId: 'other' })).status, 400);
      const done = { workerId: 'worker-1', variables: { score: { value: 1 } } };
      assert.equal((await world.call('POST', `/external-task/${id}/complete`, done)).status, 204);
      assert.equal((await world.call('POST', `/external-task/${id}/complete`, done)).status, 404);
    });

    it('makes an incident of a failure without retries, and resolves it when retries are set', async () => {
      const instance = await world.startOrder();
      const { id } = await world.lockScore(instance);
      assert.equal(
        (await world.call('POST', `/external-task/${id}/failure`, { workerId: 'worker-1', errorMessage: 'no power' })).status,
        204,
      );
      const [incident] = await world.get<Json[]>(`/incident?processInstanceId=${instance}`);
      assert.equal(incident?.['incidentType'], 'failedExternalTask');
      assert.equal((await world.get(`/external-task/${id}`))['retries'], 0);
      assert.equal((await world.call('PUT', `/external-task/${id}/retries`, { retries: 2 })).status, 204);
      assert.deepEqual(await world.get(`/incident?processInstanceId=${instance}`), []);
    });

    it('unlocks, locks and extends', async () => {
      const instance = await world.startOrder();
      const { id } = await world.lockScore(instance);
      assert.equal((await world.call('POST', `/external-task/${id}/unlock`)).status, 204);
      assert.equal((await world.get(`/external-task/${id}`))['workerId'], null);
      assert.equal((await world.call('POST', `/external-task/${id}/lock`, { workerId: 'w2', lockDuration: 1000 })).status, 204);
      assert.equal((await world.call('POST', `/external-task/${id}/extendLock`, { workerId: 'w2', newDuration: 5000 })).status, 204);
    });

    it('waits for the first task', async () => {
      const body = { workerId: 'patient', maxTasks: 1, asyncResponseTimeout: 20_000, topics: [{ topicName: 'score', lockDuration: 1000 }] };
      await world.call('POST', '/external-task/fetchAndLock', {
        ...body,
        maxTasks: 1000,
        asyncResponseTimeout: 0,
        topics: [{ topicName: 'score', lockDuration: 60_000 }],
      });
      const polling = world.call('POST', '/external-task/fetchAndLock', body);
      const instance = await world.startOrder();
      const [task] = (await (await polling).json()) as Json[];
      assert.equal(task?.['processInstanceId'], instance);
    });

    it('answers 400 when asked to wait for more than half an hour', async () => {
      const body = { workerId: 'w', maxTasks: 1, asyncResponseTimeout: 1_800_001, topics: [] };
      assert.equal((await world.call('POST', '/external-task/fetchAndLock', body)).status, 400);
    });
  });

  describe('when an operator changes external tasks', () => {
    it('gives them priority and retries, singly and many', async () => {
      const instance = await world.startOrder();
      const [task] = await world.get<{ id: string }[]>(`/external-task?processInstanceId=${instance}`);
      await world.ok('PUT', `/external-task/${task?.id}/priority`, { priority: 9 });
      await world.ok('PUT', '/external-task/retries', { retries: 0, externalTaskIds: [task?.id] });
      const now = await world.get<Json>(`/external-task/${task?.id}`);
      assert.deepEqual([now['priority'], now['retries']], [9, 0]);
      await world.batchDone(await world.ok('POST', '/external-task/retries-async', { retries: 2, processInstanceIds: [instance] }));
      assert.equal((await world.get<Json>(`/external-task/${task?.id}`))['retries'], 2);
      assert.ok((await world.get<string[]>('/external-task/topic-names')).includes('score'));
      assert.equal((await world.call('GET', `/external-task/${task?.id}/errorDetails`)).status, 204);
    });
  });
}
