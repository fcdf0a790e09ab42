import assert from 'node:assert/strict';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';
import { route } from './route.ts';
import { policies } from '#engine/identity/policies.ts';
import { allRoutes } from './all-routes.ts';

const echoBody = { type: 'object', additionalProperties: false, properties: { name: { type: 'string' }, deep: {} } };

describe('app', () => {
  let app: TestApp;

  before(async () => {
    app = await createTestApp({
      routes: [
        // Routes of our own under ids that the policy table has, so that only the frame is tested here.
        route({
          id: 'task.claim',
          method: 'POST',
          path: '/engine-rest/echo',
          summary: '',
          body: echoBody,
          handler: ({ body }) => ({ body }),
        }),
        route({ id: 'task.get', method: 'GET', path: '/engine-rest/echo/:id', summary: '', handler: ({ params }) => ({ body: params }) }),
        route({
          id: 'task.list',
          method: 'GET',
          path: '/engine-rest/boom',
          summary: '',
          handler: () => {
            throw new Error('a secret inside');
          },
        }),
        route({
          id: 'api.session.locale',
          method: 'POST',
          path: '/api/echo',
          summary: '',
          body: echoBody,
          handler: ({ body }) => ({ body }),
        }),
        route({
          id: 'api.session.get',
          method: 'GET',
          path: '/api/boom',
          summary: '',
          handler: () => {
            throw new Error('a secret inside');
          },
        }),
      ],
    });
  });
  after(() => app.close());

  describe('when the route table is compared with the policy table', () => {
    it('has a rule for every route and a route for every rule', () => {
      const served = new Set(allRoutes(app.context).map(({ id }) => id));
      served.add('node-red.open');
      const elsewhere = (id: string) => /^api\.(alert|device|device-event|inbox)\./.test(id);
      assert.deepEqual(
        [...served].filter((id) => !(id in policies)),
        [],
        'routes without a rule',
      );
      assert.deepEqual(
        Object.keys(policies).filter((id) => !served.has(id) && !elsewhere(id)),
        [],
        'rules without a route',
      );
    });

    it('gives every route another id', () => {
      const ids = allRoutes(app.context).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    });
  });

  describe('when nobody is signed in', () => {
    it("answers 401 in Camunda's form under /engine-rest", async () => {
      const answer = await app.fetch('/engine-rest/echo/1');
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      assert.equal(((await answer.json()) as { type: string }).type, 'AuthenticationException');
    });

    it("answers 401 as problem details in the caller's language under /api", async () => {
      const answer = await app.fetch('/api/echo', { method: 'POST', headers: { 'accept-language': 'en-GB' } });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      const problem = (await answer.json()) as { code: string; title: string };
      assert.equal(problem.code, 'NOT_AUTHENTICATED');
      assert.equal(problem.title, 'Please sign in');
      const chinese = (await (await app.fetch('/api/echo', { method: 'POST' })).json()) as { title: string };
      assert.equal(chinese.title, '请先登录');
    });

    for (const header of ['Basic !!!', 'Basic ZW5naW5lOndyb25n', 'Bearer nonsense', 'Bearer', 'Basic', 'Nonsense x', '']) {
      it(`refuses the credentials "${header}"`, async () => {
        const answer = await app.fetch('/engine-rest/echo/1', { headers: { authorization: header } });
        assert.equal(answer.status, 401);
      });
    }
  });

  describe('when an API client calls', () => {
    it('answers with exactly application/json', async () => {
      const answer = await app.asClient('/engine-rest/echo/7');
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      assert.deepEqual(await answer.json(), { id: '7' });
    });

    it('serves the same routes under /engine/default', async () => {
      const answer = await app.asClient('/engine-rest/engine/default/echo/7');
      assert.equal(answer.status, 200);
    });

    it('refuses it where its scope does not reach', async () => {
      const answer = await app.asClient('/api/echo', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
      assert.equal(answer.status, 403);
    });

    it('sends the security headers', async () => {
      const { headers } = await app.asClient('/engine-rest/echo/7');
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.ok(headers.get('x-request-id'));
    });
  });

  describe('when the body is not what the schema says', () => {
    const post = (body: string, type = 'application/json') =>
      app.asClient('/engine-rest/echo', { method: 'POST', body, headers: { 'content-type': type } });
    const cases: [string, string, number, string?][] = [
      ['broken JSON', '{"name":', 400],
      ['an unknown property', '{"name":"x","role":"admin"}', 400],
      ['a wrong type', '{"name":1}', 400],
      ['__proto__', '{"__proto__":{"x":1}}', 400],
      ['__proto__ deep inside', '{"deep":[{"a":{"__proto__":{"x":1}}}]}', 400],
      ['constructor', '{"deep":{"constructor":{"prototype":{"x":1}}}}', 400],
      ['an escaped __proto__', '{"\\u005f_proto__":{"x":1}}', 400],
      ['bottomless nesting', `{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
      ['half a million brackets', '['.repeat(500_000), 400],
      ['70,000 properties', JSON.stringify({ deep: Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, 1])) }), 400],
      ['a number beyond all', '{"deep":{"x":1e400}}', 400],
      ['a NUL character', '{"name":"\\u0000"}', 400],
      ['half a surrogate pair', '{"deep":["\\ud800"]}', 400],
      ['more than the limit', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 413],
      ['another content type', 'name=x', 415, 'application/x-www-form-urlencoded'],
      ['text', '{"name":"x"}', 415, 'text/plain'],
    ];
    for (const [what, body, status, type] of cases) {
      it(`answers ${status} to ${what}`, async () => {
        const answer = await post(body, type);
        assert.equal(answer.status, status);
        assert.equal(answer.headers.get('content-type'), 'application/json');
        assert.equal(((await answer.json()) as { type: string }).type, 'InvalidRequestException');
        assert.equal(({} as { x?: number }).x, undefined);
      });
    }

    it('names the field', async () => {
      const answer = await post('{"deep":{"rooms":[1,{"x":1e400}]}}');
      assert.match(((await answer.json()) as { message: string }).message, /\/deep\/rooms\/1\/x/);
    });

    it('refuses what is not UTF-8', async () => {
      const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      const answer = await app.asClient('/engine-rest/echo', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      assert.equal(answer.status, 400);
      assert.match(((await answer.json()) as { message: string }).message, /UTF-8/);
    });

    it('takes a charset', async () => {
      assert.equal((await post('{"name":"张"}', 'application/json; charset=UTF-8')).status, 200);
    });
  });

  describe('when the query has what the route does not know', () => {
    for (const query of ['unknown=1', 'a[]=1', 'firstResult=1&firstResult=2', '__proto__=1']) {
      it(`answers 400 to ?${query}`, async () => {
        assert.equal((await app.asClient(`/engine-rest/echo/1?${query}`)).status, 400);
      });
    }
  });

  describe('when a handler fails by our own fault', () => {
    it('hides the message and names the request', async () => {
      for (const path of ['/engine-rest/boom', '/api/boom']) {
        const answer = path.startsWith('/api') ? await app.asUser(path) : await app.asClient(path);
        assert.equal(answer.status, 500);
        assert.doesNotMatch(await answer.text(), /secret/);
      }
    });
  });

  describe('when the path or method does not exist', () => {
    it('answers 404 and 405 in the form of the surface', async () => {
      assert.equal((await app.asClient('/engine-rest/nothing')).status, 404);
      assert.equal((await app.fetch('/api/nothing')).headers.get('content-type'), 'application/problem+json');
      const answer = await app.asClient('/engine-rest/echo/1', { method: 'DELETE' });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get('allow'), 'GET');
    });
  });

  describe('when a signed-in browser writes', () => {
    const body = '{"name":"x"}';
    const type = { 'content-type': 'application/json' };

    it('needs the token of its session', async () => {
      const { cookie, csrfToken } = await app.signIn();
      const without = await app.fetch('/api/echo', { method: 'POST', body, headers: { ...type, cookie } });
      assert.equal(without.status, 403);
      const wrong = await app.fetch('/api/echo', { method: 'POST', body, headers: { ...type, cookie, 'x-csrf-token': 'x'.repeat(43) } });
      assert.equal(wrong.status, 403);
      const right = await app.fetch('/api/echo', { method: 'POST', body, headers: { ...type, cookie, 'x-csrf-token': csrfToken } });
      assert.equal(right.status, 200);
    });

    it('is refused when the page is of another origin', async () => {
      const { cookie, csrfToken } = await app.signIn();
      const headers = { ...type, cookie, 'x-csrf-token': csrfToken, origin: 'https://evil.example' };
      assert.equal((await app.fetch('/api/echo', { method: 'POST', body, headers })).status, 403);
    });
  });

  describe('health', () => {
    it('answers without a session', async () => {
      assert.equal((await app.fetch('/healthz')).status, 200);
      assert.equal((await app.fetch('/readyz')).status, 200);
    });
  });
});
