import { strict as assert } from 'node:assert';
import type { InboxRow } from '#engine/store/inbox-store.ts';
import { inboxRow } from '#engine/store/inbox-store.ts';
import { DISTRICT, openDeviceWorld, STREET, type DeviceWorld } from '#test/support/device-world.ts';
import { dialects } from '#test/support/dialects.ts';
import { createWatchdog } from '../watchdog.ts';
import type { Alert } from './presenter.ts';
import type { RaiseInput } from './raise-alert.ts';

const ENGINE = { id: null, kind: 'engine' as const };

for (const dialect of dialects()) dialect.describe('alerts', () => {
  let world: DeviceWorld;
  beforeEach(async () => void (world = await openDeviceWorld({ store: await dialect.open() })));
  afterEach(() => world.close());

  const leaseOne = async (): Promise<InboxRow> =>
    (await world.inbox.fetch({ workerId: 'flow', max: 1, leaseMs: 60_000, waitMs: 0, capabilities: [], tenants: [] }))[0]!;
  const from = (row: InboxRow): RaiseInput => ({
    lease: { id: row.id, leaseToken: row.leaseToken!, tenants: [] },
    tenant: row.tenant, kind: row.capability, at: row.receivedAt, value: row.value, actor: ENGINE,
  });
  const press = async (): Promise<InboxRow> => {
    await world.say('sos-001', { action: 'emergency' });
    return leaseOne();
  };
  const active = (): Promise<Alert[]> => world.alerts.list({ tenant: DISTRICT, areas: [STREET], activeOnly: true, beforeId: null, limit: 10 }, 'zh-CN');
  const raisedIn = async (street: string): Promise<number> =>
    (await world.alerts.list({ tenant: DISTRICT, areas: [street], activeOnly: true, beforeId: null, limit: 10 }, 'en')).length;

  describe('when an SOS is raised', () => {
    it('makes the alert, starts its process and acknowledges the event', async () => {
      // given
      const row = await press();
      // when
      const { alert, outcome } = await world.alerts.raise(from(row), 'zh-CN');
      // then
      assert.equal(outcome, 'created');
      assert.deepEqual([alert!.kind, alert!.level, alert!.status, alert!.count, alert!.subject], ['sos', 1, 'active', 1, 'elder:E001']);
      assert.equal(alert!.spokenText, '紧急。紧急呼叫：王秀兰，天塔街道某里3号楼201，床头。');
      assert.equal(alert!.elder!.phone, '138****1234');
      assert.equal(world.started.length, 1);
      assert.match(world.started[0]!.businessKey!, /^120103-YJ-\d{8}-\d{5,}$/);
      assert.equal(world.started[0]!.variables['elderName']!.value, '王秀兰');
      assert.equal((await world.store.query(inboxRow(row.id)))!.status, 'done');
    });

    it('speaks English to those who read English', async () => {
      const { alert } = await world.alerts.raise(from(await press()), 'en');
      assert.equal(alert!.spokenText, 'Emergency. SOS call: 王秀兰, 天塔街道某里3号楼201, 床头.');
    });

    it('is seen in its street and not in another', async () => {
      // when
      await world.alerts.raise(from(await press()), 'zh-CN');
      // then
      assert.deepEqual([await raisedIn(STREET), await raisedIn('120103'), await raisedIn('120103/120103009'), await raisedIn('120103/12010300')], [1, 1, 0, 0]);
    });
  });

  describe('when the same call is repeated after a lost answer', () => {
    it('answers the same and counts once', async () => {
      // given
      const row = await press();
      const first = await world.alerts.raise(from(row), 'zh-CN');
      // when
      const second = await world.alerts.raise(from(row), 'zh-CN');
      // then
      assert.deepEqual(second, first);
      assert.equal(world.started.length, 1);
    });
  });

  describe('when the button is pressed again while the alert is active', () => {
    it('counts on the alert and tells its process', async () => {
      // given
      await world.alerts.raise(from(await press()), 'zh-CN');
      // when
      const { alert, outcome } = await world.alerts.raise(from(await press()), 'zh-CN');
      // then
      assert.equal(outcome, 'repeated');
      assert.equal(alert!.count, 2);
      assert.equal(world.started.length, 1);
      assert.deepEqual(world.correlated.map(({ message }) => message), ['device.alert.repeated']);
    });
  });

  describe('when two raise the same kind at once', () => {
    it('makes one alert', async () => {
      // given
      const rows = [await press(), await press(), await press()];
      // when
      const results = await Promise.all(rows.map((row) => world.alerts.raise(from(row), 'zh-CN')));
      // then
      assert.deepEqual(results.map(({ outcome }) => outcome).sort(), ['created', 'repeated', 'repeated']);
      assert.deepEqual((await active()).map(({ count }) => count), [3]);
    });
  });

  describe('when the device is bound to nobody', () => {
    it('is deduplicated by the device', async () => {
      // given
      await world.say('sos-unbound', { action: 'single' });
      // when
      const { alert } = await world.alerts.raise(from(await leaseOne()), 'zh-CN');
      // then
      assert.match(alert!.subject, /^device:\d+$/);
      assert.equal(alert!.elder, null);
    });
  });

  describe('when the event is a test', () => {
    it('raises nothing and acknowledges', async () => {
      // given
      await world.say('smoke-001', { smoke: true, test: true });
      const row = await leaseOne();
      // when
      const { alert, outcome } = await world.alerts.raise(from(row), 'zh-CN');
      // then
      assert.deepEqual([alert, outcome], [null, 'test']);
      assert.equal((await world.store.query(inboxRow(row.id)))!.status, 'done');
    });
  });

  describe('when the process is missing', () => {
    it('shows the alert all the same', async () => {
      // given
      await world.close();
      world = await openDeviceWorld({ store: await dialect.open(), processMissing: true });
      // when
      const { alert, outcome } = await world.alerts.raise(from(await press()), 'zh-CN');
      // then
      assert.deepEqual([outcome, alert!.instanceId], ['created', null]);
      assert.equal((await active()).length, 1);
    });
  });

  describe('when the sensor is quiet again', () => {
    it('leaves a level 1 alert to a person', async () => {
      // given
      await world.alerts.raise(from(await press()), 'zh-CN');
      // when
      const { outcome } = await world.alerts.recover({ tenant: DISTRICT, kind: 'sos', elderId: 'E001', at: world.store.clock.now() }, 'zh-CN');
      // then
      assert.equal(outcome, 'recovered');
      assert.notEqual((await active())[0]!.recoveredAt, null);
    });

    it('closes a level 3 alert', async () => {
      // given
      const at = world.store.clock.now();
      await world.alerts.raise({ tenant: DISTRICT, kind: 'battery_low', deviceCode: 'DOOR-001', at, actor: ENGINE }, 'zh-CN');
      // when
      const { alert, outcome } = await world.alerts.recover({ tenant: DISTRICT, kind: 'battery_low', deviceCode: 'DOOR-001', at }, 'zh-CN');
      // then
      assert.deepEqual([outcome, alert!.status], ['cleared', 'cleared']);
      assert.deepEqual(await active(), []);
    });
  });

  describe('when the process of the alert ends', () => {
    it('closes the alert, and the next press is a new one', async () => {
      // given
      const { alert } = await world.alerts.raise(from(await press()), 'zh-CN');
      // when
      world.alerts.instanceEnded({ id: Number(alert!.instanceId), definitionKey: 'alert_response' });
      const next = await world.alerts.raise(from(await press()), 'zh-CN');
      // then
      assert.equal(next.outcome, 'created');
      assert.notEqual(next.alert!.id, alert!.id);
    });
  });

  describe('when the button is pressed after the process ended, before the alert is closed', () => {
    it('makes a new alert', async () => {
      // given
      const { alert } = await world.alerts.raise(from(await press()), 'zh-CN');
      await world.store.batcher.run({ key: null, name: 'end' }, function* (writes) {
        const now = world.store.clock.now();
        const ended = { id: Number(alert!.instanceId), definition_id: 1, business_key: null, tenant: DISTRICT, area: STREET, root_id: Number(alert!.instanceId), super_id: null };
        writes.insert('history_instance', { ...ended, started_at: now, started_by: null, ended_at: now, end_state: 'COMPLETED', end_element: null, delete_reason: null, vars: '{}' });
      });
      // when
      const next = await world.alerts.raise(from(await press()), 'zh-CN');
      // then
      assert.equal(next.outcome, 'created');
      assert.deepEqual((await active()).map(({ id }) => id), [next.alert!.id]);
    });
  });

  describe('when somebody takes the task', () => {
    it('is acknowledged', async () => {
      // given
      const { alert } = await world.alerts.raise(from(await press()), 'zh-CN');
      // when
      const instanceId = Number(alert!.instanceId);
      world.alerts.taskChanged({ op: 'updated', instanceId, assignee: 'dispatcher' });
      // It happens in the background; a unit with its key comes after it.
      await world.store.batcher.run({ key: `alert-of:${instanceId}`, name: 'after' }, function* () {
      });
      // then
      assert.equal((await active())[0]!.acknowledged, true);
    });
  });

  describe('watchdog', () => {
    const watchdog = () => createWatchdog({ store: world.store, alerts: world.alerts, metrics: world.metrics, log: world.context.log });

    describe('when no flow acknowledges an SOS', () => {
      it('waits ten seconds, then raises it as flow-silent', async () => {
        // given
        await world.say('sos-001', { action: 'emergency' });
        world.store.clock.shift(9900);
        assert.equal(await watchdog().scan(), 0);
        // when
        world.store.clock.shift(200);
        await watchdog().scan();
        // then
        assert.deepEqual((await active()).map((alert) => [alert.kind, alert.flowSilent, alert.count]), [['sos', true, 1]]);
        assert.equal(world.metrics.flowSilent, 1);
      });
    });

    describe('when the flow answers too late', () => {
      it('does not double the alert', async () => {
        // given
        const row = await press();
        world.store.clock.shift(10_100);
        await watchdog().scan();
        // when
        const late = await world.alerts.raise(from(row), 'zh-CN');
        await world.inbox.acknowledge({ id: row.id, leaseToken: row.leaseToken!, tenants: [] }, 'flow');
        await watchdog().scan();
        // then
        assert.deepEqual([late.alert!.count, world.started.length], [1, 1]);
        assert.equal((await active()).length, 1);
      });
    });

    describe('when the event is not about a life', () => {
      it('leaves it to the flows', async () => {
        // given
        await world.say('leak-001', { water_leak: true });
        await world.say('smoke-001', { smoke: true, test: true });
        world.store.clock.shift(60_000);
        // when / then
        assert.equal(await watchdog().scan(), 0);
      });
    });

    describe('when the engine was down while the time ran out', () => {
      it('raises at the first scan of the next start', async () => {
        // given
        const row = await press();
        world.store.clock.shift(60_000);
        const next = watchdog();
        // when
        next.start();
        await next.stop();
        // then
        assert.equal((await world.store.query(inboxRow(row.id)))!.handledBy, 'watchdog');
      });
    });
  });
});
