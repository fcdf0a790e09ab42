import assert from 'node:assert/strict';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';
import { createRouteContext, type RouteContext } from './route-context.ts';
import { route } from './route.ts';

describe('the address in links', () => {
  const cases: [string, { publicUrl?: string; trustedProxies?: number }, (app: TestApp) => string][] = [
    ["is the request's own", {}, ({ url }) => url],
    ['is the public one when that is set', { publicUrl: 'https://care.example/console' }, () => 'https://care.example'],
    ["is the trusted proxy's", { trustedProxies: 1 }, () => 'https://outside.example'],
  ];
  for (const [what, settings, expected] of cases) {
    it(`${what}, whatever page asks`, async () => {
      let context: RouteContext | null = null;
      const app = await createTestApp({
        settings,
        routes: [
          route({
            id: 'version.get',
            method: 'GET',
            path: '/engine-rest/address',
            summary: '',
            handler: ({ koa }) => ({ body: { address: context?.originFor(koa) } }),
          }),
        ],
      });
      context = createRouteContext(app.context);
      const headers = { origin: 'https://page.example', 'x-forwarded-host': 'outside.example', 'x-forwarded-proto': 'https' };
      const answer = (await (await app.asClient('/engine-rest/address', { headers })).json()) as { address: string };
      assert.equal(answer.address, expected(app));
      await app.close();
    });
  }
});
