import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import type { Json } from '#test/support/engine-rest-world.ts';
import { orderWorld, type OrderWorld } from '#test/support/order-world.ts';

for (const dialect of dialects()) dialect.describe('user tasks over engine-rest', () => tasksOn(dialect.newDatabase));

function tasksOn(newDatabase: () => Promise<string>): void {
  let world: OrderWorld;

  before(async function () {
    this.timeout(60_000);
    world = await orderWorld(await newDatabase());
  });
  after(() => world.stop());

  describe('when a person works', () => {
    it('finds, claims and completes a task', async () => {
      const { instance, task } = await world.toUserTask();
      assert.equal(task.name, 'Approve');
      assert.equal(task.priority, 70);
      assert.match(task.created, /\+0000$/);
      assert.equal((await world.get<{ count: number }>(`/task/count?candidateGroup=dispatcher&processInstanceId=${instance}`)).count, 1);
      assert.equal((await world.call('POST', `/task/${task.id}/claim`, { userId: 'wang' })).status, 204);
      assert.equal((await world.get(`/task/${task.id}`))['assignee'], 'wang');
      const second = await world.call('POST', `/task/${task.id}/claim`, { userId: 'li' });
      assert.equal(second.status, 500);
      assert.equal(((await second.json()) as Json)['type'], 'TaskAlreadyClaimedException');
      const links = await world.get<Json[]>(`/task/${task.id}/identity-links`);
      assert.deepEqual(links.find(({ type }) => type === 'assignee')?.['userId'], 'wang');
      const form = await world.get<Record<string, Json>>(`/task/${task.id}/form-variables`);
      assert.equal(form['score']?.['value'], 5);
      const done = await world.call('POST', `/task/${task.id}/complete`, {
        variables: { ok: { value: true } },
        withVariablesInReturn: true,
      });
      assert.equal(done.status, 200);
      assert.deepEqual(((await done.json()) as Record<string, Json>)['ok'], { type: 'Boolean', value: true, valueInfo: {} });
    });

    it('answers 204 without variables, and 500 as Camunda when the task is gone', async () => {
      const { task } = await world.toUserTask();
      assert.equal((await world.call('POST', `/task/${task.id}/complete`, {})).status, 204);
      assert.equal((await world.call('POST', `/task/${task.id}/complete`, {})).status, 500);
      assert.equal((await world.call('GET', `/task/${task.id}`)).status, 404);
    });

    it('lists by body, with sorting, paging and variables', async () => {
      const { instance } = await world.toUserTask({ city: { value: 'Tianjin' } });
      const found = await world.call('POST', '/task?maxResults=5', {
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
        assert.equal((await world.call('GET', `/task?${query}`)).status, 400);
      });
    }
  });
}
