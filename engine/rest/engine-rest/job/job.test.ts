import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { engineRestWorld, type EngineRestWorld, type Json } from '#test/support/engine-rest-world.ts';
import { timed, two } from '#test/support/small-processes.ts';

for (const dialect of dialects()) dialect.describe('jobs and batches over engine-rest', () => jobsOn(dialect.newDatabase));

function jobsOn(newDatabase: () => Promise<string>): void {
  let world: EngineRestWorld;

  before(async function () {
    this.timeout(60_000);
    world = await engineRestWorld(await newDatabase(), [timed, two]);
  });
  after(() => world.stop());

  describe('jobs and job definitions', () => {
    it('have priority, due date and suspension', async () => {
      const instance = await world.start('timed');
      const [job] = await world.get<{ id: string; jobDefinitionId: string; dueDate: string }[]>(`/job?processInstanceId=${instance}`);
      const path = `/job/${job?.id}`;
      await world.ok('PUT', `${path}/priority`, { priority: 12 });
      await world.ok('PUT', `${path}/duedate`, { duedate: '2099-01-01T00:00:00.000+0000' });
      await world.ok('PUT', `${path}/suspended`, { suspended: true });
      const changed = await world.get<Json>(path);
      assert.deepEqual([changed['priority'], changed['dueDate'], changed['suspended']], [12, '2099-01-01T00:00:00.000+0000', true]);
      await world.ok('POST', `${path}/duedate/recalculate`);
      assert.equal((await world.get<Json>(path))['dueDate'], job?.dueDate);
      await world.ok('PUT', '/job/suspended', { suspended: false, jobDefinitionId: job?.jobDefinitionId });
      assert.equal((await world.get<Json>(path))['suspended'], false);
      assert.equal((await world.get<unknown[]>(`/job?jobDefinitionId=${job?.jobDefinitionId}&processInstanceId=${instance}`)).length, 1);

      const definition = await world.get<Json>(`/job-definition/${job?.jobDefinitionId}`);
      assert.deepEqual(
        [definition['activityId'], definition['jobType'], definition['jobConfiguration']],
        ['wait', 'timer-intermediate-transition', 'DURATION: PT10M'],
      );
      const { count } = await world.get<{ count: number }>(`/job-definition/count?processDefinitionKey=timed`);
      assert.equal(count, 1);
      await world.ok('PUT', `/job-definition/${job?.jobDefinitionId}/jobPriority`, { priority: 3, includeJobs: true });
      assert.equal((await world.get<Json>(path))['priority'], 3);
      await world.ok('PUT', `/job-definition/${job?.jobDefinitionId}/suspended`, { suspended: true });
      assert.equal((await world.get<Json>(`/job-definition/${job?.jobDefinitionId}`))['suspended'], true);
      await world.ok('PUT', '/job-definition/suspended', { suspended: false, processDefinitionKey: 'timed', includeJobs: true });
      await world.ok('PUT', `${path}/retries`, { retries: 0 });
      await world.batchDone(
        await world.ok('POST', '/job/retries', { retries: 4, jobQuery: { processInstanceId: instance, noRetriesLeft: true } }),
      );
      assert.equal((await world.get<Json>(path))['retries'], 4);
      await world.refused(404, 'GET', '/job-definition/1:timer:nowhere');
    });
  });

  describe('a job that is deleted', () => {
    it('is gone; its instance waits until it is moved', async () => {
      const instance = await world.start('timed');
      const [job] = await world.get<{ id: string }[]>(`/job?processInstanceId=${instance}`);
      await world.ok('DELETE', `/job/${job?.id}`);
      await world.refused(404, 'GET', `/job/${job?.id}`);
      await world.ok('POST', `/process-instance/${instance}/modification`, {
        instructions: [
          { type: 'cancel', activityId: 'wait' },
          { type: 'startAfterActivity', activityId: 'wait' },
        ],
      });
      assert.deepEqual(await world.tasks(instance), ['a']);
      await world.ok('DELETE', `/process-instance/${instance}`);
      await world.refused(404, 'DELETE', `/process-instance/${instance}`);
      await world.ok('DELETE', `/process-instance/${instance}?failIfNotExists=false`);
    });
  });

  describe('batches', () => {
    it('show their progress and failures, and are deleted', async () => {
      const id = await world.start('two');
      const batch = await world.ok('POST', '/process-instance/variables-async', {
        processInstanceIds: [id, '999999999'],
        variables: { v: { value: 1 } },
      });
      const statistics = async () => (await world.get<Json[]>(`/batch/statistics?batchId=${String(batch['id'])}`))[0] ?? {};
      await world.until(async () => (await statistics())['failedJobs'] === 1 && (await statistics())['completedJobs'] === 1);
      assert.deepEqual(
        [(await statistics())['remainingJobs'], (await statistics())['jobsCreated'], (await statistics())['type']],
        [1, 2, 'set-variables'],
      );
      assert.deepEqual(Object.keys(await world.get(`/process-instance/${id}/variables`)), ['v']);
      const [job] = await world.get<{ id: string; batchId: string }[]>(`/job?jobDefinitionId=${String(batch['batchJobDefinitionId'])}`);
      assert.equal(job?.batchId, batch['id']);
      const trace = await world.call('GET', `/job/${job?.id}/stacktrace`);
      assert.match(await trace.text(), /999999999/);
      assert.equal((await world.get<Json[]>(`/incident?configuration=${job?.id}`)).length, 1);
      await world.ok('PUT', `/batch/${String(batch['id'])}/suspended`, { suspended: true });
      assert.equal((await world.get<Json>(`/batch/${String(batch['id'])}`))['suspended'], true);
      await world.ok('DELETE', `/batch/${String(batch['id'])}?cascade=true`);
      await world.refused(404, 'GET', `/batch/${String(batch['id'])}`);
      await world.refused(400, 'DELETE', `/batch/${String(batch['id'])}`);
      assert.deepEqual(await world.get<Json[]>(`/incident?configuration=${job?.id}`), []);
    });

    it('give failed jobs of instances new retries', async () => {
      const id = await world.start('timed');
      const [job] = await world.get<{ id: string }[]>(`/job?processInstanceId=${id}`);
      await world.ok('PUT', `/job/${job?.id}/retries`, { retries: 0 });
      await world.batchDone(await world.ok('POST', '/process-instance/job-retries', { processInstances: [id], retries: 6 }));
      assert.equal((await world.get<Json>(`/job/${job?.id}`))['retries'], 6);
    });
  });
}
