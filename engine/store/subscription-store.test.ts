import assert from 'node:assert/strict';
import { correlateMessage } from '#engine/core/commands/correlate-message.ts';
import { suspendInstance } from '#engine/core/commands/suspend-instance.ts';
import { vars } from '#test/support/core-scenario.ts';
import { dialects } from '#test/support/dialects.ts';
import { aProcess, end, receiveTask, start } from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld, STREET, TENANT } from '#test/support/store-world.ts';
import { loadByInstance, loadBySubscription } from './instance-store.ts';
import type { Store } from './open-store.ts';
import { type CorrelationQuery, matchingSubscriptions } from './subscription-store.ts';

const listening = aProcess('listening', { begin: start(), wait: receiveTask('answer'), finish: end() }, ['begin -> wait -> finish']);

for (const dialect of dialects()) {
  dialect.describe('subscription store', () => {
    let store: Store;
    let world: StoreWorld;
    beforeEach(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [listening]);
    });
    afterEach(() => store.close());

    const matches = async (changes: Partial<CorrelationQuery> = {}) =>
      (await store.query(matchingSubscriptions({ name: 'answer', tenant: TENANT, area: null, ...changes }))).map(
        ({ instanceId }) => instanceId,
      );

    it('finds who waits for a message, by business key, instance, area and process variables', async () => {
      // given
      const a = await world.start({ elder: 'E1', level: 3, urgent: true }, { businessKey: 'a' });
      const b = await world.start({ elder: 'E2', level: 4 }, { businessKey: 'b', area: `${STREET}/120103008011` });

      // then
      assert.deepEqual(await matches(), [a.instanceId, b.instanceId]);
      assert.deepEqual(await matches({ businessKey: 'b' }), [b.instanceId]);
      assert.deepEqual(await matches({ instanceId: a.instanceId }), [a.instanceId]);
      assert.deepEqual(await matches({ area: STREET }), [a.instanceId, b.instanceId]);
      assert.deepEqual(await matches({ area: `${STREET}/120103008011` }), [b.instanceId]);
      assert.deepEqual(await matches({ area: '120103/120103009' }), []);
      assert.deepEqual(await matches({ correlationKeys: vars({ elder: 'E1', level: 3 }) }), [a.instanceId]);
      assert.deepEqual(await matches({ correlationKeys: vars({ urgent: true }) }), [a.instanceId]);
      assert.deepEqual(await matches({ correlationKeys: vars({ elder: 'E1', level: 4 }) }), []);
      assert.deepEqual(await matches({ correlationKeys: vars({ elder: { id: 'E1' } }) }), []);
    });

    it('keeps districts and messages apart', async () => {
      await world.start();
      assert.deepEqual(await matches({ tenant: '120104' }), []);
      assert.deepEqual(await matches({ name: 'question' }), []);
    });

    it('does not find an instance that is suspended, or one that has its message', async () => {
      // given
      const suspended = await world.start();
      await world.perform(() => loadByInstance(suspended.instanceId), suspendInstance, { instanceId: suspended.instanceId });
      const { instanceId } = await world.start();
      const [subscription] = await store.query(matchingSubscriptions({ name: 'answer', tenant: TENANT, area: null }));
      assert.ok(subscription);

      // when
      await world.perform(() => loadBySubscription(subscription.id), correlateMessage, { subscriptionId: subscription.id, variables: {} });

      // then
      assert.equal(subscription.instanceId, instanceId);
      assert.deepEqual(await matches(), []);
    });
  });
}
