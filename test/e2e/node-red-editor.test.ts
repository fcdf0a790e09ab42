import { strict as assert } from 'node:assert';
import { request } from 'node:http';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';

describeInBrowser('the flow editor', () => {
  let demo: DemoServer;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer();
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  /** The HTTP status with which a websocket is answered: 101 = it opens. */
  async function handshake({ context }: Visitor): Promise<number> {
    const cookies = await context.cookies(demo.server.url);
    return new Promise((resolve, reject) => {
      const asked = request(new URL('/node-red/comms', demo.server.url), {
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'c29uZ2JhaS1zb25nYmFpIQ==',
          Origin: demo.server.url,
          Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        },
      });
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode ?? 0);
      });
      asked.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  describe('when the integrator opens it from the console', function () {
    this.timeout(40_000);

    it('shows the shipped flow without a second sign-in', async () => {
      // given
      const integrator = await demo.visitAs('integrator');
      // when
      const [editor] = await Promise.all([
        integrator.context.waitForEvent('page'),
        integrator.page.getByRole('link', { name: /Node-RED/ }).click(),
      ]);
      // then
      await editor.locator('.red-ui-tab-label', { hasText: 'Zigbee 设备' }).waitFor({ timeout: 20_000 });
      await editor.locator('.red-ui-flow-node-label').first().waitFor();
      assert.match(await editor.title(), /松柏/);
      assert.equal(await handshake(integrator), 101);
      await integrator.picture('node-red-editor', editor);
    });
  });

  describe('when somebody without that duty tries', () => {
    it('refuses the dispatcher with 403', async () => {
      // given
      const dispatcher = await demo.visitAs('dispatcher');
      // when
      const answer = await dispatcher.page.goto('/node-red/');
      // then
      assert.equal(answer?.status(), 403);
      assert.equal(await handshake(dispatcher), 403);
    });

    it('refuses an anonymous visitor with 401', async () => {
      // given
      const anonymous = await demo.visit();
      // when
      const answer = await anonymous.page.goto('/node-red/');
      // then
      assert.equal(answer?.status(), 401);
      assert.equal(await handshake(anonymous), 401);
    });
  });

  describe('when the auditor opens it', function () {
    this.timeout(40_000);

    it('is for reading: deploying is refused', async () => {
      // given
      const auditor = await demo.visitAs('auditor');
      await auditor.page.goto('/node-red/');
      await auditor.page.locator('.red-ui-tab-label', { hasText: 'Zigbee 设备' }).waitFor({ timeout: 20_000 });
      // when
      const answer = await auditor.page.evaluate(async () => {
        const { access_token } = JSON.parse(localStorage.getItem('auth-tokens-node-red') ?? '{}') as { access_token: string };
        const headers = { 'Content-Type': 'application/json', 'Node-RED-API-Version': 'v2', Authorization: `Bearer ${access_token}` };
        const deployed = await fetch('/node-red/flows', { method: 'POST', headers, body: JSON.stringify({ flows: [] }) });
        const read = await fetch('/node-red/flows', { headers });
        return { deployed: deployed.status, read: read.status, nodes: ((await read.json()) as { flows: unknown[] }).flows.length };
      });
      // then
      // Node-RED answers a missing permission with 401, not 403.
      assert.equal(answer.deployed, 401);
      assert.equal(answer.read, 200);
      assert.ok(answer.nodes > 10);
    });
  });
});
