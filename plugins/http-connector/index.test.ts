import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import type { ServiceTaskCall, ServiceTaskFailure } from '#plugins/api.ts';
import { itIsAPlugin } from '#plugins/api.test-suite.ts';
import { createAddressGuard, type Address } from './address-guard.ts';
import { createAllowList } from './allow-list.ts';
import { runRequest, type HttpOptions, type Surroundings } from './index.ts';
import { MAX_ANSWER_BYTES } from './send-request.ts';

/** A server of the other system on the loopback interface; `answer` is set by each test. */
let server: http.Server;
let origin: string;
let answer: (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;
let received: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[];

before(async () => {
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  answer = json(200, { ok: true });
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_request: http.IncomingMessage, response: http.ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));

describe('HTTP connector', () => {
  itIsAPlugin({
    folder: import.meta.dirname,
    settings: () => ({ SONGBAI_HTTP_ALLOW: `*.example.com,${origin}`, SONGBAI_HTTP_PRIVATE: '127.0.0.0/8' }),
    valid: [
      { url: 'https://nobody.example.com/a' },
      {
        method: 'POST',
        url: 'https://nobody.example.com',
        body: { a: [1, null] },
        query: [{ name: 'n', value: 1 }],
        headers: [{ name: 'X-Key', secret: 'KEY' }],
        timeoutMs: 500,
        errorCodes: [{ status: '4xx', code: 'REJECTED' }],
      },
    ],
    endless() {
      answer = () => undefined;
      return { url: origin, timeoutMs: 60_000 };
    },
    invalid: [
      {},
      { url: 'ftp://a.example' },
      { url: 'https://a.example', method: 'BREW' },
      { url: 'https://a.example', headers: [{ name: 'a b' }] },
      { url: 'https://a.example', timeoutMs: 61_000 },
      { url: 'https://a.example', surprise: 1 },
    ],
  });

  const logged: unknown[] = [];
  const log = Object.fromEntries(
    ['info', 'warn', 'error'].map((level) => [level, (fields: object, message: string) => void logged.push(fields, message)]),
  ) as unknown as Surroundings['log'];
  const surroundings = (more: Partial<Surroundings> & { allow?: string } = {}): Surroundings => ({
    log,
    isAllowed: createAllowList(more.allow ?? origin),
    guard: createAddressGuard('127.0.0.0/8'),
    secret: (name) =>
      name === 'TOKEN' ? Promise.resolve('s3cr3t-token') : Promise.reject(new Error(`Expected a secret "${name}", but there is none`)),
    ...more,
  });
  const call = (options: HttpOptions, more: Partial<ServiceTaskCall<HttpOptions>> = {}): ServiceTaskCall<HttpOptions> => ({
    options,
    variables: {},
    idempotencyKey: 'songbai-120103-1-2',
    attempt: 1,
    tenant: '120103',
    businessKey: null,
    processKey: 'p',
    elementId: 'call',
    signal: new AbortController().signal,
    ...more,
  });
  const run = (options: HttpOptions, more: Parameters<typeof surroundings>[0] = {}) => runRequest(surroundings(more), call(options));
  async function failure(options: HttpOptions, more: Parameters<typeof surroundings>[0] = {}): Promise<ServiceTaskFailure> {
    const outcome = await run(options, more);
    assert.equal(outcome.kind, 'failed');
    return outcome as ServiceTaskFailure;
  }

  describe('when the other system answers', () => {
    it('gives status, headers and the parsed body', async () => {
      answer = json(201, { id: 7 }, { 'x-trace': 't1', 'set-cookie': 'sid=1' });

      const outcome = await run({ url: `${origin}/messages` });

      assert.ok(outcome.kind === 'completed' && outcome.output);
      const { status, headers, body } = outcome.output;
      assert.deepEqual([status, body], [201, { id: 7 }]);
      assert.equal((headers as Record<string, string>)['x-trace'], 't1');
      assert.equal('set-cookie' in (headers as object), false);
    });

    it('gives text that is no JSON as it is', async () => {
      answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('你好');
      const outcome = await run({ url: origin });
      assert.equal(outcome.kind === 'completed' && outcome.output?.['body'], '你好');
    });

    it('reads it in the charset that it names', async () => {
      answer = (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json;charset=GBK' })
          .end(Buffer.from([0x22, 0xc4, 0xe3, 0xba, 0xc3, 0x22]));
      const outcome = await run({ url: origin });
      assert.equal(outcome.kind === 'completed' && outcome.output?.['body'], '你好');
    });

    it('has sent method, query, headers, JSON and an idempotency key', async () => {
      await run({
        method: 'POST',
        url: `${origin}/messages?a=1`,
        query: [{ name: 'b c', value: '&' }],
        headers: [{ name: 'X-Trace', value: 't' }],
        body: { text: '您好', list: [1] },
      });

      const [request] = received;
      assert.equal(request?.method, 'POST');
      assert.equal(request.url, '/messages?a=1&b+c=%26');
      assert.equal(request.headers['x-trace'], 't');
      assert.equal(request.headers['content-type'], 'application/json');
      assert.equal(request.headers['idempotency-key'], 'songbai-120103-1-2');
      assert.deepEqual(JSON.parse(request.body), { text: '您好', list: [1] });
    });
  });

  describe('when a header names another content type', () => {
    const send = (type: string, body: HttpOptions['body']): HttpOptions => ({
      method: 'POST',
      url: origin,
      headers: [{ name: 'Content-Type', value: type }],
      ...(body !== undefined && { body }),
    });

    it('sends an object as a form, and a text as it is', async () => {
      await run(send('application/x-www-form-urlencoded', { to: '139', text: 'a&b 您', none: null }));
      await run(send('text/xml', '<a/>'));
      assert.deepEqual(
        received.map(({ body }) => body),
        ['to=139&text=a%26b+%E6%82%A8&none=', '<a/>'],
      );
      assert.equal(received[1]?.headers['content-type'], 'text/xml');
    });

    it('refuses what cannot be written like that', async () => {
      for (const options of [
        send('text/xml', { a: 1 }),
        send('application/x-www-form-urlencoded', { a: { b: 1 } }),
        send('application/x-www-form-urlencoded', [1]),
      ])
        assert.equal((await failure(options)).retry, false);
      assert.equal(received.length, 0);
    });
  });

  describe('when it answers with an error', () => {
    it('tries again later for statuses that may pass, as late as the answer asks', async () => {
      answer = json(503, { reason: 'busy' }, { 'retry-after': '30' });
      const outcome = await failure({ url: origin });
      assert.deepEqual(outcome, {
        kind: 'failed',
        message: `Expected ${origin} to answer 2xx, but it answered 503`,
        retry: true,
        retryAfterMs: 30_000,
        details: '{"reason":"busy"}',
      });
    });

    it('does not try again for others', async () => {
      answer = json(404, {});
      assert.equal((await failure({ url: origin })).retry, false);
    });

    it('throws the BPMN error that the model names for the status', async () => {
      answer = json(404, {});
      const errorCodes = [
        { status: '404', code: 'UNKNOWN_ELDER' },
        { status: '4xx', code: 'REJECTED' },
      ];
      assert.deepEqual(await run({ url: origin, errorCodes }), {
        kind: 'bpmnError',
        code: 'UNKNOWN_ELDER',
        message: `Expected ${origin} to answer 2xx, but it answered 404`,
      });
      answer = json(409, {});
      const rejected = await run({ url: origin, errorCodes });
      assert.equal(rejected.kind === 'bpmnError' && rejected.code, 'REJECTED');
    });

    it('follows no redirect', async () => {
      answer = (_request, response) => void response.writeHead(302, { location: `${origin}/elsewhere` }).end();
      assert.match((await failure({ url: origin })).message, /answered 302/);
      assert.equal(received.length, 1);
    });
  });

  describe('when it answers badly', () => {
    it('gives up on an answer that is too large', async () => {
      answer = (_request, response) => void response.writeHead(200).end('x'.repeat(MAX_ANSWER_BYTES + 1));
      const outcome = await failure({ url: origin });
      assert.match(outcome.message, /at most 524288 bytes/);
      assert.equal(outcome.retry, false);
    });

    it('gives up on a compressed answer, which may be small here and large there', async () => {
      answer = (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync('x'.repeat(1_000_000)));
      assert.match((await failure({ url: origin })).message, /not compressed/);
    });

    it('tries again after JSON that is none, a cut answer and a closed connection', async () => {
      for (const bad of [
        (_: unknown, response: http.ServerResponse) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'),
        (_: unknown, response: http.ServerResponse) =>
          void response.writeHead(200, { 'content-length': '10' }).write('abc', () => response.destroy()),
        (_: unknown, response: http.ServerResponse) => void response.destroy(),
      ]) {
        answer = bad;
        assert.equal((await failure({ url: origin })).retry, true);
      }
    });

    it('waits no longer than its time limit', async () => {
      answer = () => undefined;
      assert.equal((await failure({ url: origin, timeoutMs: 100 })).message, `Expected ${origin} to answer within 100 ms, but it did not`);
    });

    it('stops when the engine stops', async () => {
      answer = () => undefined;
      const controller = new AbortController();
      const outcome = runRequest(surroundings(), call({ url: origin }, { signal: controller.signal }));
      setTimeout(() => controller.abort(new Error('stop')), 50);
      assert.equal((await outcome).kind, 'failed');
    });
  });

  describe('when a header names a secret', () => {
    it('sends it, and writes it neither to the log nor into a failure', async () => {
      logged.length = 0;
      answer = (request, response) => void response.writeHead(400).end(`bad ${request.headers.authorization}`);

      const outcome = await failure({
        url: `${origin}/p?phone=13900000000`,
        headers: [{ name: 'Authorization', value: 'Bearer {secret}', secret: 'TOKEN' }],
      });

      assert.equal(received[0]?.headers.authorization, 'Bearer s3cr3t-token');
      assert.equal(outcome.details, 'bad Bearer ***');
      assert.ok(logged.length > 0);
      assert.doesNotMatch(JSON.stringify(logged), /s3cr3t|13900000000/);
    });

    it('fails for good when there is none', async () => {
      const outcome = await failure({ url: origin, headers: [{ name: 'X-Key', secret: 'OTHER' }] });
      assert.deepEqual([outcome.message, outcome.retry], ['Expected a secret "OTHER", but there is none', false]);
      assert.equal(received.length, 0);
    });
  });

  describe('when a header would change the connection or the message', () => {
    for (const header of [
      { name: 'Host', value: 'evil.example' },
      { name: 'Content-Length', value: '0' },
      { name: 'Transfer-Encoding', value: 'chunked' },
      { name: 'X-A', value: 'a\r\nX-B: b' },
    ])
      it(`refuses ${JSON.stringify(header)}`, async () => {
        assert.equal((await failure({ url: origin, headers: [header] })).retry, false);
        assert.equal(received.length, 0);
      });
  });

  describe('when an address is not on the list', () => {
    it('says how to allow it, and calls nobody', async () => {
      const outcome = await failure({ url: origin }, { allow: '' });
      assert.equal(
        outcome.message,
        `Expected an address that this installation allows, but ${origin} is not: add it to SONGBAI_HTTP_ALLOW and start again`,
      );
      assert.equal(outcome.retry, false);
      assert.equal(received.length, 0);
    });

    it('compares scheme, whole host name and port', () => {
      const list = createAllowList('sms.example.com, https://*.health.example ,http://10.1.2.3:8080,120103@https://own.example');
      const allows = (url: string, tenant = '120104') => list(new URL(url), tenant);
      for (const url of [
        'https://sms.example.com/a?b',
        'https://SMS.example.com',
        'https://a.health.example',
        'https://a.b.health.example:443',
        'http://10.1.2.3:8080/x',
      ])
        assert.ok(allows(url), url);
      for (const url of [
        'http://sms.example.com',
        'https://sms.example.com:8443',
        'https://sms.example.com.evil.example',
        'https://evilsms.example.com',
        'https://health.example',
        'https://xhealth.example',
        'http://10.1.2.3',
        'https://sms.example.com@evil.example',
        'https://own.example',
      ])
        assert.ok(!allows(url), url);
      assert.ok(allows('https://own.example', '120103'));
    });

    it('does not start with a list that is none', () => {
      for (const text of ['https://a.example/path', 'ftp://a.example', '*', 'https://*', 'https://a.*.example', 'a b'])
        assert.throws(() => createAllowList(text), /SONGBAI_HTTP_ALLOW/, text);
      assert.throws(() => createAddressGuard('10.0.0.0'), /SONGBAI_HTTP_PRIVATE/);
    });
  });

  describe('when an allowed name leads to an address that is not public', () => {
    const HOSTS = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '0.0.0.0',
      '10.0.0.1',
      '100.64.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '[::1]',
      '[::]',
      '[::ffff:10.0.0.1]',
      '[::ffff:127.0.0.1]',
      '[fe80::1]',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[2001:0:1::]',
      '[ff02::1]',
    ];
    for (const host of HOSTS)
      it(`does not connect to ${host}`, async () => {
        const url = new URL(`http://${host}:${new URL(origin).port}/`);
        const outcome = await failure({ url: url.href }, { allow: url.origin, guard: createAddressGuard('') });
        assert.match(outcome.message, /public addresses only/);
        assert.equal(outcome.retry, false);
        assert.equal(received.length, 0);
      });

    it('refuses a name of which one address is private', async () => {
      const guard = createAddressGuard('', () =>
        Promise.resolve([
          { address: '93.184.216.34', family: 4 },
          { address: '10.0.0.1', family: 4 },
        ]),
      );
      await assert.rejects(guard('both.example'), /10\.0\.0\.1/);
    });

    it('connects to public ones, and to private networks that the operator allows', async () => {
      const resolve = (addresses: Address[]) => () => Promise.resolve(addresses);
      assert.equal(
        (await createAddressGuard('', resolve([{ address: '93.184.216.34', family: 4 }]))('a.example')).address,
        '93.184.216.34',
      );
      assert.equal((await createAddressGuard('', resolve([{ address: '2606:4700::1111', family: 6 }]))('a.example')).family, 6);
      assert.equal((await createAddressGuard('10.1.2.0/24')('10.1.2.3')).address, '10.1.2.3');
      await assert.rejects(createAddressGuard('10.1.2.0/24')('10.1.3.1'));
    });
  });

  describe('when a name is public at first and private at the second look (rebinding)', () => {
    it('looks it up once and connects to that address', async () => {
      let lookups = 0;
      const guard = createAddressGuard('127.0.0.0/8', () => {
        lookups++;
        return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
      });
      const { port } = new URL(origin);

      const outcome = await run({ url: `http://rebind.example:${port}/` }, { allow: `http://rebind.example:${port}`, guard });

      // The name exists nowhere: a second look-up by the connection itself would have failed.
      assert.equal(outcome.kind, 'completed');
      assert.equal(lookups, 1);
      assert.equal(received[0]?.headers.host, `rebind.example:${port}`);
    });
  });

  describe('when the address is none that can be called', () => {
    for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'data:text/plain,x', 'https://', 'http://user:pass@sms.example.com/'])
      it(`refuses ${url}`, async () => {
        assert.equal((await failure({ url }, { allow: 'http://sms.example.com' })).retry, false);
      });
  });
});
