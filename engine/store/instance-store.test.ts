import assert from 'node:assert/strict';
import { claimTask } from '#engine/core/commands/claim-task.ts';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { setVariables } from '#engine/core/commands/set-variables.ts';
import { unclaimTask } from '#engine/core/commands/unclaim-task.ts';
import { anActor } from '#test/support/core-ports.ts';
import { vars } from '#test/support/core-scenario.ts';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, callActivity, end, expr, manualTask, start, userTask } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, STREET, TENANT } from '#test/support/store-world.ts';
import { payloadHash } from './event-codec.ts';
import { loadByInstance, loadByTask } from './instance-store.ts';
import type { Store } from './open-store.ts';
import { eventsOf, finalVariables } from './read-models/instance-history.ts';
import { rebuildInstance, replayedState } from './rebuild.ts';
import type { Row } from './unit-of-work.ts';

const order = aProcess(
  'order',
  {
    begin: start(),
    prepare: manualTask(),
    check: userTask({ candidateGroups: [expr('dispatcher')], candidateUsers: [expr('li')] }),
    finish: end(),
  },
  ['begin -> prepare -> check -> finish'],
);
const caller = aProcess(
  'caller',
  { begin: start(), call: callActivity('order'), after: userTask({ assignee: expr('wang') }), finish: end() },
  ['begin -> call -> after -> finish'],
);
const quick = aProcess('quick', { begin: start(), work: manualTask(), finish: end() }, ['begin -> work -> finish']);

const narrow = aProcess('narrow', { begin: start(), check: userTask(), finish: end() }, ['begin -> check -> finish'], {
  properties: { 'songbai:searchable': 'elder, other' },
});

const RUNTIME = ['process_instance', 'task', 'task_candidate', 'search_variable'];

for (const dialect of dialects()) {
  dialect.describe('instance store', () => {
    let store: Store;
    let world: StoreWorld;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [order, caller, quick, narrow]);
    });
    after(() => store.close());

    const rowsOf = async (table: string, instance: number, column = 'instance_id'): Promise<Row[]> =>
      store.read(`SELECT * FROM ${table} WHERE ${column} = ?`, [instance]);
    const startOne = async (variables: Record<string, unknown> = {}, definitionId = 1) =>
      (await world.start(variables, { definitionId, businessKey: 'bk' })).instanceId;
    const taskOf = async (instance: number) => Number((await rowsOf('task', instance))[0]?.id);

    describe('when an instance starts and waits', () => {
      it('has one row per thing that is there, and history only of what has ended', async () => {
        // when
        const id = await startOne({ name: '张', age: 82, urgent: true, note: 'x'.repeat(300) });

        // then
        const [instance] = await rowsOf('process_instance', id, 'id');
        assert.deepEqual(
          [instance?.rev, instance?.status, instance?.business_key, instance?.tenant, instance?.area],
          [1, 'active', 'bk', TENANT, STREET],
        );
        const [task, ...others] = await rowsOf('task', id);
        assert.deepEqual([task?.element, task?.assignee, others.length], ['check', null, 0]);
        const candidates = await store.read('SELECT grp FROM task_candidate WHERE task_id = ? ORDER BY grp', [task?.id ?? 0]);
        assert.deepEqual(
          candidates.map((row) => row.grp),
          ['g:dispatcher', 'u:li'],
        );
        const searchable = (await rowsOf('search_variable', id)).map((row) => [row.name, row.text_value, row.number_value]);
        assert.deepEqual(searchable, [
          ['age', null, 82],
          ['name', '张', null],
          ['urgent', null, 1],
        ]);
        assert.deepEqual(
          (await rowsOf('history_activity', id)).map((row) => row.element),
          ['begin', 'prepare'],
        );
        assert.deepEqual(await rowsOf('history_instance', id, 'id'), []);
      });

      it('stores the events with a salted hash that outlives their payload', async () => {
        // when
        const id = await startOne({ name: '张' });

        // then
        const [event] = await rowsOf('event', id);
        assert.equal(event?.seq, 1);
        assert.equal(event?.actor, anActor.id);
        const expected = payloadHash(event?.salt as Uint8Array, String(event?.payload));
        assert.deepEqual(Buffer.from(event?.hash as Uint8Array), Buffer.from(expected));
      });
    });

    describe('when the process names its searchable variables', () => {
      it('keeps no others for searching, and follows their changes', async () => {
        // given
        const id = await startOne({ elder: 'E1', note: 'private' }, 4);
        const set = (values: Record<string, unknown>, remove: string[] = []) =>
          world.perform(() => loadByInstance(id), setVariables, { instanceId: id, set: vars(values), remove });
        const searchable = async () => (await rowsOf('search_variable', id)).map((row) => [row.name, row.text_value, row.number_value]);
        const atStart = await searchable();

        // when
        await set({ elder: 'E2', note: 'still private' });
        const changed = await searchable();
        await set({ elder: { id: 'E2' } });
        const notPrimitive = await searchable();
        await set({ elder: 7 });
        const again = await searchable();
        await set({}, ['elder']);

        // then
        assert.deepEqual(
          [atStart, changed, notPrimitive, again],
          [[['elder', 'E1', null]], [['elder', 'E2', null]], [], [['elder', null, 7]]],
        );
        assert.deepEqual(await searchable(), []);
      });
    });

    describe('when a task is claimed and given back', () => {
      it('leaves and enters the queues of its candidates', async () => {
        // given
        const taskId = await taskOf(await startOne());
        const candidates = () => store.read('SELECT grp FROM task_candidate WHERE task_id = ?', [taskId]);

        // when
        await world.perform(() => loadByTask(taskId), claimTask, { taskId, userId: 'li' });
        const whileClaimed = await candidates();
        await world.perform(() => loadByTask(taskId), unclaimTask, { taskId });

        // then
        assert.deepEqual(whileClaimed, []);
        assert.equal((await candidates()).length, 2);
        const [task] = await store.read('SELECT assignee, rev FROM task WHERE id = ?', [taskId]);
        assert.deepEqual([task?.assignee, task?.rev], [null, 3]);
      });
    });

    describe('when an instance ends', () => {
      it('leaves no runtime row, and its whole history', async () => {
        // given
        const id = await startOne({ name: '张' });
        const taskId = await taskOf(id);

        // when
        await world.complete(taskId, { result: 'ok' });

        // then
        for (const table of RUNTIME) {
          const column = table === 'process_instance' ? 'id' : table === 'task_candidate' ? 'task_id' : 'instance_id';
          assert.deepEqual(await rowsOf(table, table === 'task_candidate' ? taskId : id, column), [], table);
        }
        const [instance] = await rowsOf('history_instance', id, 'id');
        assert.deepEqual([instance?.end_state, instance?.end_element, instance?.started_by], ['COMPLETED', 'finish', anActor.id]);
        assert.deepEqual(await store.query(finalVariables(id)), vars({ name: '张', result: 'ok' }));
        assert.deepEqual(
          (await rowsOf('history_activity', id)).map((row) => [row.element, row.canceled]),
          [
            ['begin', 0],
            ['prepare', 0],
            ['check', 0],
            ['finish', 0],
          ],
        );
        const [task] = await rowsOf('history_task', id);
        assert.deepEqual([task?.id, task?.reason], [taskId, 'completed']);
        assert.deepEqual(
          (await store.query(eventsOf(id))).map(({ seq, operation }) => [seq, operation]),
          [
            [1, 'startInstance'],
            [2, 'completeTask'],
          ],
        );
      });

      it('costs nothing but history when that happens in the command that started it', async () => {
        // when
        const id = await startOne({ name: '张' }, 3);

        // then
        assert.deepEqual(await rowsOf('process_instance', id, 'id'), []);
        assert.deepEqual(await rowsOf('search_variable', id), []);
        assert.equal((await rowsOf('history_instance', id, 'id')).length, 1);
        assert.equal((await rowsOf('history_activity', id)).length, 3);
      });
    });

    describe('when an instance calls another', () => {
      it('loads and records the whole tree', async () => {
        // given
        const root = await startOne({}, 2);
        const [called] = await rowsOf('process_instance', root, 'super_id');
        const calledId = Number(called?.id);

        // when
        const tree = await store.query(loadByTask(await taskOf(calledId)));
        await world.complete(await taskOf(calledId));

        // then
        assert.deepEqual([tree?.rootId, tree?.instanceId], [root, calledId]);
        assert.deepEqual(new Set(tree?.instances.keys()), new Set([root, calledId]));
        assert.equal((await rowsOf('history_instance', calledId, 'id')).length, 1);
        assert.deepEqual(
          (await rowsOf('task', root)).map((row) => [row.element, row.assignee]),
          [['after', 'wang']],
        );
        const [call] = (await rowsOf('history_activity', root)).filter((row) => row.element === 'call');
        assert.equal(call?.called_instance, calledId);
      });
    });

    describe('when two clients complete the same task at once', () => {
      it('lets one win and tells the other that the task is gone', async () => {
        // given
        const id = await startOne();
        const taskId = await taskOf(id);

        // when
        const outcomes = await Promise.allSettled([world.complete(taskId), world.complete(taskId)]);

        // then
        assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
        assert.equal((await rowsOf('history_task', id)).length, 1);
        assert.equal((await rowsOf('event', id)).length, 2);
      });

      it('loses no variable when they set different ones', async () => {
        // given
        const id = await startOne();
        const set = (name: string) =>
          world.perform(() => loadByInstance(id), setVariables, { instanceId: id, set: vars({ [name]: 1 }), remove: [] });

        // when
        await Promise.all([set('a'), set('b'), set('c'), set('d')]);

        // then
        const loaded = await store.query(loadByInstance(id));
        assert.deepEqual(Object.keys(loaded?.instances.get(id)?.state.elements[0]?.variables ?? {}).sort(), ['a', 'b', 'c', 'd']);
        assert.deepEqual(
          (await rowsOf('event', id)).map((row) => row.seq),
          [1, 2, 3, 4, 5],
        );
      });
    });

    describe('when a value is large', () => {
      it('is stored once, beside state, events and history, and comes back whole', async () => {
        // given
        const large = { text: '长'.repeat(10_000) };
        const id = await startOne({ large, small: 1 });

        // when
        const taskId = await taskOf(id);
        await world.perform(() => loadByTask(taskId), claimTask, { taskId, userId: 'li' });
        const [instance] = await rowsOf('process_instance', id, 'id');
        const [event] = await rowsOf('event', id);
        await world.complete(taskId);

        // then
        assert.ok(String(instance?.state).length < 2000);
        assert.ok(String(event?.payload).length < 2000);
        const stored = (await store.read('SELECT content FROM payload')).filter((row) => String(row.content).includes('长'));
        assert.equal(stored.length, 1);
        assert.deepEqual((await store.query(finalVariables(id)))?.['large']?.value, large);
      });
    });

    describe('when state and rows are rebuilt from the events', () => {
      it('gives the state that was stored', async () => {
        // given
        const id = await startOne({ name: '张', list: [1, 2] }, 2);

        // when
        const replayed = await store.query(replayedState(id));

        // then
        const loaded = await store.query(loadByInstance(id));
        assert.deepEqual(replayed?.state, loaded?.instances.get(id)?.state);
        assert.equal(replayed?.seq, loaded?.instances.get(id)?.rev);
      });

      it('gives the rows that were there', async () => {
        // given
        const id = await startOne({ name: '张' });
        const tables = ['process_instance', 'task', 'search_variable'];
        const snapshot = async () => {
          const rows = await Promise.all(tables.map((table) => rowsOf(table, id, table === 'process_instance' ? 'id' : 'instance_id')));
          const candidates = await store.read('SELECT * FROM task_candidate WHERE task_id = ? ORDER BY grp', [await taskOf(id)]);
          return JSON.parse(JSON.stringify([...rows, candidates])) as unknown;
        };
        const before = await snapshot();
        await store.batcher.run({ key: id, name: 'damage' }, function* (writes) {
          writes.delete('task', { instance_id: id });
          writes.update('process_instance', { id }, { state: '{"e":[]}' });
        });

        // when
        const isRunning = await store.batcher.run({ key: id, name: 'rebuild' }, (writes) =>
          rebuildInstance(writes, id, (definition) => world.ports.model(definition), world.ports.now),
        );

        // then
        assert.equal(isRunning, true);
        assert.deepEqual(await snapshot(), before);
      });
    });

    describe('when a unit loads a task that is gone', () => {
      it('finds nothing', async () => {
        const taskId = await taskOf(await startOne());
        await world.perform(() => loadByTask(taskId), completeTask, { taskId, variables: {} });
        assert.equal(await store.query(loadByTask(taskId)), null);
      });
    });
  });
}
