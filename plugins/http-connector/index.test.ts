import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { itIsAPlugin } from '#plugins/api.test-suite.ts';
import { httpConnectorWorld } from '#test/support/http-connector-world.ts';
import { type Answer, json } from '#test/support/other-system.ts';
import type { HttpOptions } from './index.ts';
import { MAX_ANSWER_BYTES } from './send-request.ts';

describe('HTTP connector', () => {
  const { system, logged, secrets, run, failure } = httpConnectorWorld();

  itIsAPlugin({
    folder: import.meta.dirname,
    settings: () => ({ SONGBAI_HTTP_ALLOW: `*.example.com,${system.origin}`, SONGBAI_HTTP_PRIVATE: '127.0.0.0/8' }),
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
      system.answer = () => undefined;
      return { url: system.origin, timeoutMs: 60_000 };
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

  describe('when the other system answers', () => {
    it('gives status, headers and the parsed body', async () => {
      system.answer = json(201, { id: 7 }, { 'x-trace': 't1', 'set-cookie': 'sid=1' });

      const outcome = await run({ url: `${system.origin}/messages` });

      assert.ok(outcome.kind === 'completed' && outcome.output);
      const { status, headers, body } = outcome.output;
      assert.deepEqual([status, body], [201, { id: 7 }]);
      assert.equal((headers as Record<string, string>)['x-trace'], 't1');
      assert.equal('set-cookie' in (headers as object), false);
    });

    it('gives text that is no JSON as it is', async () => {
      system.answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('你好');
      const outcome = await run({ url: system.origin });
      assert.equal(outcome.kind === 'completed' && outcome.output?.['body'], '你好');
    });

    it('reads it in the charset that it names', async () => {
      system.answer = (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json;charset=GBK' })
          .end(Buffer.from([0x22, 0xc4, 0xe3, 0xba, 0xc3, 0x22]));
      const outcome = await run({ url: system.origin });
      assert.equal(outcome.kind === 'completed' && outcome.output?.['body'], '你好');
    });

    it('has sent method, query, headers, JSON and an idempotency key', async () => {
      await run({
        method: 'POST',
        url: `${system.origin}/messages?a=1`,
        query: [{ name: 'b c', value: '&' }],
        headers: [{ name: 'X-Trace', value: 't' }],
        body: { text: '您好', list: [1] },
      });

      const [request] = system.received;
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
      url: system.origin,
      headers: [{ name: 'Content-Type', value: type }],
      ...(body !== undefined && { body }),
    });

    it('sends an object as a form, and a text as it is', async () => {
      await run(send('application/x-www-form-urlencoded', { to: '139', text: 'a&b 您', none: null }));
      await run(send('text/xml', '<a/>'));
      assert.deepEqual(
        system.received.map(({ body }) => body),
        ['to=139&text=a%26b+%E6%82%A8&none=', '<a/>'],
      );
      assert.equal(system.received[1]?.headers['content-type'], 'text/xml');
    });

    it('refuses what cannot be written like that', async () => {
      for (const options of [
        send('text/xml', { a: 1 }),
        send('application/x-www-form-urlencoded', { a: { b: 1 } }),
        send('application/x-www-form-urlencoded', [1]),
      ])
        assert.equal((await failure(options)).retry, false);
      assert.equal(system.received.length, 0);
    });
  });

  describe('when it answers with an error', () => {
    it('tries again later for statuses that may pass, as late as the answer asks', async () => {
      system.answer = json(503, { reason: 'busy' }, { 'retry-after': '30' });
      const outcome = await failure({ url: system.origin });
      assert.deepEqual(outcome, {
        kind: 'failed',
        message: `Expected ${system.origin} to answer 2xx, but it answered 503`,
        retry: true,
        retryAfterMs: 30_000,
        details: '{"reason":"busy"}',
      });
    });

    it('does not try again for others', async () => {
      system.answer = json(404, {});
      assert.equal((await failure({ url: system.origin })).retry, false);
    });

    it('throws the BPMN error that the model names for the status', async () => {
      system.answer = json(404, {});
      const errorCodes = [
        { status: '404', code: 'UNKNOWN_ELDER' },
        { status: '4xx', code: 'REJECTED' },
      ];
      assert.deepEqual(await run({ url: system.origin, errorCodes }), {
        kind: 'bpmnError',
        code: 'UNKNOWN_ELDER',
        message: `Expected ${system.origin} to answer 2xx, but it answered 404`,
      });
      system.answer = json(409, {});
      const rejected = await run({ url: system.origin, errorCodes });
      assert.equal(rejected.kind === 'bpmnError' && rejected.code, 'REJECTED');
    });

    it('follows no redirect', async () => {
      system.answer = (_request, response) => void response.writeHead(302, { location: `${system.origin}/elsewhere` }).end();
      assert.match((await failure({ url: system.origin })).message, /answered 302/);
      assert.equal(system.received.length, 1);
    });
  });

  describe('when it answers badly', () => {
    it('gives up on an answer that is too large', async () => {
      system.answer = (_request, response) => void response.writeHead(200).end('x'.repeat(MAX_ANSWER_BYTES + 1));
      const outcome = await failure({ url: system.origin });
      assert.match(outcome.message, /at most 524288 bytes/);
      assert.equal(outcome.retry, false);
    });

    it('gives up on a compressed answer, which may be small here and large there', async () => {
      system.answer = (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync('x'.repeat(1_000_000)));
      assert.match((await failure({ url: system.origin })).message, /not compressed/);
    });

    it('tries again after JSON that is none, a cut answer and a closed connection', async () => {
      const bad: Answer[] = [
        (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'),
        (_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('abc', () => response.destroy()),
        (_request, response) => void response.destroy(),
      ];
      for (const answer of bad) {
        system.answer = answer;
        assert.equal((await failure({ url: system.origin })).retry, true);
      }
    });

    it('waits no longer than its time limit', async () => {
      system.answer = () => undefined;
      assert.equal(
        (await failure({ url: system.origin, timeoutMs: 100 })).message,
        `Expected ${system.origin} to answer within 100 ms, but it did not`,
      );
    });

    it('stops when the engine stops', async () => {
      system.answer = () => undefined;
      const controller = new AbortController();
      const outcome = run({ url: system.origin }, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('stop')), 50);
      assert.equal((await outcome).kind, 'failed');
    });
  });

  describe('when a header names a secret', () => {
    it('sends it, and writes it neither to the log nor into a failure', async () => {
      logged.length = 0;
      system.answer = (request, response) => void response.writeHead(400).end(`bad ${request.headers.authorization}`);

      const outcome = await failure({
        url: `${system.origin}/p?phone=13900000000`,
        headers: [{ name: 'Authorization', value: 'Bearer {secret}', secret: 'TOKEN' }],
      });

      assert.equal(system.received[0]?.headers.authorization, 'Bearer s3cr3t-token');
      assert.equal(outcome.details, 'bad Bearer ***');
      assert.ok(logged.length > 0);
      assert.doesNotMatch(JSON.stringify(logged), /s3cr3t|13900000000/);
    });

    it('sends it as it is, whatever signs it is made of', async () => {
      secrets['SIGNS'] = 'a$&b$$c';
      await run({ url: system.origin, headers: [{ name: 'X-Key', value: 'Key {secret}', secret: 'SIGNS' }] });
      assert.equal(system.received[0]?.headers['x-key'], 'Key a$&b$$c');
    });

    it('fails for good when there is none', async () => {
      const outcome = await failure({ url: system.origin, headers: [{ name: 'X-Key', secret: 'OTHER' }] });
      assert.deepEqual([outcome.message, outcome.retry], ['Expected a secret "OTHER", but there is none', false]);
      assert.equal(system.received.length, 0);
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
        assert.equal((await failure({ url: system.origin, headers: [header] })).retry, false);
        assert.equal(system.received.length, 0);
      });
  });
});
