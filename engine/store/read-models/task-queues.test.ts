import assert from 'node:assert/strict';
import { claimTask } from '#engine/core/commands/claim-task.ts';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, end, expr, start, userTask } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, STREET, TENANT } from '#test/support/store-world.ts';
import { loadByTask } from '../instance-store.ts';
import type { Store } from '../open-store.ts';
import type { Work } from '../unit-of-work.ts';
import { type TaskQueue, taskQueue, type TaskQueueRequest, taskById, taskCounts, tasksOfInstances } from './task-queues.ts';

const order = aProcess(
  'order',
  { begin: start(), check: userTask({ candidateGroups: [expr('dispatcher'), expr('worker')], dueDate: expr('${due}') }), finish: end() },
  ['begin -> check -> finish'],
);
const DISTRICT = TENANT;
const COMMUNITY = `${STREET}/120103008011`;
const HOUR = 3_600_000;

for (const dialect of dialects()) {
  dialect.describe('task queues', () => {
    let store: Store;
    let world: StoreWorld;
    beforeEach(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [order]);
    });
    afterEach(() => store.close());

    const viewer = () => ({
      scope: { tenant: TENANT, areas: [DISTRICT] },
      userId: 'wang',
      groups: ['dispatcher', 'worker'],
      now: world.ports.now,
    });
    const queue = (name: TaskQueue, changes: Partial<TaskQueueRequest> = {}) =>
      store.query(taskQueue({ ...viewer(), queue: name, limit: 50, ...changes }));
    const instances = async (name: TaskQueue, changes: Partial<TaskQueueRequest> = {}) =>
      (await queue(name, changes)).items.map(({ instanceId }) => instanceId);
    const startAt = async (area: string, dueInMs: number | null = null, businessKey: string | null = null) => {
      world.ports.now += 1000;
      const due = dueInMs === null ? null : world.ports.now + dueInMs;
      return (await world.start({ due }, { area, businessKey })).instanceId;
    };
    const claim = async (instanceId: number, userId: string) => {
      const [row] = await store.read('SELECT id FROM task WHERE instance_id = ?', [instanceId]);
      await world.perform(() => loadByTask(Number(row?.id)), claimTask, { taskId: Number(row?.id), userId });
    };

    describe('when a task is open to a group', () => {
      it('is in the queue of the group, newest first and once, until somebody claims it', async () => {
        // given
        const first = await startAt(STREET);
        const second = await startAt(STREET);
        const third = await startAt(STREET);

        // when
        await claim(second, 'wang');

        // then
        assert.deepEqual(await instances('group'), [third, first]);
        assert.deepEqual(await instances('mine'), [second]);
        assert.deepEqual(await instances('mine', { userId: 'li' }), []);
        assert.deepEqual(await instances('group', { groups: ['auditor'] }), []);
        assert.deepEqual(await instances('all'), [third, second, first]);
      });
    });

    describe('when the viewer sees only a part of the district', () => {
      it('shows what lies in it, in every queue', async () => {
        // given
        await store.batcher.run({ key: null, name: 'areas' }, function* (writes): Work<void> {
          for (const [index, path] of [STREET, COMMUNITY].entries()) {
            writes.insert('area', { code: `c${index}`, tenant: TENANT, parent: null, path, name: path, level: index });
          }
        });
        const near = await startAt(COMMUNITY, HOUR);
        await startAt('120103/120103009', HOUR);
        const inCommunity = { scope: { tenant: TENANT, areas: [COMMUNITY] } };

        // then
        for (const name of ['group', 'due-soon', 'all'] as const) assert.deepEqual(await instances(name, inCommunity), [near], name);
        assert.deepEqual(await instances('all', { scope: { tenant: TENANT, areas: [STREET] } }), [near]);
        assert.deepEqual(await instances('all', { scope: { tenant: TENANT, areas: [] } }), []);
        assert.deepEqual(await instances('all', { scope: { tenant: '120104', areas: [DISTRICT] } }), []);
        const [task] = (await queue('all', inCommunity)).items;
        assert.ok(task);
        assert.equal((await store.query(taskById(inCommunity.scope, task.id)))?.id, task.id);
        assert.equal(await store.query(taskById({ tenant: TENANT, areas: ['120103/120103009'] }, task.id)), null);
        assert.deepEqual(
          (await store.query(tasksOfInstances(inCommunity.scope, [near]))).map(({ id }) => id),
          [task.id],
        );
      });
    });

    describe('when tasks are due', () => {
      it('has the most urgent first, and overdue ones apart', async () => {
        // given
        const later = await startAt(STREET, 5 * HOUR);
        const sooner = await startAt(STREET, HOUR);
        const late = await startAt(STREET, -HOUR);
        await startAt(STREET, 48 * HOUR);
        await startAt(STREET);

        // then
        assert.deepEqual(await instances('due-soon'), [sooner, later]);
        assert.deepEqual(await instances('overdue'), [late]);
        assert.deepEqual(await instances('overdue', { userId: 'li', groups: [] }), []);
        assert.deepEqual(await store.query(taskCounts(viewer())), { mine: 0, group: 5, dueSoon: 2, overdue: 1 });
      });
    });

    describe('when there are more than one page', () => {
      it('goes on where the page before ended, without gaps or repeats', async () => {
        // given
        const started: number[] = [];
        for (let i = 0; i < 7; i++) started.push(await startAt(STREET, HOUR * (i + 1)));
        const walk = async (name: TaskQueue) => {
          const seen: number[] = [];
          let cursor: string | null = null;
          do {
            const page = await queue(name, { limit: 3, cursor });
            seen.push(...page.items.map(({ instanceId }) => instanceId));
            cursor = page.nextCursor;
          } while (cursor);
          return seen;
        };

        // then
        assert.deepEqual(await walk('group'), started.toReversed());
        assert.deepEqual(await walk('all'), started.toReversed());
        assert.deepEqual(await walk('due-soon'), started);
      });
    });

    describe('when somebody searches', () => {
      it('finds the business key, with no wildcards of theirs', async () => {
        const found = await startAt(STREET, null, 'WO-100%');
        await startAt(STREET, null, 'WO-1000');
        assert.deepEqual(await instances('all', { search: '100%' }), [found]);
        assert.deepEqual(await instances('all', { search: '_' }), []);
        assert.deepEqual(await instances('group', { search: "'; DROP TABLE task; --" }), []);
      });
    });
  });
}
