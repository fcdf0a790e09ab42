import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { createDevices, type Devices } from '#engine/devices/devices.ts';
import { allDeviceRoutes } from '#engine/rest/api/devices/all-device-routes.ts';
import { seedDevices, SURROUNDINGS } from '#test/support/device-world.ts';
import { createTestApp, DISTRICT, json, type TestApp } from '#test/support/test-app.ts';
import { connectSimulator, type SimulatedGateway } from '../../node-red-flows/simulators/zigbee2mqtt.ts';
import type { AlertChange } from './alerts/alert-context.ts';
import { createNodeRed, type NodeRed } from './node-red.ts';

describe('flow runtime', function () {
  this.timeout(60_000);
  let app: TestApp;
  let devices: Devices;
  let nodeRed: NodeRed;
  let gateway: SimulatedGateway;
  let dataDir: string;
  let startedWith: string[];
  let changes: AlertChange[];
  let changed = Promise.withResolvers<void>();

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'songbai-flows-'));
    const accounts = (['integrator', 'district-admin', 'auditor', 'worker'] as const).map((role) => ({ username: role, roles: [role], areas: [DISTRICT] }));
    const late = { get inbox() { return devices.inbox; }, get alerts() { return devices.alerts; }, replay: (...args: Parameters<Devices['replay']>) => devices.replay(...args) } as Devices;
    const lateStore = { clock: { now: () => app.context.store.clock.now() }, query: (work: never) => app.context.store.query(work) };
    app = await createTestApp({
      accounts,
      settings: { nodeRedPort: () => nodeRed?.port() ?? null },
      context: { extraRoutes: allDeviceRoutes({ devices: late, store: lateStore as never }) },
    });
    const { store, log } = app.context;
    startedWith = [];
    changes = [];
    const runtime = {
      *startWork(_writes: unknown, input: { businessKey: string | null; tenant: string; variables: Record<string, { value: unknown }> }) {
        startedWith.push(`${String(input.variables['kind']!.value)}@${String(input.variables['deviceCode']!.value)}`);
        return { id: store.ids.next(), definitionId: 1, definitionKey: 'alert_response', businessKey: input.businessKey, tenant: input.tenant, ended: false, variables: {} };
      },
      *correlateWork() {
        return [];
      },
    };
    const publish = (change: AlertChange): void => {
      changes.push(change);
      changed.resolve();
    };
    devices = createDevices({ store, runtime: runtime as never, surroundings: SURROUNDINGS, publish, dataDir, log });
    await seedDevices(store, await hash('songbai-demo', { memoryCost: 1024, timeCost: 1 }));
    const { mqttPort } = await devices.start({ host: '127.0.0.1', mqttPort: await freePort(), mqttUrl: null });
    const token = await app.identity.clients.createBearer({ id: 'node-red', name: 'Flows', tenant: '', areas: [], scopes: ['device-events'] });
    nodeRed = createNodeRed({ dataDir, engineUrl: app.url, token, log, onEnded: (workerId) => void devices.inbox.release(workerId) });
    await nodeRed.start();
    gateway = await connectSimulator({ url: `mqtt://127.0.0.1:${mqttPort}`, username: 'gateway-demo', password: 'songbai-demo' });
  });
  after(async () => {
    await gateway?.client.endAsync(true);
    await nodeRed?.stop();
    await devices?.stop();
    await app?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await changed.promise;
      changed = Promise.withResolvers<void>();
    }
  }
  const kinds = (): string[] => changes.map((change) => `${change.op} ${change.present('en').kind}`);

  describe('when the shipped flow runs', () => {
    it('turns an SOS of the simulated gateway into one alert with its process, not flow-silent', async () => {
      // when
      await gateway.pressSos();
      await until(() => kinds().includes('raised sos'));
      // then
      assert.deepEqual(startedWith, ['sos@SOS-001']);
      assert.equal(changes[0]!.present('en').flowSilent, false);
    });

    it('handles fall, smoke and water, and keeps tests and warnings quiet', async () => {
      // when
      await gateway.smoke(true, true);
      await gateway.fall('maybe_fall');
      await gateway.smoke(true);
      await gateway.fall('fall');
      await gateway.leak(true);
      await gateway.leak(false);
      await until(() => kinds().includes('updated water_leak'));
      // then
      assert.deepEqual(startedWith.slice(1).sort(), ['fall@FALL-001', 'smoke@SMOKE-001', 'water_leak@LEAK-001']);
    });

    it('acknowledges every event it was given', async () => {
      // when
      await gateway.move();
      await gateway.pressSos();
      await until(() => kinds().includes('repeated sos'));
      // then
      const open = () => app.context.store.read("SELECT capability, error FROM inbox WHERE status <> 'done'");
      // Nobody is told of a mere acknowledgement; what stays open runs into the test's time limit.
      while ((await open()).length > 0) await pause(20);
      assert.deepEqual(await app.context.store.read("SELECT id FROM inbox WHERE status = 'dead'"), []);
    });
  });

  describe('when the process is killed', () => {
    it('starts again and works on', async () => {
      // given
      process.kill(nodeRed.pid()!, 'SIGKILL');
      const before = kinds().length;
      // when
      await gateway.pressSos();
      await until(() => kinds().length > before);
      // then
      assert.equal(startedWith.filter((kind) => kind.startsWith('sos')).length, 1);
      assert.equal(kinds().at(-1), 'repeated sos');
    });
  });

  describe('single sign-on', () => {
    const login = async (username: string): Promise<{ status: number; bearer: string }> => {
      const { cookie } = await app.signIn(username);
      const redirect = await app.fetch('/node-red/auth/strategy', { headers: { cookie }, redirect: 'manual' });
      const code = /code=([^&]+)/.exec(redirect.headers.get('location') ?? '')?.[1];
      const init = json({ code });
      const answer = await app.fetch('/node-red/auth/token', { ...init, headers: { ...(init.headers as object), cookie } });
      const { accessToken = '' } = (await answer.json()) as { accessToken?: string };
      return { status: redirect.status, bearer: accessToken };
    };
    async function flows(username: string, bearer: string, init: RequestInit = {}): Promise<Response> {
      const { cookie } = await app.signIn(username);
      return app.fetch('/node-red/flows', { ...init, headers: { ...(init.headers as object), cookie, authorization: `Bearer ${bearer}` } });
    }

    it('lets integrators write, administrators and auditors read', async () => {
      const wrong = { ...json([]), headers: { 'content-type': 'application/json', 'node-red-deployment-type': 'nodes', 'node-red-api-version': 'v1' } };
      const { bearer } = await login('integrator');
      assert.equal((await flows('integrator', bearer)).status, 200);
      for (const role of ['district-admin', 'auditor']) {
        const reader = await login(role);
        assert.equal((await flows(role, reader.bearer)).status, 200);
        assert.equal((await flows(role, reader.bearer, wrong)).status, 401);
      }
    });

    it('lets an integrator deploy', async () => {
      const { bearer } = await login('integrator');
      const shipped = (await (await flows('integrator', bearer)).json()) as object[];
      const init = json(shipped);
      const answer = await flows('integrator', bearer, { ...init, headers: { ...(init.headers as object), 'node-red-deployment-type': 'nodes' } });
      assert.equal(answer.status, 204);
    });

    it('refuses a token in the hands of someone else’s session', async () => {
      const { bearer } = await login('integrator');
      assert.equal((await flows('auditor', bearer)).status, 401);
    });

    it('refuses other roles, nobody, and the port itself', async () => {
      assert.equal((await login('worker').catch(() => ({ status: 403 }))).status, 403);
      assert.equal((await app.fetch('/node-red/flows')).status, 401);
      for (const path of ['flows', 'nodes', 'settings', 'context/global', 'auth/strategy']) {
        const direct = await fetch(`http://127.0.0.1:${nodeRed.port()}/node-red/${path}`, { redirect: 'manual' });
        assert.notEqual(direct.status, 200, path);
        assert.doesNotMatch(direct.headers.get('location') ?? '', /code=/);
      }
    });

    it('speaks Chinese and offers no palette to install', async () => {
      const { bearer } = await login('integrator');
      const { cookie } = await app.signIn('integrator');
      const answer = await app.fetch('/node-red/settings', { headers: { cookie, authorization: `Bearer ${bearer}` } });
      const settings = (await answer.json()) as { externalModules: { palette: { allowInstall: boolean } }; user: { username: string } };
      assert.equal(settings.user.username, 'integrator');
      assert.equal(settings.externalModules.palette.allowInstall, false);
      const headers = { cookie, authorization: `Bearer ${bearer}`, accept: 'application/json' };
      const locale = await app.fetch('/node-red/locales/@songbai/node-red-nodes/songbai-raise-alert?lng=zh-CN', { headers });
      assert.equal(((await locale.json()) as { palette: string }).palette, '发起预警');
      const sets = (await (await app.fetch('/node-red/nodes', { headers })).json()) as { id: string; enabled: boolean; err?: string }[];
      const ours = sets.filter(({ id }) => id.startsWith('@songbai/'));
      assert.deepEqual(ours.map(({ enabled, err }) => [enabled, err]), Array.from({ length: 6 }, () => [true, undefined]));
      assert.deepEqual(sets.filter(({ id }) => /\/(exec|file|watch|tcpin|udp|httpin|websocket|mqtt)$/.test(id)), []);
    });
  });

  describe('sandbox', () => {
    it('keeps hostile function nodes away from disk, processes and secrets', async () => {
      // given
      const secret = readFileSync(join(dataDir, 'node-red.secret'), 'utf8');
      const code = `const p = console.log.constructor('return process')(); const out = [];
        const attempt = (name, f) => { try { f(); out.push(name + ' done'); } catch (e) { out.push(name + ' ' + e.code); } };
        const req = p.getBuiltinModule;
        attempt('read', () => req('fs').readFileSync('/etc/hostname'));
        attempt('secret', () => req('fs').readFileSync('${dataDir}/node-red.secret'));
        attempt('write', () => req('fs').writeFileSync('/tmp/songbai-escape', 'x'));
        attempt('exec', () => req('child_process').execSync('id'));
        attempt('worker', () => new (req('worker_threads').Worker)('1', { eval: true }));
        out.push('env ' + Object.keys(p.env).sort().join());
        return { payload: out };`;
      const { bearer, cookie } = await integrator();
      const headers = { 'content-type': 'application/json', cookie, authorization: `Bearer ${bearer}` };
      const old = (await (await app.fetch('/node-red/flows', { headers })).json()) as object[];
      const hostile = [
        { id: 'evil', type: 'tab', label: 'evil' },
        { id: 'evil-in', type: 'inject', z: 'evil', once: true, onceDelay: '0.1', props: [{ p: 'payload' }], repeat: '', wires: [['evil-fn']] },
        { id: 'evil-fn', type: 'function', z: 'evil', func: code, outputs: 1, wires: [['evil-keep']] },
        { id: 'evil-keep', type: 'change', z: 'evil', rules: [{ t: 'set', p: 'out', pt: 'global', to: 'payload', tot: 'msg' }], wires: [[]] },
      ];
      // when
      assert.equal((await app.fetch('/node-red/flows', { method: 'POST', headers, body: JSON.stringify([...old, ...hostile]) })).status, 204);
      let out: { msg?: string } = {};
      while (out.msg === undefined || out.msg === '(undefined)') {
        const answer = await app.fetch('/node-red/context/global/out', { headers });
        out = (await answer.json()) as { msg?: string };
      }
      await app.fetch('/node-red/flows', { method: 'POST', headers, body: JSON.stringify(old) });
      // then
      const said = JSON.parse(out.msg) as string[];
      for (const attempt of ['read', 'secret', 'write', 'exec', 'worker']) assert.ok(said.includes(`${attempt} ERR_ACCESS_DENIED`), said.join('; '));
      assert.equal(said.at(-1), 'env HOME,LANG');
      assert.doesNotMatch(out.msg, new RegExp(secret));
    });

    async function integrator(): Promise<{ bearer: string; cookie: string }> {
      const { cookie } = await app.signIn('integrator');
      const redirect = await app.fetch('/node-red/auth/strategy', { headers: { cookie }, redirect: 'manual' });
      const code = /code=([^&]+)/.exec(redirect.headers.get('location') ?? '')?.[1];
      const init = json({ code });
      const answer = await app.fetch('/node-red/auth/token', { ...init, headers: { ...(init.headers as object), cookie } });
      return { cookie, bearer: ((await answer.json()) as { accessToken: string }).accessToken };
    }
  });

  describe('when it is stopped', () => {
    it('is gone within ten seconds', async () => {
      const startedAt = performance.now();
      await nodeRed.stop();
      assert.ok(performance.now() - startedAt < 10_000);
      assert.equal(nodeRed.port(), null);
    });
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
