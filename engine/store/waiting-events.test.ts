import assert from 'node:assert/strict';
import { deferSignal } from '#engine/core/commands/defer-signal.ts';
import { receiveSignal } from '#engine/core/commands/receive-signal.ts';
import { setVariables } from '#engine/core/commands/set-variables.ts';
import { typed } from '#engine/core/values.ts';
import { vars } from '#test/support/core-scenario.ts';
import { dialects } from '#test/support/dialects.ts';
import {
  allOf,
  aProcess,
  boundary,
  condition,
  duration,
  eventSubProcess,
  message,
  signal,
  start,
  userTask,
} from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, TENANT } from '#test/support/store-world.ts';
import { loadByInstance } from './instance-store.ts';
import type { Store } from './open-store.ts';
import { rebuildInstance, replayedState } from './rebuild.ts';
import { signalSubscriptions } from './subscription-store.ts';

const model = aProcess(
  'p',
  {
    s: start(),
    host: userTask(),
    alarmed: boundary('host', signal('alarm'), false),
    check: userTask(),
    both: boundary('host', allOf(message('m'), signal('g'), duration('PT1H')), false),
    after: userTask(),
    aside: eventSubProcess({ on: start(condition('${x > 3}'), { interrupting: false }), nurse: userTask() }, ['on -> nurse']),
  },
  ['s -> host', 'alarmed -> check', 'both -> after'],
);

for (const dialect of dialects()) {
  dialect.describe('what an instance waits for', () => {
    let store: Store;
    let world: StoreWorld;
    let id: number;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [model]);
    });
    after(() => store.close());
    beforeEach(async () => {
      id = (await world.start({ x: 0 })).instanceId;
    });

    const load = () => loadByInstance(id);
    const stateOf = async () => (await store.query(loadByInstance(id)))?.instances.get(id)?.state;
    const rowsOf = async () => {
      const [subscriptions, jobs] = [
        await store.read('SELECT id, kind, name, element, element_instance, tenant FROM subscription WHERE instance_id = ? ORDER BY id', [
          id,
        ]),
        await store.read('SELECT id, kind, element, due_at, retries FROM job WHERE instance_id = ? ORDER BY id', [id]),
      ];
      return { subscriptions: subscriptions.map((row) => ({ ...row })), jobs: jobs.map((row) => ({ ...row })) };
    };
    const subscriptionOf = async (name: string) => (await stateOf())?.subscriptions.find((open) => open.name === name)?.id ?? 0;

    it('has a row for each signal, condition and message, and for each timer', async () => {
      const { subscriptions, jobs } = await rowsOf();
      assert.deepEqual(
        subscriptions.map(({ kind, name, element }) => [kind, name, element]),
        [
          ['conditional', '', 'on'],
          ['signal', 'alarm', 'alarmed'],
          ['message', 'm', 'both'],
          ['signal', 'g', 'both'],
        ],
      );
      assert.deepEqual(
        jobs.map(({ kind, element }) => [kind, element]),
        [['timer', 'both']],
      );
    });

    it('comes again after a restart: conditions and parallel multiple events know what has come', async () => {
      await world.perform(load, setVariables, { instanceId: id, set: vars({ x: 4 }) });
      await world.perform(load, receiveSignal, {
        subscriptionIds: [await subscriptionOf('g'), await subscriptionOf('alarm')],
        variables: {},
      });
      assert.deepEqual((await store.query(replayedState(id)))?.state, await stateOf());
      const tasks = await store.read('SELECT element FROM task WHERE instance_id = ? ORDER BY id', [id]);
      assert.deepEqual(
        tasks.map(({ element }) => element),
        ['host', 'nurse', 'check'],
      );
      assert.deepEqual(
        (await rowsOf()).subscriptions.map(({ name, element }) => [name, element]),
        [
          ['', 'on'],
          ['alarm', 'alarmed'],
          ['m', 'both'],
        ],
      );
    });

    it('is the same after a rebuild, with a signal that waits for its next try', async () => {
      await world.perform(load, deferSignal, { subscriptionId: await subscriptionOf('alarm'), variables: { room: typed(12) } });
      const [state, rows] = [await stateOf(), await rowsOf()];
      assert.equal(rows.jobs.at(-1)?.kind, 'deliver-signal');
      await store.batcher.run({ key: null, name: 'rebuild' }, (writes) => rebuildInstance(writes, id, () => model, world.ports.now));
      assert.deepEqual([await stateOf(), await rowsOf()], [state, rows]);
    });

    it('is found by a signal of its district that was thrown later', async () => {
      const query = { name: 'alarm', tenant: TENANT, area: null, exceptRoot: null, after: id, limit: 10 };
      const at = world.ports.now;
      const found = async (change: Partial<Parameters<typeof signalSubscriptions>[0]>) =>
        (await store.query(signalSubscriptions({ ...query, thrown: { id: store.ids.next(), at }, ...change }))).length;
      assert.equal(await found({}), 1);
      assert.equal(await found({ thrown: { id, at } }), 0, 'it began to wait after that');
      assert.equal(await found({ thrown: { id: store.ids.next(), at: at - 1 } }), 0);
      assert.equal(await found({ exceptRoot: id }), 0);
      assert.equal(await found({ tenant: '330102' }), 0);
      assert.equal(await found({ area: '120103/120103001' }), 0);
      assert.equal(await found({ area: '120103' }), 1);
    });
  });
}
