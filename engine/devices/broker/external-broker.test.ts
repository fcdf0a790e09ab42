import { strict as assert } from 'node:assert';
import mqtt from 'mqtt';
import { pino } from 'pino';
import { listInbox, type InboxRow } from '#engine/store/inbox-store.ts';
import { DISTRICT, openDeviceWorld, type DeviceWorld } from '#test/support/device-world.ts';
import { startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts';
import type { DeviceMessage } from '../ingest/message.ts';
import { startExternalBroker, type ExternalBroker } from './external-broker.ts';

describe('external broker', () => {
  let mosquitto: Mosquitto | null = null;
  let world: DeviceWorld;
  let accept: (message: DeviceMessage) => Promise<void>;
  let reader: ExternalBroker | null = null;

  before(async function () {
    mosquitto = await startMosquitto();
    if (!mosquitto) this.skip();
  });
  after(() => mosquitto?.close());
  beforeEach(async () => {
    world = await openDeviceWorld();
    accept = world.ingest.accept.bind(world.ingest);
  });
  afterEach(async () => {
    await reader?.close();
    reader = null;
    await world.close();
  });

  function start(clientId: string): Promise<void> {
    const ingest = { accept: (message: DeviceMessage) => accept(message) };
    reader = startExternalBroker({ store: world.store, ingest, metrics: world.metrics, log: pino({ level: 'silent' }) }, { url: mosquitto!.url, clientId });
    return reader.ready;
  }
  async function publish(topic: string, payload: unknown, retain = false): Promise<void> {
    const client = await mqtt.connectAsync(mosquitto!.url);
    await client.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain });
    await client.endAsync();
  }
  const stored = (): Promise<InboxRow[]> => world.store.query(listInbox({ tenant: DISTRICT, areas: [DISTRICT], status: null, beforeId: null, limit: 100 }));
  /** Resolves when the next message has been taken. */
  function nextStored(): Promise<void> {
    const done = Promise.withResolvers<void>();
    const storeNow = accept;
    accept = (message) => storeNow(message).then(() => void setImmediate(done.resolve));
    return done.promise;
  }

  describe('when a message comes while the engine is away', () => {
    it('is delivered when it is back', async () => {
      // given
      await start('away');
      await reader!.close();
      await publish('zigbee2mqtt/sos-001', { action: 'emergency' });
      // when
      const taken = nextStored();
      await start('away');
      await taken;
      // then
      assert.deepEqual((await stored()).map((row) => [row.deviceCode, row.capability]), [['SOS-001', 'sos']]);
    });
  });

  describe('when the database does not take a message', () => {
    it('is not acknowledged, so that the broker sends it again', async () => {
      // given
      const storeNow = accept;
      let refusals = 0;
      const again = Promise.withResolvers<boolean>();
      accept = async (message) => {
        if (refusals++ === 0) throw new Error('database is down');
        await storeNow(message);
        again.resolve(message.dup);
      };
      await start('down');
      // when
      await publish('zigbee2mqtt/sos-001', { action: 'emergency' });
      // then
      assert.equal(await again.promise, true);
      assert.equal((await stored()).length, 1);
    });
  });

  describe('when the broker holds a retained state', () => {
    it('is a snapshot, not an event', async () => {
      // given
      await publish('zigbee2mqtt/leak-001', { water_leak: true }, true);
      // when
      const taken = nextStored();
      await start('retained');
      await taken;
      await publish('zigbee2mqtt/leak-001', '', true);
      // then
      const [row] = (await stored()).filter(({ capability }) => capability === 'water_leak');
      assert.deepEqual([row!.snapshot, row!.edge], [true, 'none']);
    });
  });
});
