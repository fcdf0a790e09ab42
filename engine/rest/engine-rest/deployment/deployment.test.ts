import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dialects } from '#test/support/dialects.ts';
import type { File, Json } from '#test/support/engine-rest-world.ts';
import { ORDER, orderWorld, type OrderWorld } from '#test/support/order-world.ts';
import { one } from '#test/support/small-processes.ts';

const FORM = ['schema.json', 'ui.json', 'zh-CN.json', 'en.json'].map((name) => ({
  name,
  content: readFileSync(new URL(`../../../../forms/work-order-rating/${name}`, import.meta.url), 'utf8'),
}));
const inFolder =
  (folder: string) =>
  ({ name, content }: File) => ({ name: folder + name, content });

for (const dialect of dialects()) dialect.describe('deployments over engine-rest', () => deploymentsOn(dialect.newDatabase));

function deploymentsOn(newDatabase: () => Promise<string>): void {
  let world: OrderWorld;

  before(async function () {
    this.timeout(60_000);
    world = await orderWorld(await newDatabase());
  });
  after(() => world.stop());

  const deployOrder = (content: string, fields: Record<string, string> = {}) =>
    world.upload([{ name: 'order.bpmn', content }], { 'deployment-source': 'Camunda Modeler', ...fields });

  describe('when a model is deployed', () => {
    it('answers with the definitions by id', async () => {
      const answer = await deployOrder(ORDER);
      const body = (await answer.json()) as {
        id: string;
        links: { href: string }[];
        deployedProcessDefinitions: Record<string, { key: string; versionTag: string; historyTimeToLive: number }>;
      };
      assert.equal(answer.status, 200);
      const [definition] = Object.values(body.deployedProcessDefinitions);
      assert.equal(definition?.key, 'order');
      assert.equal(definition?.versionTag, '1.0');
      assert.equal(definition?.historyTimeToLive, 30);
      assert.equal(body.links[0]?.href, `${world.server.url}/engine-rest/deployment/${body.id}`);
      assert.equal((await world.get(`/deployment/${body.id}`))['name'], 'test');
    });

    it('deploys nothing when nothing changed', async () => {
      await deployOrder(ORDER, { 'enable-duplicate-filtering': 'true' });
      const before = (await world.get<{ count: number }>('/process-definition/count?key=order')).count;
      const answer = await deployOrder(ORDER, { 'enable-duplicate-filtering': 'true' });
      assert.equal(((await answer.json()) as Json)['deployedProcessDefinitions'], null);
      assert.equal((await world.get<{ count: number }>('/process-definition/count?key=order')).count, before);
    });

    it('explains a broken model as the Modeler expects it', async () => {
      const answer = await deployOrder(ORDER.replace('camunda:topic="score"', ''));
      const body = (await answer.json()) as {
        type: string;
        message: string;
        details: Record<string, { errors: { mainElementId: string }[] }>;
      };
      assert.equal(answer.status, 400);
      assert.equal(body.type, 'ParseException');
      assert.match(body.message, /^ENGINE-09005 Could not parse BPMN process\./);
      assert.equal(body.details['order.bpmn']?.errors[0]?.mainElementId, 'score');
    });

    it('refuses another tenant, a field that is no resource, and a body that is no form', async () => {
      assert.equal((await deployOrder(ORDER, { 'tenant-id': '120104' })).status, 403);
      assert.equal((await deployOrder(ORDER, { nonsense: 'x' })).status, 400);
      assert.equal((await world.call('POST', '/deployment/create', {})).status, 415);
    });

    it('takes a form by the folder of its files, and refuses files that belong to no form', async () => {
      const whole = await world.upload(FORM.map(inFolder('my-form/')));
      assert.equal(whole.status, 200, await whole.clone().text());
      const withForm = await deployOrder(
        ORDER.replace('process id="order"', 'process id="with-form"').replace(
          '<bpmn:userTask ',
          '<bpmn:userTask camunda:formKey="my-form" ',
        ),
      );
      assert.equal(withForm.status, 200, await withForm.clone().text());

      const bare = await world.upload(FORM);
      assert.equal(bare.status, 400);
      assert.match(((await bare.json()) as { message: string }).message, /schema\.json/);
      const half = await world.upload(FORM.slice(0, 2).map(inFolder('half-form/')));
      assert.equal(half.status, 400);
      assert.match(((await half.json()) as { message: string }).message, /half-form\/zh-CN\.json/);
    });

    it('takes the whole form when one of its files changed', async () => {
      const upload = (brace: string) => {
        const files = FORM.map(({ name, content }) => ({ name, content: name === 'en.json' ? content.replace('{', brace) : content }));
        return world.upload(files.map(inFolder('one-form/')), { 'deploy-changed-only': 'true' });
      };
      const first = (await (await upload('{')).json()) as { id: string };
      const changed = await upload('{ ');
      assert.equal(changed.status, 200, await changed.clone().text());
      const second = (await changed.json()) as { id: string };
      assert.notEqual(second.id, first.id);
      assert.equal(((await (await upload('{ ')).json()) as { id: string }).id, second.id);
    });

    it('says how many days history is kept', async () => {
      assert.equal((await world.get('/process-definition/key/order'))['historyTimeToLive'], 30);
      const [listed] = await world.get<Json[]>('/process-definition?key=order&latestVersion=true');
      assert.equal(listed?.['historyTimeToLive'], 30);
    });

    it('serves the XML', async () => {
      const { bpmn20Xml } = await world.get<{ bpmn20Xml: string }>('/process-definition/key/order/xml');
      assert.equal(bpmn20Xml, ORDER);
    });
  });

  describe('files of a deployment', () => {
    it('are listed, read and deployed again', async () => {
      const file = one('again');
      const { id } = await world.deploy(file);
      const [resource] = await world.get<{ id: string; name: string; deploymentId: string }[]>(`/deployment/${id}/resources`);
      assert.deepEqual([resource?.name, resource?.deploymentId], ['again.bpmn', id]);
      assert.deepEqual(await world.get(`/deployment/${id}/resources/${resource?.id}`), resource);
      const data = await world.call('GET', `/deployment/${id}/resources/${resource?.id}/data`);
      assert.equal(await data.text(), file.content);
      const again = await world.ok<{ deployedProcessDefinitions: Record<string, { version: number }> }>(
        'POST',
        `/deployment/${id}/redeploy`,
        { resourceNames: ['again.bpmn'] },
      );
      assert.deepEqual(
        Object.values(again.deployedProcessDefinitions).map(({ version }) => version),
        [2],
      );
      await world.refused(404, 'POST', `/deployment/${id}/redeploy`, { resourceNames: ['nowhere.bpmn'] });
    });
  });

  describe('when a deployment is deleted', () => {
    it('goes with cascade only, if instances run', async () => {
      const { id } = await world.deploy(one('gone'));
      const instance = await world.start('gone');
      await world.refused(500, 'DELETE', `/deployment/${id}`);
      await world.ok('DELETE', `/deployment/${id}?cascade=true`);
      await world.refused(404, 'GET', `/deployment/${id}`);
      await world.refused(404, 'GET', `/process-instance/${instance}`);
      await world.refused(404, 'GET', `/history/process-instance/${instance}`);
    });
  });
}
