import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, callActivity, end, start, userTask } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, STREET, TENANT } from '#test/support/store-world.ts';
import type { Store } from '../open-store.ts';
import { searchValues } from './instance-history.ts';
import { calledInstances, instanceById, instancePage, type InstancePageRequest } from './instance-pages.ts';

const order = aProcess('order', { begin: start(), check: userTask(), finish: end() }, ['begin -> check -> finish']);
const caller = aProcess('caller', { begin: start(), call: callActivity('order'), finish: end() }, ['begin -> call -> finish']);
const scope = { tenant: TENANT, areas: [TENANT] };

for (const dialect of dialects()) {
  dialect.describe('instance pages', () => {
    let store: Store;
    let world: StoreWorld;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [order, caller]);
    });
    after(() => store.close());

    const page = (changes: Partial<InstancePageRequest> = {}) => store.query(instancePage({ scope, status: 'all', limit: 50, ...changes }));
    const ids = async (changes: Partial<InstancePageRequest> = {}) => (await page(changes)).items.map(({ id }) => id);

    it('shows running and ended instances of the scope, newest first, page by page', async () => {
      // given
      const running = (await world.start({ title: '水管漏水' }, { businessKey: 'p-running' })).instanceId;
      const ended = (await world.start({}, { businessKey: 'p-ended' })).instanceId;
      const [task] = await store.read('SELECT id FROM task WHERE instance_id = ?', [ended]);
      await world.complete(Number(task?.id));

      // then
      assert.deepEqual(await ids(), [ended, running]);
      assert.deepEqual(await ids({ status: 'active' }), [running]);
      assert.deepEqual(await ids({ status: 'ended' }), [ended]);
      assert.deepEqual(await ids({ businessKey: 'p-ended' }), [ended]);
      assert.deepEqual(await ids({ key: 'caller' }), []);
      assert.deepEqual(await ids({ search: '漏水' }), [running]);
      assert.deepEqual(await ids({ scope: { tenant: '120104', areas: [TENANT] } }), []);
      assert.deepEqual(await ids({ scope: { tenant: TENANT, areas: ['120103/120103009'] } }), []);
      const first = await page({ limit: 1 });
      assert.deepEqual(
        first.items.map(({ id, status, endState }) => [id, status, endState]),
        [[ended, 'ended', 'COMPLETED']],
      );
      assert.deepEqual(await ids({ limit: 1, cursor: first.nextCursor }), [running]);
      assert.deepEqual(await store.query(searchValues([running, ended], ['title'])), [
        { instanceId: running, name: 'title', value: '水管漏水' },
      ]);
    });

    it('knows an instance by its id, and whom it called', async () => {
      // given
      const root = (await world.start({}, { definitionId: 2 })).instanceId;

      // then
      const row = await store.query(instanceById(scope, root));
      assert.deepEqual([row?.definitionKey, row?.status, row?.startedBy, row?.area], ['caller', 'active', 'wang', STREET]);
      assert.equal(await store.query(instanceById({ tenant: TENANT, areas: ['120104'] }, root)), null);
      const called = row ? await store.query(calledInstances(scope, row)) : [];
      assert.deepEqual(
        called.map(({ definitionKey, superId }) => [definitionKey, superId]),
        [['order', root]],
      );
    });
  });
}
