import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dialects } from '#test/support/dialects.ts';
import { json, otherSystem } from '#test/support/other-system.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const MODEL = readFileSync(new URL('./order-sms.bpmn', import.meta.url), 'utf8');
const PHONE = '13900001111';

/** The whole way: a model is deployed and started over HTTP, the engine calls another system, the process goes on. */
for (const dialect of dialects()) {
  dialect.describe('a process that calls another system', () => {
    let server: TestServer;
    let answers: { status: number; body: unknown }[];
    const gateway = otherSystem();

    before(async function () {
      this.timeout(60_000);
      server = await createTestServer({
        SONGBAI_DATABASE_URL: await dialect.newDatabase(),
        SONGBAI_PLUGINS: 'http-connector,no-such-plugin',
        SONGBAI_HTTP_ALLOW: `120103@${gateway.origin}`,
        SONGBAI_HTTP_PRIVATE: '127.0.0.1/32',
        SONGBAI_SECRET_SMS_TOKEN: 's3cr3t',
      });
      const deployed = await deploy(MODEL);
      assert.equal(deployed.status, 200, await deployed.text());
    });
    after(() => server?.stop());
    beforeEach(() => {
      answers = [];
      gateway.answer = (request, response) => {
        const { status, body } = answers.shift() ?? { status: 200, body: { id: 7 } };
        json(status, body)(request, response);
      };
    });

    async function deploy(xml: string): Promise<Response> {
      const form = new FormData();
      form.set('deployment-name', 'order-sms');
      form.set('order-sms.bpmn', new Blob([xml]), 'order-sms.bpmn');
      return fetch(`${server.url}/engine-rest/deployment/create`, {
        method: 'POST',
        headers: { authorization: server.authorization, 'accept-language': 'en' },
        body: form,
      });
    }
    async function get<T>(path: string): Promise<T> {
      return (await (await fetch(`${server.url}/engine-rest${path}`, { headers: { authorization: server.authorization } })).json()) as T;
    }
    async function start(variables: Record<string, unknown> = {}): Promise<string> {
      const all = { gateway: gateway.origin, phone: PHONE, name: '王秀英', ...variables };
      const body = { variables: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { value }])) };
      const response = await fetch(`${server.url}/engine-rest/process-definition/key/order-sms/start`, {
        method: 'POST',
        headers: { authorization: server.authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
      return ((await response.json()) as { id: string }).id;
    }
    async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
      for (const deadline = performance.now() + 10_000; performance.now() < deadline; await sleep(20)) {
        const found = await look();
        if (found !== undefined) return found;
      }
      return assert.fail(`expected ${what} within 10 s`);
    }
    const taskOf = (id: string) =>
      eventually(
        `a task of ${id}`,
        async () => (await get<{ taskDefinitionKey: string }[]>(`/task?processInstanceId=${id}`))[0]?.taskDefinitionKey,
      );
    const incidentOf = (id: string) =>
      eventually(
        `an incident of ${id}`,
        async () => (await get<{ incidentMessage: string }[]>(`/incident?processInstanceId=${id}`))[0]?.incidentMessage,
      );

    describe('when it answers', () => {
      it('has its answer in the result variable, and got what the model says, with the secret', async () => {
        const id = await start();

        assert.equal(await taskOf(id), 'done');
        const { value } = await get<{ value: unknown }>(`/process-instance/${id}/variables/sms?deserializeValue=true`);
        const sms = (typeof value === 'string' ? JSON.parse(value) : value) as { status: number; body: unknown };
        assert.deepEqual([sms.status, sms.body], [200, { id: 7 }]);
        assert.deepEqual(
          gateway.received.map(({ headers, body }) => [headers.authorization, JSON.parse(body) as unknown]),
          [['Bearer s3cr3t', { to: PHONE, text: '您好，王秀英' }]],
        );
        assert.doesNotMatch(JSON.stringify(await get(`/process-instance/${id}/variables`)), /s3cr3t/);
      });
    });

    describe('when it fails for a moment', () => {
      it('is called again with the same key', async () => {
        answers = [{ status: 503, body: {} }];
        assert.equal(await taskOf(await start()), 'done');
        assert.equal(gateway.received.length, 2);
        assert.equal(gateway.received[0]?.headers['idempotency-key'], gateway.received[1]?.headers['idempotency-key']);
      });
    });

    describe('when it keeps failing', () => {
      it('makes an incident after the tries that the model says', async () => {
        answers = Array.from({ length: 9 }, () => ({ status: 500, body: {} }));
        assert.equal(await incidentOf(await start()), `Expected ${gateway.origin} to answer 2xx, but it answered 500`);
        assert.equal(gateway.received.length, 2);
      });
    });

    describe('when it knows an error that the model names', () => {
      it('goes on at the boundary event', async () => {
        answers = [{ status: 404, body: {} }];
        assert.equal(await taskOf(await start()), 'call');
      });
    });

    describe('when an expression gives an address that is none, or is not allowed', () => {
      it('makes an incident at once that says what to do, and calls nobody', async () => {
        assert.match(
          await incidentOf(await start({ gateway: 'sms' })),
          /options of plugin http-connector to fit its schema, but: \/url Please enter an address/,
        );
        assert.match(await incidentOf(await start({ gateway: 'http://127.0.0.1:1' })), /add it to SONGBAI_HTTP_ALLOW/);
        assert.equal(gateway.received.length, 0);
      });
    });

    describe('when literal options are wrong', () => {
      const problemsOf = async (xml: string) => {
        const response = await deploy(xml);
        assert.equal(response.status, 400);
        return ((await response.json()) as { message: string }).message;
      };

      it('refuses the deployment and names the place', async () => {
        assert.match(
          await problemsOf(MODEL.replace('"timeoutMs": 2000', '"timeoutMs": 99')),
          /"send-sms" are wrong: \/timeoutMs Not less than 100|“send-sms” 的插件选项有误：\/timeoutMs/,
        );
        assert.match(await problemsOf(MODEL.replace('"url": "${gateway}/messages",', '')), /\/url/);
      });

      it('refuses a plugin that is not there', async () => {
        assert.match(await problemsOf(MODEL.replace('songbai:plugin="http-connector"', 'songbai:plugin="telex"')), /telex.*http-connector/);
      });
    });

    describe('GET /api/plugins', () => {
      it('shows designers what runs, with the form of its options in both languages, and what does not', async () => {
        const response = await (await server.signIn('admin')).get('/api/plugins');
        assert.equal(response.status, 200);
        const { active, failed } = (await response.json()) as {
          active: {
            id: string;
            kinds: string[];
            options: { schema: { required: string[] }; messages: Record<string, { title: string }> };
          }[];
          failed: { name: string }[];
        };
        assert.deepEqual(
          active.map(({ id, kinds }) => [id, kinds]),
          [['http-connector', ['serviceTask']]],
        );
        assert.deepEqual(active[0]?.options.schema.required, ['url']);
        assert.deepEqual(
          Object.values(active[0]?.options.messages ?? {}).map(({ title }) => title),
          ['HTTP 请求', 'HTTP request'],
        );
        assert.deepEqual(
          failed.map(({ name }) => name),
          ['no-such-plugin'],
        );
      });

      it('names the form that the console renders, with its validator', async () => {
        const admin = await server.signIn('admin');
        const { active } = (await (await admin.get('/api/plugins')).json()) as { active: { definitionUrl: string; moduleUrl: string }[] };
        const { definitionUrl = '', moduleUrl = '' } = active[0] ?? {};
        const definition = (await (await admin.get(definitionUrl)).json()) as { ui: { type: string } };
        assert.equal(definition.ui.type, 'VerticalLayout');
        const module = await admin.get(moduleUrl);
        assert.deepEqual([module.status, module.headers.get('content-type')?.split(';')[0]], [200, 'text/javascript']);
        assert.match(await module.text(), /export const validate/);
      });

      it('is closed to strangers and to field work', async () => {
        assert.equal((await fetch(`${server.url}/api/plugins`)).status, 401);
        assert.equal((await (await server.signIn('worker')).get('/api/plugins')).status, 403);
      });
    });
  });
}
