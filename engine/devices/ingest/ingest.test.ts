import { strict as assert } from 'node:assert';
import { listInbox, type InboxRow, type InboxStatus } from '#engine/store/inbox-store.ts';
import { DISTRICT, openDeviceWorld, type DeviceWorld } from '#test/support/device-world.ts';
import { dialects } from '#test/support/dialects.ts';
import { replayInbox } from './replay.ts';

for (const dialect of dialects()) dialect.describe('ingest of device messages', () => {
  let world: DeviceWorld;
  beforeEach(async () => void (world = await openDeviceWorld({ store: await dialect.open() })));
  afterEach(() => world.close());

  const rows = async (status: InboxStatus = 'new'): Promise<InboxRow[]> =>
    (await world.store.query(listInbox({ tenant: DISTRICT, areas: [DISTRICT], status, beforeId: null, limit: 100 }))).reverse();
  const brief = (row: InboxRow): unknown[] => [row.deviceCode, row.capability, row.value, row.edge, row.lifeSafety];

  describe('when a door opens and closes', () => {
    it('stores one event per change, bound to the elder', async () => {
      // when
      await world.say('door-001', { contact: true, battery: 98, linkquality: 120 });
      await world.say('door-001', { contact: false, battery: 98, linkquality: 118 });
      await world.say('door-001', { contact: true, battery: 97, linkquality: 118 });
      // then
      assert.deepEqual((await rows()).map(brief), [
        ['DOOR-001', 'contact', true, 'none', false],
        ['DOOR-001', 'contact', false, 'rise', false],
        ['DOOR-001', 'contact', true, 'fall', false],
      ]);
      assert.equal((await rows())[1]!.elderId, 'E001');
      assert.deepEqual((await rows())[1]!.previous, true);
    });
  });

  describe('when a report repeats a quiet state', () => {
    it('stores no event', async () => {
      // given
      await world.say('smoke-001', { smoke: false, battery: 100 });
      // when
      await world.say('smoke-001', { smoke: false, battery: 99 });
      // then
      assert.equal((await rows()).length, 1);
    });
  });

  describe('when the gateway comes online and replays its cache', () => {
    it('does not take known smoke for a new alarm', async () => {
      // given
      await world.say('smoke-001', { smoke: true });
      // when
      await world.say('bridge/state', { state: 'online' });
      await world.say('smoke-001', { smoke: true });
      // then
      assert.deepEqual((await rows()).map(brief), [['SMOKE-001', 'smoke', true, 'rise', true]]);
    });

    it('takes the first state of an unknown device as a snapshot', async () => {
      // when
      await world.say('bridge/state', { state: 'online' });
      await world.say('smoke-001', { smoke: true });
      await world.say('leak-001', { water_leak: true });
      // then
      assert.deepEqual(
        (await rows()).map((row) => [row.capability, row.snapshot, row.edge, row.lifeSafety]),
        [
          ['smoke', true, 'none', false],
          ['water_leak', true, 'none', false],
        ],
      );
    });

    it('takes smoke that began while nobody listened for an alarm', async () => {
      // given
      await world.say('smoke-001', { smoke: false });
      // when
      await world.say('bridge/state', 'online');
      await world.say('smoke-001', { smoke: true });
      // then
      assert.deepEqual((await rows()).map(brief).at(-1), ['SMOKE-001', 'smoke', true, 'rise', true]);
    });

    it('takes what comes after the snapshot as an event', async () => {
      // given
      await world.say('bridge/state', { state: 'online' });
      await world.say('door-001', { contact: true });
      // when
      await world.say('door-001', { contact: false });
      // then
      assert.deepEqual((await rows()).map((row) => [row.value, row.snapshot, row.edge]), [
        [true, true, 'none'],
        [false, false, 'rise'],
      ]);
    });
  });

  describe('when a packet is sent again', () => {
    it('drops the copy that says so', async () => {
      // given
      await world.say('sos-001', { action: 'emergency' }, { packetId: 9 });
      // when
      await world.say('sos-001', { action: 'emergency' }, { packetId: 9, dup: true });
      // then
      assert.equal((await rows()).length, 1);
      assert.equal(world.metrics.duplicates, 1);
    });

    it('takes an equal message with another packet id as a second press', async () => {
      // when
      await world.say('sos-001', { action: 'emergency' });
      await world.say('sos-001', { action: 'emergency' });
      // then
      assert.equal((await rows()).length, 2);
    });

    it('takes a copy after ten minutes as news', async () => {
      // given
      await world.say('sos-001', { action: 'emergency' }, { packetId: 9 });
      world.store.clock.shift(10 * 60_000 + 1);
      // when
      await world.say('sos-001', { action: 'emergency' }, { packetId: 9, dup: true });
      // then
      assert.equal((await rows()).length, 2);
    });

    it('knows by the device time that it is the same press, without DUP', async () => {
      // given
      const last_seen = new Date(world.store.clock.now()).toISOString();
      // when
      await world.say('sos-001', { action: 'emergency', last_seen });
      await world.say('sos-001', { action: 'emergency', last_seen });
      // then
      assert.equal((await rows()).length, 1);
    });
  });

  describe('when the message cannot be understood', () => {
    it('keeps malformed JSON, unknown devices and oversized payloads for a person', async () => {
      // when
      await world.say('smoke-001', '{"smoke":tru');
      await world.say('nobody-042', { contact: false });
      await world.say('smoke-001', { smoke: true, padding: 'x'.repeat(70_000) });
      // then
      assert.deepEqual(
        (await rows('quarantined')).map((row) => [row.deviceCode, row.error]),
        [
          ['SMOKE-001', 'malformed'],
          ['nobody-042', 'unknown-device'],
          ['SMOKE-001', 'oversized'],
        ],
      );
      assert.deepEqual([world.metrics.malformed, world.metrics.unknownDevice, world.metrics.oversized], [1, 1, 1]);
      assert.equal((await rows()).length, 0);
    });

    it('gives it to its device by replay, once that is registered', async () => {
      // given
      await world.say('new-door', { contact: false });
      const [quarantined] = await rows('quarantined');
      const context = { store: world.store, metrics: world.metrics, wake: world.waiters.wake };
      await assert.rejects(replayInbox(context, quarantined!.id, { tenant: DISTRICT, areas: [DISTRICT] }), { code: 'NOTHING_TO_REPLAY' });
      const { upsertDevice } = await import('#engine/store/device-store.ts');
      await world.store.batcher.run({ key: null, name: 'register' }, (writes) =>
        upsertDevice(writes, world.store.ids, world.store.clock.now(), {
          tenant: DISTRICT, area: DISTRICT, code: 'NEW-DOOR', name: '新门磁', profile: 'door', gatewayId: world.gateway.id, address: 'new-door',
        }),
      );
      // when
      const { events } = await replayInbox(context, quarantined!.id, { tenant: DISTRICT, areas: [DISTRICT] });
      // then
      assert.equal(events, 1);
      assert.deepEqual((await rows()).map(brief), [['NEW-DOOR', 'contact', false, 'rise', false]]);
      assert.equal((await rows('quarantined')).length, 0);
    });
  });

  describe('when messages of a device arrive out of order', () => {
    it('keeps the later state', async () => {
      // given
      const at = world.store.clock.now();
      await world.say('door-001', { contact: true, last_seen: at });
      // when
      await world.say('door-001', { contact: false, last_seen: at - 5000 });
      await world.say('door-001', { contact: true, last_seen: at + 1000 });
      // then
      assert.equal((await rows()).length, 1);
    });
  });
});
