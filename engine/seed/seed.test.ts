import assert from 'node:assert/strict';
import { cp, appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, it } from 'mocha';
import { pino } from 'pino';
import { createIdentity, type Identity } from '#engine/identity/identity.ts';
import { elderCard, elderForAlert, searchElders } from '#engine/registers/elders.ts';
import { areaTree } from '#engine/registers/areas.ts';
import { enabledGateways } from '#engine/store/gateway-store.ts';
import { listDevices } from '#engine/store/device-store.ts';
import { dialects } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { seed } from './seed.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const log = pino({ level: 'silent' });

for (const dialect of dialects())
  dialect.describe('demo seed', () => {
    let test: TestEngine;
    let identity: Identity;
    let content: string;
    const raised: string[] = [];

    const seedAgain = (from = root): Promise<void> =>
      seed({
        store: test.store,
        engine: test.engine,
        identity,
        demo: true,
        root: from,
        log,
        refreshSla: () => test.refresh(),
        async raiseAlert({ kind }) {
          raised.push(kind);
        },
      });
    const count = async (table: string): Promise<number> => Number((await test.store.read(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.['n']);

    before(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      identity = createIdentity({ store: test.store });
      content = await mkdtemp(join(tmpdir(), 'songbai-content-'));
      await seedAgain();
    });
    after(async () => {
      await test.close();
      await rm(content, { recursive: true, force: true });
    });

    it('shows work in every state to the people who do it', async () => {
      const rows = await test.store.read(
        'SELECT element, area FROM task WHERE instance_id IN (SELECT id FROM process_instance WHERE tenant = ?)',
        ['120103'],
      );
      const states = new Set(rows.map((row) => String(row['element'])));
      for (const state of ['intake', 'dispatch', 'offer', 'assign_worker', 'check_in', 'service', 'rate'])
        assert.ok(states.has(state), `nothing waits at ${state}`);
      for (const row of rows) assert.match(String(row['area']), /^120103\/120103008\/\d{12}$/);
    });

    it('numbers its orders as those that people place', async () => {
      const rows = await test.store.read('SELECT business_key FROM process_instance WHERE tenant = ?', ['120103']);
      assert.ok(rows.length > 5);
      for (const row of rows) assert.match(String(row['business_key']), /^120103-GD-20\d{6}-000\d\d$/);
    });

    it('gives past times to what is past, and leaves the clock alone', async () => {
      assert.ok(Math.abs(test.store.clock.now() - Date.now()) < 2_000);
      assert.equal(test.store.clock.now() % 1, 0);
      const rows = await test.store.read('SELECT created_at, due_at FROM task');
      for (const row of rows) assert.ok(Number(row['created_at']) < Date.now());
      const overdue = rows.filter((row) => Number(row['due_at']) < Date.now());
      assert.ok(overdue.length >= 1 && overdue.length < rows.length / 2, `${overdue.length} of ${rows.length} tasks are overdue`);
    });

    it('lets every demo account log in', async () => {
      for (const { username } of DEMO_ACCOUNTS) assert.ok((await identity.login(username, 'songbai-demo', '127.0.0.1')).token);
      assert.equal((await identity.basic('engine', 'songbai-demo', '127.0.0.1')).tenant, '120103');
    });

    it('has the elders of a street for its people and not for the other district', async () => {
      const viewer = { roles: ['worker'] as const, now: test.store.clock.now(), locale: 'zh-CN' as const };
      const street = { tenant: '120103', areas: ['120103/120103008'] };
      const found = await test.store.query(searchElders(street, '', viewer, 500));
      assert.ok(found.length > 80 && found.length < 200, `${found.length} elders`);
      const [one] = found;
      assert.deepEqual(await test.store.query(elderCard(street, one!.id, viewer)), one);
      assert.equal(await test.store.query(elderCard({ tenant: '120104', areas: ['120104'] }, one!.id, viewer)), null);
      assert.equal(await test.store.query(elderCard({ tenant: '120103', areas: ['120103/120103001'] }, one!.id, viewer)), null);
      assert.equal((await test.store.query(searchElders(street, one!.phone, viewer)))[0]?.id, one!.id);
      assert.deepEqual(await test.store.query(searchElders(street, '%', viewer)), []);
    });

    it('has the areas of both districts', async () => {
      const [hexi] = await test.store.query(areaTree({ tenant: '120103', areas: ['120103'] }));
      assert.equal(hexi?.children.length, 14);
      const [nankai] = await test.store.query(areaTree({ tenant: '120104', areas: ['120104'] }));
      assert.equal(nankai?.children.length, 2);
    });

    it('binds six devices of one gateway to elders of 天塔街道', async () => {
      assert.deepEqual(
        (await test.store.query(enabledGateways())).map(({ account, baseTopic }) => [account, baseTopic]),
        [['gateway-demo', 'zigbee2mqtt']],
      );
      const devices = await test.store.query(listDevices({ tenant: '120103', areas: ['120103/120103008'] }, 50));
      assert.deepEqual(
        devices.map((row) => row['code']),
        ['door-001', 'fall-001', 'leak-001', 'motion-001', 'smoke-001', 'sos-001'],
      );
      for (const device of devices) {
        const elder = await test.store.query(elderForAlert('120103', String(device['elder_id'])));
        assert.equal(elder?.area, device['area']);
        assert.ok(elder!.contacts.length >= 1);
      }
    });

    it('raises two alerts', () => {
      assert.deepEqual(raised, ['battery_low', 'water_leak']);
    });

    it('changes nothing at the second start', async () => {
      const tables = [
        'process_instance',
        'task',
        'register_record',
        'account',
        'process_definition',
        'form_definition',
        'decision_definition',
        'deployment',
        'sla_class',
      ];
      const counts = await Promise.all(tables.map(count));
      await seedAgain();
      assert.deepEqual(await Promise.all(tables.map(count)), counts);
      assert.equal(raised.length, 2);
    });

    it('deploys a new version of a process when one of its files changed, and of nothing else', async () => {
      for (const folder of ['processes', 'forms']) await cp(join(root, folder), join(content, folder), { recursive: true });
      await appendFile(join(content, 'processes/work_order/work_order.bpmn'), '<!-- changed -->\n');
      await seedAgain(content);
      const rows = await test.store.read(
        "SELECT def_key, MAX(version) AS version FROM process_definition WHERE tenant = '' GROUP BY def_key ORDER BY def_key",
      );
      assert.deepEqual(
        rows.map((row) => [row['def_key'], Number(row['version'])]),
        [
          ['alert_response', 1],
          ['work_order', 2],
        ],
      );
    });

    it('closes a level 3 alert by itself when its device recovers', async () => {
      const alert = await test.start('alert_response', { kind: 'battery_low', level: 3, elderName: '张桂兰', livingAlone: false }, 'YJ-1');
      const correlate = {
        message: 'device.recovered',
        tenant: '120103',
        area: null,
        businessKey: 'YJ-1',
        variables: {},
        actor: { id: null, kind: 'engine' as const },
      };
      await test.engine.runtime.correlate(correlate);
      assert.deepEqual(await test.tasks(alert.id), []);
    });
  });
