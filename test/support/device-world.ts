import { pino } from 'pino';
import { createAlerts, type Alerts } from '#engine/devices/alerts/alerts.ts';
import type { Surroundings } from '#engine/devices/alerts/surroundings.ts';
import type { AlertChange, AlertContext } from '#engine/devices/alerts/alert-context.ts';
import { createInbox, type Inbox } from '#engine/devices/inbox.ts';
import { createIngest, type Ingest } from '#engine/devices/ingest/ingest.ts';
import type { DeviceMessage } from '#engine/devices/ingest/message.ts';
import { createDeviceMetrics, type DeviceMetrics } from '#engine/devices/metrics.ts';
import { createWaiters, type Waiters } from '#engine/devices/waiters.ts';
import { notFound } from '#engine/errors.ts';
import type { RuntimeService, StartInput } from '#engine/services/contract.ts';
import { upsertDevice, upsertGateway } from '#engine/store/device-store.ts';
import { saveArea } from '#engine/store/area-store.ts';
import { gatewayByAccount, type Gateway } from '#engine/store/gateway-store.ts';
import { openStore, type Store } from '#engine/store/open-store.ts';
import { temporaryFolder } from './dialects.ts';

export const DISTRICT = '120103';
export const STREET = '120103/120103008';

/** A district with one gateway and the six demo devices on a fresh SQLite file; processes are recorded, not run. */
export interface DeviceWorld {
  store: Store;
  gateway: Gateway;
  metrics: DeviceMetrics;
  waiters: Waiters;
  ingest: Ingest;
  inbox: Inbox;
  alerts: Alerts;
  context: AlertContext;
  started: StartInput[];
  correlated: { message: string; processInstanceId?: number | null | undefined }[];
  published: AlertChange[];
  /** Publishes as the gateway would, with QoS 1 and a new packet id. */
  say(address: string, payload: unknown, changes?: Partial<DeviceMessage>): Promise<void>;
  close(): Promise<void>;
}

export async function openDeviceWorld(options: { processMissing?: boolean; passwordHash?: string; store?: Store } = {}): Promise<DeviceWorld> {
  const log = pino({ level: 'silent' });
  const store = options.store ?? (await openStore({ url: `sqlite:${temporaryFolder()}/songbai.sqlite`, nodeId: 'test', log }));
  const gateway = await seedDevices(store, options.passwordHash ?? 'no hash');
  const metrics = createDeviceMetrics();
  const waiters = createWaiters();
  const started: StartInput[] = [];
  const correlated: DeviceWorld['correlated'] = [];
  const published: AlertChange[] = [];
  const runtime: Pick<RuntimeService, 'startWork' | 'correlateWork'> = {
    *startWork(writes, input) {
      if (options.processMissing) throw notFound('process', 'alert_response');
      const id = store.ids.next();
      writes.afterCommit(() => void started.push(input));
      return { id, definitionId: 1, definitionKey: 'alert_response', businessKey: input.businessKey, tenant: input.tenant, ended: false, variables: input.variables };
    },
    *correlateWork(writes, input) {
      writes.afterCommit(() => void correlated.push(input));
      return [{ kind: 'correlated', instanceId: input.processInstanceId ?? 77, elementInstance: 1, variables: {} }];
    },
  };
  const context: AlertContext = { store, runtime, log, publish: (change) => void published.push(change), surroundings: SURROUNDINGS, handled: waiters.wake };
  const ingest = createIngest({ store, metrics, wake: waiters.wake });
  let packetId = 0;
  return {
    store,
    gateway,
    metrics,
    waiters,
    ingest,
    inbox: createInbox({ store, runtime, waiters }),
    alerts: createAlerts(context),
    context,
    started,
    correlated,
    published,
    async say(address, payload, changes = {}) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const usual = { clientId: 'z2m', packetId: ++packetId, dup: false, retained: false, topic: `${gateway.baseTopic}/${address}` };
      const current = (await store.query(gatewayByAccount(gateway.account)))!;
      await ingest.accept({ gateway: current, ...usual, payload: Buffer.from(text), ...changes });
    },
    close: () => store.close(),
  };
}

/** Every id that begins with E is an elder of the street. */
export const SURROUNDINGS: Surroundings = {
  *elder(_tenant, elderId) {
    if (!elderId.startsWith('E')) return null;
    return {
      elderId,
      elderName: '王秀兰',
      elderPhone: '13800001234',
      address: '天塔街道某里3号楼201',
      area: STREET,
      livingAlone: true,
      abilityLevel: 2,
      tags: ['独居'],
      contacts: [{ name: '李强', relation: '儿子', phone: '13900005678' }],
    };
  },
};

const DEVICES = [
  { address: 'door-001', profile: 'door', elderId: 'E001', location: '入户门' },
  { address: 'motion-001', profile: 'motion', elderId: 'E001', location: '客厅' },
  { address: 'smoke-001', profile: 'smoke', elderId: 'E001', location: '厨房' },
  { address: 'leak-001', profile: 'leak', elderId: 'E001', location: '卫生间' },
  { address: 'fall-001', profile: 'fall', elderId: 'E001', location: '卧室' },
  { address: 'sos-001', profile: 'sos', elderId: 'E001', location: '床头' },
  { address: 'sos-unbound', profile: 'sos', elderId: null, location: '活动室' },
];

export async function seedDevices(store: Store, passwordHash = 'no hash'): Promise<Gateway> {
  const now = store.clock.now();
  const gatewayId = await store.batcher.run({ key: null, name: 'seed' }, (writes) =>
    upsertGateway(writes, store.ids, now, {
      tenant: DISTRICT,
      area: STREET,
      name: '示范网关',
      account: 'gateway-demo',
      passwordHash,
      baseTopic: 'zigbee2mqtt',
    }),
  );
  await store.batcher.run({ key: null, name: 'seed' }, function* (writes) {
    saveArea(writes, { tenant: DISTRICT, code: '120103008', parent: DISTRICT, path: STREET, name: '天塔街道', level: 2 });
    for (const device of DEVICES)
      yield* upsertDevice(writes, store.ids, now, { tenant: DISTRICT, area: STREET, code: device.address.toUpperCase(), name: device.address, gatewayId, ...device });
  });
  return (await store.query(gatewayByAccount('gateway-demo')))!;
}
