import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';

describe('node-red proxy', () => {
  let app: TestApp;
  let runtime: Server;
  let seen: { method?: string | undefined; url?: string | undefined; headers: IncomingHttpHeaders; body: string }[];
  let port: number | null;

  beforeEach(async () => {
    seen = [];
    runtime = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        seen.push({ method: req.method, url: req.url, headers: req.headers, body });
        res
          .writeHead(200, { 'set-cookie': ['songbai_flow_login=1', 'songbai_session=evil'], 'content-type': 'text/html' })
          .end('<p>editor</p>');
      });
    });
    runtime.on('upgrade', (req, socket) => {
      seen.push({ method: 'UPGRADE', url: req.url, headers: req.headers, body: '' });
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => runtime.listen(0, '127.0.0.1', resolve));
    port = (runtime.address() as AddressInfo).port;
    app = await createTestApp({
      settings: { nodeRedPort: () => port },
      accounts: [
        { username: 'integrator', roles: ['integrator'], areas: ['120103'] },
        { username: 'auditor', roles: ['auditor'], areas: ['120103'] },
      ],
    });
  });
  afterEach(async () => {
    await app.close();
    runtime.closeAllConnections();
    await new Promise((resolve) => runtime.close(resolve));
  });

  /** The raw answer to a websocket handshake, and what comes back for `ping` when it was accepted. */
  function handshake(headers: Record<string, string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port: ours } = new URL(app.url);
      const socket = connect(Number(ours), '127.0.0.1');
      let text = '';
      const lines = Object.entries({ host: `127.0.0.1:${ours}`, connection: 'Upgrade', upgrade: 'websocket', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`GET /node-red/comms HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.includes('101 Switching') && !text.includes('ping')) socket.write('ping');
        else if (text.endsWith('ping')) socket.destroy();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }

  describe('when nobody or the wrong role asks', () => {
    it('answers 401 and 403 and lets nothing through', async () => {
      const anonymous = await app.fetch('/node-red/');
      assert.equal(anonymous.status, 401);
      assert.equal(((await anonymous.json()) as { code: string }).code, 'NOT_AUTHENTICATED');
      assert.equal((await app.asUser('/node-red/')).status, 403);
      assert.equal((await app.asClient('/node-red/')).status, 401);
      assert.deepEqual(seen, []);
    });

    it('refuses the websocket too', async () => {
      assert.match(await handshake({}), /^HTTP\/1\.1 401 /);
      assert.match(await handshake({ cookie: (await app.signIn('dispatcher')).cookie }), /^HTTP\/1\.1 403 /);
      assert.match(
        await handshake({ cookie: (await app.signIn('integrator')).cookie, origin: 'https://evil.example' }),
        /^HTTP\/1\.1 403 /,
      );
      assert.deepEqual(seen, []);
    });
  });

  describe('when an integrator opens the editor', () => {
    it('pipes the request, with a policy of its own and no session cookie from the runtime', async () => {
      const answer = await app.asUser(
        '/node-red/flows?x=1',
        { method: 'POST', body: '[]', headers: { authorization: 'Bearer editor' } },
        'integrator',
      );
      assert.equal(await answer.text(), '<p>editor</p>');
      assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
      assert.deepEqual(answer.headers.getSetCookie(), ['songbai_flow_login=1']);
      const [request] = seen;
      assert.deepEqual(
        [request?.method, request?.url, request?.body, request?.headers.authorization],
        ['POST', '/node-red/flows?x=1', '[]', 'Bearer editor'],
      );
    });

    it('gives the runtime a handle that says who it is and opens nothing else', async () => {
      const { cookie } = await app.signIn('integrator');
      await app.fetch('/node-red/', { headers: { cookie } });
      const handle = seen[0]?.headers.cookie ?? '';
      assert.notEqual(handle, cookie);
      assert.ok(!handle.includes(cookie.slice('songbai_session='.length)));
      const who = await app.fetch('/api/session', { headers: { cookie: handle } });
      assert.equal(((await who.json()) as { account: { username: string } }).account.username, 'integrator');
      assert.equal((await app.fetch('/api/areas', { headers: { cookie: handle } })).status, 401);
      assert.equal((await app.fetch('/node-red/', { headers: { cookie: handle } })).status, 401);
    });

    it('refuses writes from another origin', async () => {
      const answer = await app.asUser(
        '/node-red/flows',
        { method: 'POST', body: '[]', headers: { origin: 'https://evil.example' } },
        'integrator',
      );
      assert.equal(answer.status, 403);
      assert.deepEqual(seen, []);
    });

    it('carries the websocket both ways', async () => {
      const text = await handshake({ cookie: (await app.signIn('auditor')).cookie });
      assert.match(text, /^HTTP\/1\.1 101 /);
      assert.match(text, /ping$/);
    });
  });

  describe('when the runtime is down', () => {
    it('answers 503 while it is off and 502 when it does not listen', async () => {
      port = null;
      assert.equal((await app.asUser('/node-red/', {}, 'integrator')).status, 503);
      port = 1;
      assert.equal((await app.asUser('/node-red/', {}, 'integrator')).status, 502);
    });
  });
});
