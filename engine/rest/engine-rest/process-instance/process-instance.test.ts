import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import type { Json } from '#test/support/engine-rest-world.ts';
import { orderWorld, type OrderWorld } from '#test/support/order-world.ts';

for (const dialect of dialects()) dialect.describe('process instances over engine-rest', () => instancesOn(dialect.newDatabase));

function instancesOn(newDatabase: () => Promise<string>): void {
  let world: OrderWorld;

  before(async function () {
    this.timeout(60_000);
    world = await orderWorld(await newDatabase());
  });
  after(() => world.stop());

  describe('when an instance is started', () => {
    it("answers in Camunda's form", async () => {
      const answer = await world.call('POST', '/process-definition/key/order/start', {
        businessKey: 'B-1',
        variables: { amount: { value: 3, type: 'Integer' } },
        withVariablesInReturn: true,
      });
      const body = (await answer.json()) as Json;
      assert.equal(body['businessKey'], 'B-1');
      assert.equal(body['ended'], false);
      assert.equal(typeof body['id'], 'string');
      assert.deepEqual(body['variables'], { amount: { type: 'Integer', value: 3, valueInfo: {} } });
    });

    it('starts once per idempotency key', async () => {
      const first = await world.startOrder({}, { 'idempotency-key': 'once' });
      assert.equal(await world.startOrder({}, { 'idempotency-key': 'once' }), first);
    });

    it('answers 404 to an unknown key and 400 to a value that is not of its type', async () => {
      assert.equal((await world.call('POST', '/process-definition/key/nothing/start', {})).status, 404);
      const answer = await world.call('POST', '/process-definition/key/order/start', { variables: { n: { value: 'x', type: 'Integer' } } });
      assert.equal(answer.status, 400);
      assert.equal(((await answer.json()) as Json)['type'], 'InvalidRequestException');
    });
  });

  describe('when variables travel', () => {
    const cases: [string, Json, Json][] = [
      ['lower-case types', { value: 'x', type: 'string' }, { type: 'String', value: 'x' }],
      ['no type', { value: true }, { type: 'Boolean', value: true }],
      ['dates', { value: '2026-11-22T08:00:00.000+0800', type: 'Date' }, { type: 'Date', value: '2026-11-22T00:00:00.000+0000' }],
      ['JSON as text', { value: '{"a":[1]}', type: 'json' }, { type: 'Json', value: '{"a":[1]}' }],
      ['long numbers', { value: 9_007_199_254_740_991, type: 'Long' }, { type: 'Long', value: 9_007_199_254_740_991 }],
      ['null', { value: null, type: 'Null' }, { type: 'Null', value: null }],
    ];
    for (const [what, sent, expected] of cases) {
      it(`keeps ${what}`, async () => {
        const instance = await world.startOrder({ v: sent });
        const { v } = await world.get<{ v: Json }>(`/process-instance/${instance}/variables`);
        assert.deepEqual({ type: v?.['type'], value: v?.['value'] }, expected);
      });
    }

    it('hands out files byte for byte as a download', async () => {
      const bytes = Buffer.from([0, 1, 2, 255]);
      const instance = await world.startOrder({
        f: { type: 'File', value: bytes.toString('base64'), valueInfo: { filename: 'a.png', mimetype: 'image/png' } },
      });
      const { f } = await world.get<{ f: Json }>(`/process-instance/${instance}/variables`);
      assert.equal(f?.['value'], null);
      const answer = await world.call('GET', `/execution/${instance}/localVariables/f/data`);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
      assert.equal(answer.headers.get('content-type'), 'image/png');
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
    });

    it('sets and removes', async () => {
      const instance = await world.startOrder({ a: { value: 1 } });
      assert.equal(
        (await world.call('POST', `/process-instance/${instance}/variables`, { modifications: { b: { value: 2 } }, deletions: ['a'] }))
          .status,
        204,
      );
      assert.deepEqual(Object.keys(await world.get(`/process-instance/${instance}/variables`)), ['b']);
      assert.equal((await world.call('PUT', `/process-instance/${instance}/variables/c`, { value: 'x', type: 'String' })).status, 204);
      assert.equal((await world.get(`/process-instance/${instance}/variables/c`))['value'], 'x');
      assert.equal((await world.call('PUT', `/process-instance/${instance}/variables/__proto__`, { value: 'x' })).status, 400);
    });
  });

  describe('when an instance is deleted', () => {
    it('is gone from the runtime and terminated in history', async () => {
      const instance = await world.startOrder();
      assert.equal((await world.call('DELETE', `/process-instance/${instance}`)).status, 204);
      assert.equal((await world.call('GET', `/process-instance/${instance}`)).status, 404);
      assert.equal((await world.get(`/history/process-instance/${instance}`))['state'], 'EXTERNALLY_TERMINATED');
      assert.equal((await world.call('DELETE', `/process-instance/${instance}`)).status, 404);
    });
  });

  describe('when running and ended are listed', () => {
    it('shows what runs, with history holding both', async () => {
      const running = await world.startOrder();
      const { id } = await world.lockScore(running);
      const [activity] = await world.get<Json[]>(`/history/activity-instance?processInstanceId=${running}&unfinished=true`);
      assert.equal(activity?.['activityId'], 'score');
      assert.equal(activity?.['id'], id);
      assert.equal((await world.get<{ count: number }>(`/process-instance/count?processInstanceIds=${running}`)).count, 1);
      assert.equal((await world.get(`/history/process-instance/${running}`))['state'], 'ACTIVE');
      assert.ok((await world.get<{ count: number }>('/history/process-instance/count?finished=true&processDefinitionKey=order')).count > 0);
    });
  });
}
