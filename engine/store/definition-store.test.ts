import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import {
  compiledModel,
  type DefinitionRow,
  definitionOf,
  deploymentById,
  findDefinition,
  findForm,
  formByHash,
  insertDefinition,
  insertDeployment,
  insertForm,
  latestDefinitions,
  latestDeployment,
  replaceStartSubscriptions,
  resourceContent,
  resourcesOf,
  saveCompiledModel,
  SHARED,
  startSubscriptions,
} from './definition-store.ts';
import type { Store } from './open-store.ts';
import type { Work, Writes } from './unit-of-work.ts';

const HEXI = '120103';

for (const dialect of dialects()) {
  dialect.describe('definition store', () => {
    let store: Store;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
    });
    after(() => store.close());

    /** Runs writes in a unit of their own. */
    const write = (change: (writes: Writes) => void) =>
      store.batcher.run(
        { key: null, name: 'test' },
        function* (writes): Work<void> {
          change(writes);
        },
      );
    function aDefinition(changes: Partial<DefinitionRow>): DefinitionRow {
      const plain = {
        tenant: SHARED,
        key: 'order',
        version: 1,
        versionTag: null,
        name: '工单',
        deploymentId: 1,
        resource: 'order.bpmn',
        modelHash: 'h',
      };
      return { id: store.ids.next(), ...plain, startFormKey: null, isStartable: true, isSuspended: false, ...changes };
    }
    const save = async (changes: Partial<DefinitionRow>) => {
      const definition = aDefinition(changes);
      await write((writes) => insertDefinition(writes, definition));
      return definition;
    };

    it('gives back a deployment with its resources', async () => {
      // given
      const id = store.ids.next();
      const content = new Uint8Array([0, 1, 0xff, 0x27, 0x5c]);
      const deployment = { id, tenant: HEXI, name: '标准', source: 'test', createdAt: 5, createdBy: 'designer' };

      // when
      await write((writes) => insertDeployment(writes, deployment, [{ name: 'a.bpmn', hash: 'ha', content }]));

      // then
      assert.deepEqual(await store.query(deploymentById(id)), deployment);
      assert.deepEqual(await store.query(latestDeployment('标准', HEXI)), deployment);
      assert.deepEqual(await store.query(resourcesOf(id)), [{ name: 'a.bpmn', hash: 'ha' }]);
      assert.deepEqual(Buffer.from((await store.query(resourceContent(id, 'a.bpmn'))) ?? []), Buffer.from(content));
    });

    it('finds versions by number, tag and deployment', async () => {
      // given
      const first = await save({ key: 'versions', deploymentId: 7, versionTag: 'v1' });
      const second = await save({ key: 'versions', version: 2, deploymentId: 8 });

      // then
      assert.deepEqual(await store.query(definitionOf('versions', SHARED, { kind: 'latest' })), second);
      assert.deepEqual(await store.query(definitionOf('versions', SHARED, { kind: 'version', version: 1 })), first);
      assert.deepEqual(await store.query(definitionOf('versions', SHARED, { kind: 'versionTag', versionTag: 'v1' })), first);
      assert.deepEqual(await store.query(definitionOf('versions', SHARED, { kind: 'deployment', deploymentId: 7 })), first);
      assert.equal(await store.query(definitionOf('versions', HEXI, { kind: 'latest' })), null);
    });

    describe('when a district deploys its own version', () => {
      it('hides the shared one there, and only there', async () => {
        // given
        const shared = await save({ key: 'hidden' });
        const own = await save({ key: 'hidden', tenant: HEXI });

        // then
        assert.deepEqual(await store.query(findDefinition('hidden', HEXI)), own);
        assert.deepEqual(await store.query(findDefinition('hidden', '120104')), shared);
        const keyed = async (tenant: string) => (await store.query(latestDefinitions(tenant))).filter(({ key }) => key === 'hidden');
        assert.deepEqual(await keyed(HEXI), [own]);
        assert.deepEqual(await keyed('120104'), [shared]);
      });

      it('hides its message starts too, even when its own version has none', async () => {
        // given
        const shared = await save({ key: 'called' });
        const subscription = { definitionId: shared.id, tenant: SHARED, kind: 'message' as const, name: 'alarm', element: 'start' };
        await write((writes) => replaceStartSubscriptions(writes, null, [subscription]));
        await save({ key: 'called', tenant: HEXI });

        // then
        assert.deepEqual(await store.query(startSubscriptions('message', 'alarm', HEXI)), []);
        assert.deepEqual(await store.query(startSubscriptions('message', 'alarm', '120104')), [subscription]);
      });
    });

    describe('when a new version is deployed', () => {
      it('takes the place of the old one at the message', async () => {
        // given
        const old = await save({ key: 'replaced' });
        const fresh = await save({ key: 'replaced', version: 2 });
        const of = (definitionId: number) => ({
          definitionId,
          tenant: SHARED,
          kind: 'message' as const,
          name: 'replaced',
          element: 'start',
        });
        await write((writes) => replaceStartSubscriptions(writes, null, [of(old.id)]));

        // when
        await write((writes) => replaceStartSubscriptions(writes, old.id, [of(fresh.id)]));

        // then
        assert.deepEqual(await store.query(startSubscriptions('message', 'replaced', HEXI)), [of(fresh.id)]);
      });

      it('is refused when two deployments take the same version number', async () => {
        await save({ key: 'twice' });
        await assert.rejects(save({ key: 'twice' }), { code: 'CONFLICT' });
      });
    });

    it('keeps forms by key and by content, and compiled models by hash', async () => {
      // given
      const form = {
        id: store.ids.next(),
        tenant: SHARED,
        key: 'intake',
        version: 1,
        hash: 'fh',
        deploymentId: 1,
        content: '{"schema":{}}',
        module: 'export {}',
      };

      // when
      await write((writes) => {
        insertForm(writes, form);
        saveCompiledModel(writes, { hash: 'mh', compiler: 1, json: '{"key":"x"}' });
        saveCompiledModel(writes, { hash: 'mh', compiler: 1, json: '{"key":"y"}' });
      });

      // then
      assert.deepEqual(await store.query(findForm('intake', HEXI)), form);
      assert.deepEqual(await store.query(formByHash('fh')), form);
      assert.equal(await store.query(compiledModel('mh', 1)), '{"key":"x"}');
      assert.equal(await store.query(compiledModel('mh', 2)), null);
    });
  });
}
