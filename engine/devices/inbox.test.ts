import { strict as assert } from 'node:assert';
import { inboxRow, type InboxRow } from '#engine/store/inbox-store.ts';
import { openDeviceWorld, type DeviceWorld } from '#test/support/device-world.ts';
import { dialects } from '#test/support/dialects.ts';

for (const dialect of dialects()) dialect.describe('inbox', () => {
  let world: DeviceWorld;
  beforeEach(async () => void (world = await openDeviceWorld({ store: await dialect.open() })));
  afterEach(() => world.close());

  const fetch = (changes: object = {}): Promise<InboxRow[]> =>
    world.inbox.fetch({ workerId: 'flow', max: 10, leaseMs: 5000, waitMs: 0, capabilities: [], tenants: [], ...changes });
  const leaseOf = (row: InboxRow): { id: number; leaseToken: string; tenants: string[] } => ({ id: row.id, leaseToken: row.leaseToken!, tenants: [] });
  const reload = async (row: InboxRow): Promise<InboxRow> => (await world.store.query(inboxRow(row.id)))!;

  describe('when events wait', () => {
    it('leases life-safety events first, each to one worker', async () => {
      // given
      await world.say('door-001', { contact: false });
      await world.say('smoke-001', { smoke: true });
      // when
      const first = await fetch();
      const second = await fetch();
      // then
      assert.deepEqual(first.map((row) => row.capability), ['smoke', 'contact']);
      assert.deepEqual(second, []);
    });

    it('gives what a device says of one thing in its order', async () => {
      // given
      await world.say('leak-001', { water_leak: true });
      await world.say('leak-001', { water_leak: false });
      await world.say('door-001', { contact: false });
      const [wet, ...others] = await fetch();
      assert.deepEqual([wet?.value, others.map((row) => row.capability)], [true, ['contact']]);
      // when
      const waiting = fetch({ waitMs: 8000 });
      await world.inbox.acknowledge(leaseOf(wet!), 'test');
      // then
      assert.deepEqual((await waiting).map((row) => row.value), [false]);
    });

    it('leases only the capabilities asked for', async () => {
      // given
      await world.say('door-001', { contact: false });
      await world.say('smoke-001', { smoke: true });
      // when / then
      assert.deepEqual((await fetch({ capabilities: ['contact'] })).map((row) => row.capability), ['contact']);
    });
  });

  describe('when nothing waits', () => {
    it('answers as soon as an event is committed', async () => {
      // given
      const polled = fetch({ waitMs: 8000 });
      // when
      await world.say('sos-001', { action: 'emergency' });
      // then
      assert.equal((await polled).length, 1);
    });

    it('answers with nothing when the caller goes away', async () => {
      // given
      const controller = new AbortController();
      const polled = fetch({ waitMs: 8000, signal: controller.signal });
      // when
      controller.abort();
      // then
      assert.deepEqual(await polled, []);
    });
  });

  describe('when a lease ends without acknowledgement', () => {
    it('delivers again with a new token and refuses the old one', async () => {
      // given
      await world.say('door-001', { contact: false });
      const [first] = await fetch();
      world.store.clock.shift(5001);
      // when
      const [second] = await fetch();
      // then
      assert.equal(second!.id, first!.id);
      assert.equal(second!.tries, 2);
      await assert.rejects(world.inbox.acknowledge(leaseOf(first!), 'flow'), { code: 'LEASE_LOST' });
      await world.inbox.acknowledge(leaseOf(second!), 'flow');
      assert.equal((await reload(second!)).status, 'done');
    });

    it('delivers at once what a worker held that is gone', async () => {
      // given
      await world.say('door-001', { contact: false });
      await fetch({ workerId: 'node-red:abc:events' });
      // when / then
      assert.equal(await world.inbox.release('node-red:ab_'), 0);
      assert.equal(await world.inbox.release('node-red:abc'), 1);
      assert.equal((await fetch()).length, 1);
    });

    it('gives up after five deliveries', async () => {
      // given
      await world.say('door-001', { contact: false });
      const delivered = [];
      for (let round = 0; round < 7; round++) {
        delivered.push(...(await fetch()));
        world.store.clock.shift(5001);
      }
      // then
      assert.equal(delivered.length, 5);
      assert.equal((await reload(delivered[0]!)).status, 'dead');
    });
  });

  describe('when the flow fails', () => {
    it('delivers again after a pause', async () => {
      // given
      await world.say('door-001', { contact: false });
      const [row] = await fetch();
      // when
      await world.inbox.fail(leaseOf(row!), 'the flow said no');
      // then
      assert.deepEqual(await fetch(), []);
      world.store.clock.shift(1000);
      assert.equal((await fetch()).length, 1);
      assert.equal((await reload(row!)).error, 'the flow said no');
    });
  });

  describe('when an acknowledgement is repeated', () => {
    it('says yes again', async () => {
      // given
      await world.say('door-001', { contact: false });
      const [row] = await fetch();
      await world.inbox.acknowledge(leaseOf(row!), 'flow');
      // when / then
      await world.inbox.acknowledge(leaseOf(row!), 'flow');
      assert.equal((await reload(row!)).handledBy, 'flow');
    });
  });

  describe('when a process is started from an event', () => {
    it('starts it once, whatever is repeated, in the district of the device', async () => {
      // given
      await world.say('door-001', { contact: false });
      const [row] = await fetch();
      const input = { processKey: 'proactive_care', businessKey: null, variables: {}, actor: { id: 'node-red', kind: 'client' as const } };
      // when
      const first = await world.inbox.start(leaseOf(row!), input);
      const second = await world.inbox.start(leaseOf(row!), input);
      // then
      assert.deepEqual(second, first);
      assert.deepEqual(world.started.map((start) => [start.definition, start.tenant, start.area]), [[{ key: 'proactive_care' }, '120103', '120103/120103008']]);
    });
  });

  describe('when a caller of another district names an event', () => {
    it('finds none', async () => {
      // given
      await world.say('door-001', { contact: false });
      const [row] = await fetch();
      // when / then
      await assert.rejects(world.inbox.acknowledge({ ...leaseOf(row!), tenants: ['120104'] }, 'flow'), { code: 'NOT_FOUND' });
      assert.deepEqual(await fetch({ tenants: ['120104'] }), []);
    });
  });
});
