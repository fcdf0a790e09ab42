import { strict as assert } from 'node:assert';
import { createDevices, type Devices } from '#engine/devices/devices.ts';
import type { Gateway } from '#engine/store/gateway-store.ts';
import { insertRecord } from '#engine/store/register-store.ts';
import { seedDevices, SURROUNDINGS } from '#test/support/device-world.ts';
import { createTestApp, DISTRICT, json, STREET, type TestApp } from '#test/support/test-app.ts';
import { allDeviceRoutes } from './all-device-routes.ts';

interface WireEvent {
  id: string;
  leaseToken: string;
  capability: string;
  value: unknown;
  edge: string;
  deviceCode: string;
}
interface WireAlert {
  id: string;
  kind: string;
  level: number;
  count: number;
  spokenText: string;
}

describe('device API', () => {
  let app: TestApp;
  let devices: Devices;
  let gateway: Gateway;
  let token: string;
  let packetId = 0;

  beforeEach(async () => {
    const accounts = [
      { username: 'integrator', roles: ['integrator' as const], areas: [DISTRICT] },
      { username: 'neighbour', roles: ['dispatcher' as const], areas: ['120103/120103009'] },
      { username: 'street', roles: ['integrator' as const], areas: [STREET] },
      { username: 'provider', roles: ['provider' as const], areas: [STREET] },
    ];
    // The routes are made before the store is open: they reach the devices through here.
    const late = { get inbox() { return devices.inbox; }, get alerts() { return devices.alerts; }, replay: (...args: Parameters<Devices['replay']>) => devices.replay(...args) } as Devices;
    const lateStore = { clock: { now: () => app.context.store.clock.now() }, query: (work: never) => app.context.store.query(work) };
    app = await createTestApp({ accounts, context: { extraRoutes: allDeviceRoutes({ devices: late, store: lateStore as never }) } });
    const { store, log } = app.context;
    const runtime = {
      *startWork(_writes: unknown, input: { businessKey: string | null; tenant: string }) {
        return { id: store.ids.next(), definitionId: 1, definitionKey: 'k', businessKey: input.businessKey, tenant: input.tenant, ended: false, variables: {} };
      },
      *correlateWork() {
        return [{ kind: 'correlated' as const, instanceId: 5, elementInstance: 1, variables: {} }];
      },
    };
    devices = createDevices({ store, runtime, surroundings: SURROUNDINGS, publish: () => undefined, dataDir: '/nowhere', log });
    gateway = await seedDevices(store);
    token = await app.identity.clients.createBearer({ id: 'node-red', name: 'Flows', tenant: '', areas: [], scopes: ['device-events'] });
  });
  afterEach(() => app.close());

  const asFlow = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> => {
    const init = json(body);
    return app.fetch(path, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}`, ...headers } });
  };
  const say = (address: string, payload: unknown): Promise<void> =>
    devices.ingest.accept({ gateway, clientId: 'z2m', packetId: ++packetId, dup: false, retained: false, topic: `zigbee2mqtt/${address}`, payload: Buffer.from(JSON.stringify(payload)) });
  const fetchEvents = async (): Promise<WireEvent[]> => (await asFlow('/api/device-events/fetch', { workerId: 'f', max: 10, leaseMs: 30_000 })).json() as Promise<WireEvent[]>;
  const leaseOf = ({ id, leaseToken }: WireEvent): { eventId: string; leaseToken: string } => ({ eventId: id, leaseToken });

  describe('when a flow raises an alert from a leased event', () => {
    it('answers 201 once, and shows the alert to the street only', async () => {
      // given
      await say('sos-001', { action: 'emergency' });
      const [event] = await fetchEvents();
      assert.deepEqual([event!.capability, event!.edge, event!.deviceCode], ['sos', 'rise', 'SOS-001']);
      // when
      const created = await asFlow('/api/alerts', { ...leaseOf(event!), kind: 'sos' });
      const again = await asFlow('/api/alerts', { ...leaseOf(event!), kind: 'sos' });
      // then
      assert.equal(created.status, 201);
      const { alert } = (await created.json()) as { alert: WireAlert };
      assert.equal(((await again.json()) as { alert: WireAlert }).alert.id, alert.id);
      const mine = (await (await app.asUser('/api/alerts?status=active')).json()) as { items: WireAlert[] };
      assert.deepEqual(mine.items.map((item) => [item.id, item.kind, item.level, item.count]), [[alert.id, 'sos', 1, 1]]);
      const others = (await (await app.asUser('/api/alerts', {}, 'neighbour')).json()) as { items: WireAlert[] };
      assert.deepEqual(others.items, []);
      assert.deepEqual(await fetchEvents(), []);
    });
  });

  describe('when a flow has no lease but an idempotency key', () => {
    it('counts once', async () => {
      // given
      const body = { kind: 'no_activity', deviceCode: 'MOTION-001', tenant: DISTRICT };
      const key = { 'idempotency-key': 'motion-001 2026-11-22' };
      // when
      const first = (await (await asFlow('/api/alerts', body, key)).json()) as { outcome: string; alert: WireAlert };
      const second = (await (await asFlow('/api/alerts', body, key)).json()) as { outcome: string; alert: WireAlert };
      // then
      assert.deepEqual([first.outcome, second.alert.count, second.alert.level], ['created', 1, 2]);
    });
  });

  describe('when an event is acknowledged, failed or handed to a process', () => {
    it('answers as the table of the API says', async () => {
      // given
      await say('door-001', { contact: false });
      await say('motion-001', { occupancy: true });
      await say('leak-001', { water_leak: true });
      await say('smoke-001', { smoke: true });
      const [first, second, third, fourth] = await fetchEvents();
      const call = (event: WireEvent, verb: string, body: object): Promise<Response> =>
        asFlow(`/api/device-events/${event.id}/${verb}`, { leaseToken: event.leaseToken, ...body });
      // when / then
      assert.equal((await call(first!, 'ack', {})).status, 204);
      assert.equal((await call(second!, 'fail', { error: 'no' })).status, 200);
      const started = await call(third!, 'start', { processKey: 'proactive_care', variables: { reason: '夜间开门' } });
      assert.equal(started.status, 201);
      assert.match(((await started.json()) as { instanceId: string }).instanceId, /^\d+$/);
      assert.equal((await call(fourth!, 'correlate', { message: 'door.closed' })).status, 200);
    });

    it('answers 409 to a lease that is not the caller’s and 404 to an event that is not there', async () => {
      // given
      await say('door-001', { contact: false });
      const [event] = await fetchEvents();
      // when / then
      assert.equal((await asFlow(`/api/device-events/${event!.id}/ack`, { leaseToken: 'guess' })).status, 409);
      assert.equal((await asFlow('/api/device-events/99999999/ack', { leaseToken: 'guess' })).status, 404);
    });
  });

  describe('when the request is not right', () => {
    for (const [situation, body] of Object.entries({
      'a level beyond the scale': { kind: 'sos', level: 9, deviceCode: 'SOS-001', tenant: DISTRICT },
      'a lease without its token': { kind: 'sos', eventId: '1' },
      'no subject': { kind: 'sos', tenant: DISTRICT },
      'an unknown device': { kind: 'sos', deviceCode: 'NOBODY', tenant: DISTRICT },
      'an unknown elder': { kind: 'sos', elderId: 'X1', tenant: DISTRICT },
    }))
      it(`refuses ${situation}`, async () => assert.equal((await asFlow('/api/alerts', body)).status, 400));
  });

  describe('when someone without the right calls', () => {
    it('refuses people at the lease API and flows at the console’s', async () => {
      assert.equal((await app.fetch('/api/device-events/fetch', json({}))).status, 401);
      assert.equal((await app.asUser('/api/device-events/fetch', json({ workerId: 'x', max: 1, leaseMs: 1000 }))).status, 403);
      assert.equal((await asFlow('/api/inbox/1/replay', {})).status, 403);
      assert.equal((await app.asUser('/api/alerts', {}, 'provider')).status, 403);
    });

    it('refuses a dispatcher who raises for another street', async () => {
      assert.equal((await app.asUser('/api/alerts', json({ kind: 'sos', elderId: 'E001' }))).status, 201);
      assert.equal((await app.asUser('/api/alerts', json({ kind: 'fall', elderId: 'E001' }), 'neighbour')).status, 403);
    });
  });

  describe('when the integrator looks at the inbox and the devices', () => {
    it('shows quarantined messages with their text, and last values', async () => {
      // given
      await say('nobody-042', { contact: false });
      await say('door-001', { contact: false, battery: 88 });
      // when
      const inbox = (await (await app.asUser('/api/inbox?status=quarantined', {}, 'integrator')).json()) as { items: { raw: string; error: string; leaseToken?: string }[] };
      const list = (await (await app.asUser('/api/devices', {}, 'integrator')).json()) as { items: { code: string; state: object }[] };
      // then
      assert.deepEqual(inbox.items.map(({ raw, error, leaseToken }) => [raw, error, leaseToken]), [['{"contact":false}', 'unknown-device', undefined]]);
      assert.deepEqual(list.items.find(({ code }) => code === 'DOOR-001')!.state, { battery: 88, contact: false });
    });

    it('names the elder of a device, but not one who lives where the caller has no say', async () => {
      // given
      const elder = (id: number, area: string) => ({ id, tenant: DISTRICT, area, register: 'elder' as const, key: 'E001', name: '王秀兰', words: [], data: { birthDate: '1941-11-23', phone: '', tags: [], contacts: [], notes: [] } });
      const { store } = app.context;
      const namesFor = async (user: string) => ((await (await app.asUser('/api/devices', {}, user)).json()) as { items: { code: string; elderName: string | null }[] }).items;
      assert.deepEqual([...new Set((await namesFor('integrator')).map(({ elderName }) => elderName))], [null]);
      // when
      await store.batcher.run({ key: null, name: 'seed' }, function* (writes) {
        insertRecord(writes, elder(store.ids.next(), '120103/120103009'), 0);
      });
      // then
      const names = new Map((await namesFor('integrator')).map(({ code, elderName }) => [code, elderName]));
      assert.deepEqual([names.get('DOOR-001'), names.get('SOS-UNBOUND')], ['王秀兰', null]);
      assert.deepEqual([...new Set((await namesFor('street')).map(({ elderName }) => elderName))], [null]);
    });
  });
});
