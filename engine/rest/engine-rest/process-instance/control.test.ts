import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { engineRestWorld, type EngineRestWorld, type Json, type Tree } from '#test/support/engine-rest-world.ts';
import { nested, one, timed, two } from '#test/support/small-processes.ts';

for (const dialect of dialects()) dialect.describe('control of instances over engine-rest', () => controlOn(dialect.newDatabase));

function controlOn(newDatabase: () => Promise<string>): void {
  let world: EngineRestWorld;

  before(async function () {
    this.timeout(60_000);
    world = await engineRestWorld(await newDatabase(), [two, nested, timed]);
  });
  after(() => world.stop());

  describe('the tree of activity instances', () => {
    it('shows scopes, bodies of loops, parked tokens and tokens at a join', async () => {
      const id = await world.start('nested');
      await world.until(async () => (await world.tasks(id)).includes('later'));
      const root = await world.tree(id);
      assert.deepEqual(
        [root.id, root.activityId, root.activityType, root.parentActivityInstanceId],
        [id, await world.definitionId('nested'), 'processDefinition', null],
      );
      const shape = ({ activityId, activityType, childActivityInstances }: Tree): unknown => [
        activityId,
        activityType,
        childActivityInstances.map(shape),
      ];
      assert.deepEqual(
        root.childActivityInstances.map(shape).toSorted((a, b) => String(a).localeCompare(String(b))),
        [
          [
            'each#multiInstanceBody',
            'multiInstanceBody',
            [
              ['each', 'userTask', []],
              ['each', 'userTask', []],
            ],
          ],
          ['join', 'parallelGateway', []],
          ['later', 'userTask', []],
          ['sub', 'subProcess', [['deep', 'userTask', []]]],
        ],
      );
      await world.refused(500, 'GET', '/process-instance/999999999/activity-instances');
    });
  });

  describe('modification', () => {
    it('moves the token; all instructions or none', async () => {
      const id = await world.start('two');
      const message = await world.refused(400, 'POST', `/process-instance/${id}/modification`, {
        instructions: [
          { type: 'cancel', activityId: 'a' },
          { type: 'startBeforeActivity', activityId: 'nowhere' },
        ],
      });
      assert.match(message, /nowhere/);
      assert.deepEqual(await world.tasks(id), ['a']);
      await world.ok('POST', `/process-instance/${id}/modification`, {
        instructions: [
          { type: 'cancel', activityId: 'a' },
          { type: 'startBeforeActivity', activityId: 'b', variables: { all: { value: 1 }, own: { value: 2, local: true } } },
        ],
      });
      assert.deepEqual(await world.tasks(id), ['b']);
      assert.deepEqual(Object.keys(await world.get(`/process-instance/${id}/variables`)), ['all']);
    });

    it('cancels by the ids of the tree, and refuses instructions that lack something', async () => {
      const id = await world.start('nested');
      const root = await world.tree(id);
      const idOf = (activity: string) => root.childActivityInstances.find(({ activityId }) => activityId === activity)?.id;
      await world.ok('POST', `/process-instance/${id}/modification`, {
        instructions: [
          { type: 'cancel', activityInstanceId: idOf('sub') },
          { type: 'cancel', activityInstanceId: idOf('join') },
          { type: 'cancel', activityId: 'each#multiInstanceBody' },
        ],
      });
      assert.deepEqual(
        (await world.tree(id)).childActivityInstances.filter(({ activityId }) => activityId !== 'later'),
        [],
      );
      await world.refused(400, 'POST', `/process-instance/${id}/modification`, { instructions: [{ type: 'cancel' }] });
      await world.refused(400, 'POST', `/process-instance/${id}/modification`, { instructions: [{ type: 'startTransition' }] });
      await world.refused(400, 'POST', `/process-instance/${id}/modification`, {});
    });

    it('works on many instances, as a batch too', async () => {
      const ids = [await world.start('two'), await world.start('two')];
      const processDefinitionId = await world.definitionId('two');
      const body = {
        processDefinitionId,
        processInstanceIds: ids,
        instructions: [
          { type: 'cancel', activityId: 'a' },
          { type: 'startAfterActivity', activityId: 'a' },
        ],
      };
      await world.ok('POST', '/modification/execute', body);
      assert.deepEqual(await Promise.all(ids.map(world.tasks)), [['b'], ['b']]);
      const batch = await world.ok('POST', '/modification/executeAsync', {
        ...body,
        instructions: [{ type: 'startBeforeActivity', activityId: 'a' }],
      });
      assert.deepEqual(
        [batch['type'], batch['totalJobs'], batch['batchJobsPerSeed'], batch['invocationsPerBatchJob']],
        ['instance-modification', 2, 100, 1],
      );
      await world.batchDone(batch);
      assert.deepEqual(await Promise.all(ids.map(world.tasks)), [
        ['a', 'b'],
        ['a', 'b'],
      ]);
      await world.refused(400, 'POST', '/modification/execute', { ...body, processInstanceIds: [await world.start('timed')] });
    });
  });

  describe('start instructions and restart', () => {
    it('begins in the middle, and begins again what has ended', async () => {
      const id = await world.start('two', {
        businessKey: 'WO-9',
        startInstructions: [{ type: 'startBeforeActivity', activityId: 'b' }],
        variables: { x: { value: 1 } },
      });
      assert.deepEqual(await world.tasks(id), ['b']);
      await world.ok('DELETE', `/process-instance/${id}`);
      const path = `/process-definition/${await world.definitionId('two')}`;
      await world.ok('POST', `${path}/restart`, {
        processInstanceIds: [id],
        instructions: [{ type: 'startBeforeActivity', activityId: 'a' }],
      });
      await world.batchDone(
        await world.ok('POST', `${path}/restart-async`, {
          historicProcessInstanceQuery: { processInstanceBusinessKey: 'WO-9', finished: true },
          instructions: [{ type: 'startTransition', transitionId: 'a-b' }],
        }),
      );
      const copies = await world.get<{ id: string }[]>('/process-instance?businessKey=WO-9&variables=x_eq_1');
      assert.deepEqual((await Promise.all(copies.map((copy) => world.tasks(copy.id)))).flat().sort(), ['a', 'b']);
      await world.refused(400, 'POST', `${path}/restart`, { processInstanceIds: [id], instructions: [] });
    });
  });

  describe('suspension', () => {
    it('stops one instance, many instances, and definitions', async () => {
      const id = await world.start('two');
      await world.ok('PUT', `/process-instance/${id}/suspended`, { suspended: true });
      assert.equal((await world.get<Json>(`/process-instance/${id}`))['suspended'], true);
      await world.ok('PUT', '/process-instance/suspended', { suspended: false, processInstanceIds: [id] });
      assert.equal((await world.get<Json>(`/process-instance/${id}`))['suspended'], false);
      await world.batchDone(await world.ok('POST', '/process-instance/suspended-async', { suspended: true, processInstanceIds: [id] }));
      assert.equal((await world.get<Json>(`/process-instance/${id}`))['suspended'], true);

      await world.ok('PUT', '/process-definition/key/timed/suspended', { suspended: true });
      await world.refused(500, 'POST', '/process-definition/key/timed/start', {});
      assert.equal((await world.get<Json>('/process-definition/key/timed'))['suspended'], true);
      await world.ok('PUT', '/process-definition/suspended', { suspended: false, processDefinitionKey: 'timed' });
      await world.start('timed');
      await world.refused(404, 'PUT', '/process-definition/key/nowhere/suspended', { suspended: true });
    });
  });

  describe('deletion', () => {
    it('ends many instances with a reason', async () => {
      const ids = [await world.start('two'), await world.start('two')];
      await world.batchDone(await world.ok('POST', '/process-instance/delete', { processInstanceIds: ids, deleteReason: '搬走' }));
      for (const id of ids) assert.equal((await world.get<Json>(`/history/process-instance/${id}`))['deleteReason'], '搬走');
      await world.refused(400, 'POST', '/process-instance/delete', {});
    });

    it('removes a definition, and all versions of a key', async () => {
      const file = one('versions');
      await world.deploy(file);
      const { deployedProcessDefinitions } = await world.deploy(file);
      const [newest] = Object.keys(deployedProcessDefinitions);
      await world.ok('DELETE', `/process-definition/${newest}`);
      assert.equal((await world.get<Json>('/process-definition/key/versions'))['version'], 1);
      await world.ok('DELETE', '/process-definition/key/versions');
      await world.refused(404, 'GET', '/process-definition/key/versions');
    });
  });
}
