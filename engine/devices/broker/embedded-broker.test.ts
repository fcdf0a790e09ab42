import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { promisify } from 'node:util';
import { hash } from '@node-rs/argon2';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { upsertGateway } from '#engine/store/device-store.ts';
import { listInbox, type InboxRow } from '#engine/store/inbox-store.ts';
import { DISTRICT, openDeviceWorld, STREET, type DeviceWorld } from '#test/support/device-world.ts';
import type { DeviceMessage } from '../ingest/message.ts';
import { isCommandTopic, startEmbeddedBroker, type Broker } from './embedded-broker.ts';
import { createFrameGuard, MAX_PACKET } from './frame-guard.ts';

const PASSWORD = 'songbai-demo';
const TOPIC = 'zigbee2mqtt/sos-001';
const SOS = JSON.stringify({ action: 'emergency' });

describe('embedded broker', () => {
  let passwordHash: string;
  let world: DeviceWorld;
  let broker: Broker;
  let accept: (message: DeviceMessage) => Promise<void>;
  const clients: MqttClient[] = [];

  before(async () => void (passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })));
  beforeEach(async () => {
    world = await openDeviceWorld({ passwordHash });
    accept = world.ingest.accept.bind(world.ingest);
    const ingest = { accept: (message: DeviceMessage) => accept(message) };
    broker = await startEmbeddedBroker({ store: world.store, ingest, metrics: world.metrics, log: pino({ level: 'silent' }) }, { host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await broker.close();
    await world.close();
  });

  function connect(changes: IClientOptions = {}): MqttClient {
    const options = { username: 'gateway-demo', password: PASSWORD, reconnectPeriod: 0, connectTimeout: 3000, ...changes };
    const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, options);
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }
  async function connected(changes: IClientOptions = {}): Promise<MqttClient> {
    const client = connect(changes);
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
    return client;
  }
  const nextError = (client: MqttClient): Promise<Error & { code?: number | string }> => new Promise((resolve) => client.once('error', resolve));
  const closed = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', resolve));
  const nextTopic = (client: MqttClient): Promise<string> => new Promise((resolve) => client.once('message', (topic) => resolve(topic)));
  const stored = (): Promise<InboxRow[]> => world.store.query(listInbox({ tenant: DISTRICT, areas: [DISTRICT], status: null, beforeId: null, limit: 100 }));

  describe('when a gateway publishes with QoS 1', () => {
    it('acknowledges only after the event is committed', async () => {
      // given
      const arrived = Promise.withResolvers<void>();
      const mayStore = Promise.withResolvers<void>();
      const storeNow = accept;
      accept = async (message) => {
        arrived.resolve();
        await mayStore.promise;
        await storeNow(message);
      };
      const client = await connected();
      let isAcknowledged = false;
      // when
      const published = client.publishAsync(TOPIC, SOS, { qos: 1 }).then(() => void (isAcknowledged = true));
      await arrived.promise;
      // A ping answered after the publish arrived would come after a PUBACK that was sent too early.
      const pong = new Promise((resolve) => client.once('packetreceive', resolve));
      client.sendPing();
      await pong;
      assert.equal(isAcknowledged, false);
      mayStore.resolve();
      await published;
      // then
      assert.deepEqual((await stored()).map((row) => [row.deviceCode, row.capability, row.value]), [['SOS-001', 'sos', 'emergency']]);
    });

    it('takes what mosquitto_pub sends', async () => {
      // when
      const args = ['-h', '127.0.0.1', '-p', String(broker.port), '-u', 'gateway-demo', '-P', PASSWORD, '-q', '1', '-t', TOPIC, '-m', SOS];
      await promisify(execFile)('mosquitto_pub', args);
      // then
      assert.equal((await stored()).length, 1);
    });
  });

  describe('when the database does not take the event', () => {
    it('closes the connection without acknowledging, and takes it when it is sent again', async () => {
      // given
      let isDown = true;
      const storeNow = accept;
      accept = (message) => (isDown ? Promise.reject(new Error('database is down')) : storeNow(message));
      const client = await connected({ clientId: 'z2m', clean: false, reconnectPeriod: 20 });
      const dropped = closed(client).then(() => void (isDown = false));
      // when
      await client.publishAsync(TOPIC, SOS, { qos: 1 });
      // then
      await dropped;
      assert.equal((await stored()).length, 1);
      assert.equal(world.metrics.storeFailures, 1);
    });
  });

  describe('when the login is wrong', () => {
    for (const [situation, options] of [
      ['password', { password: 'guess' }],
      ['account', { username: '#' }],
      ['anonymous', { username: '', password: '' }],
    ] as const) {
      it(`refuses the ${situation}`, async () => {
        const client = connect(options);
        const error = await nextError(client);
        assert.equal(error.code, 4);
      });
    }
  });

  describe('when a gateway publishes outside its base topic', () => {
    for (const topic of ['other/sos-001', 'zigbee2mqtt', 'zigbee2mqtt2/sos-001', '$SYS/broker/uptime']) {
      it(`stores nothing of ${topic} and closes the connection`, async () => {
        // given
        const client = await connected();
        // when
        client.publish(topic, SOS, { qos: 1 });
        await closed(client);
        // then
        assert.deepEqual(await stored(), []);
        assert.equal(world.metrics.refused, 1);
      });
    }
  });

  describe('when a second account is there', () => {
    beforeEach(() =>
      world.store.batcher.run({ key: null, name: 'seed' }, (writes) =>
        upsertGateway(writes, world.store.ids, world.store.clock.now(), {
          tenant: DISTRICT, area: STREET, name: '邻居', account: 'gateway-other', passwordHash, baseTopic: 'other',
        }),
      ),
    );

    it('does not hand over a connection to a foreign account with the same client id', async () => {
      // given
      const victim = await connected({ clientId: 'z2m' });
      // when
      const error = await nextError(connect({ clientId: 'z2m', username: 'gateway-other' }));
      // then
      assert.equal(error.code, 2);
      await victim.publishAsync(TOPIC, SOS, { qos: 1 });
      assert.equal((await stored()).length, 1);
    });

    it('delivers commands to the gateway they are for, and nothing else to anyone', async () => {
      // given
      const spy = await connected({ username: 'gateway-other' });
      const owner = await connected();
      const heard: string[] = [];
      spy.on('message', (topic) => void heard.push(`spy ${topic}`));
      owner.on('message', (topic) => void heard.push(`owner ${topic}`));
      for (const filter of ['#', '+/+/set', 'zigbee2mqtt/#', '$share/a/zigbee2mqtt/#', 'other/#']) await spy.subscribeAsync(filter).catch(() => undefined);
      await owner.subscribeAsync('zigbee2mqtt/#', { qos: 1 });
      // when
      await owner.publishAsync('zigbee2mqtt/door-001', '{"contact":false}', { qos: 1, retain: true });
      const command = nextTopic(owner);
      const mine = nextTopic(spy);
      await broker.send('zigbee2mqtt/siren-001/set', '{"alarm":"ON"}');
      await broker.send('other/siren-002/set', '{"alarm":"ON"}');
      await Promise.all([command, mine]);
      // then
      assert.deepEqual(heard.sort(), ['owner zigbee2mqtt/siren-001/set', 'spy other/siren-002/set']);
    });
  });

  describe('when the connection is cut', () => {
    it('stores the will: the gateway is offline', async () => {
      // given
      const client = await connected({ will: { topic: 'zigbee2mqtt/bridge/state', payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true } });
      await client.publishAsync('zigbee2mqtt/bridge/state', '{"state":"online"}', { qos: 1, retain: true });
      const willStored = Promise.withResolvers<void>();
      const storeNow = accept;
      accept = (message) => storeNow(message).then(() => willStored.resolve());
      // when
      client.stream.destroy();
      await willStored.promise;
      // then
      const [row] = await world.store.read('SELECT online FROM gateway WHERE account = ?', ['gateway-demo']);
      assert.equal(row!['online'], 0);
    });
  });

  describe('when a packet announces more than the limit', () => {
    it('closes the connection before it has come', async () => {
      // given
      const socket = connectSocket(broker.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      // when
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1]));
      await once(socket, 'close');
      // then
      assert.equal(world.metrics.refused, 1);
    });
  });
});

describe('frame guard', () => {
  it('follows packets however the bytes are cut', () => {
    // given
    const guard = createFrameGuard(300);
    const packet = Buffer.concat([Buffer.from([0x30, 0xac, 0x02]), Buffer.alloc(300, 0xff)]);
    const twice = Buffer.concat([packet, packet, Buffer.from([0xc0, 0x00])]);
    // when / then
    for (const byte of twice) assert.equal(guard(Buffer.from([byte])), true);
    assert.equal(guard(Buffer.from([0x30, 0xad])), true);
    assert.equal(guard(Buffer.from([0x02])), false);
  });
  it('lets a gateway describe its devices', () => assert.equal(createFrameGuard(MAX_PACKET)(Buffer.from([0x30, 0x80, 0x80, 0x40])), true));
});

describe('isCommandTopic', () => {
  for (const topic of ['z/door/set', 'z/a/b/set', 'z/door/set/state', 'z/door/get', 'z/bridge/request/permit_join'])
    it(`gives ${topic}`, () => assert.equal(isCommandTopic('z', topic), true));
  for (const topic of ['z/door', 'z/bridge/state', 'zz/door/set', 'z', 'z/bridge/set', 'z/door/settings'])
    it(`keeps ${topic}`, () => assert.equal(isCommandTopic('z', topic), false));
});
