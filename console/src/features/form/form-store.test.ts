import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { effect, nextTick, ref } from 'vue';
import type { FormsService, LoadedForm, StoredForm } from '#engine/forms/forms-service.ts';
import type { FormDefinition, Locale, ValidatorModule } from '#forms/runtime/form.ts';
import { aForm, aFormsService } from '#test/support/form-builder.ts';
import { generateValidator } from '#engine/forms/generate-validator.ts';
import { factRuns } from './fact-runs.ts';
import { createFormStore, type FormStore } from './form-store.ts';
import type { Permissions } from '#forms/runtime/permissions.ts';

const source = (name: string): string => new URL(`../../../../forms/runtime/${name}`, import.meta.url).href;

/** The validator as a browser imports it, the shared parts straight from their source. */
async function importValidator(definition: FormDefinition): Promise<ValidatorModule> {
  const folder = await mkdtemp(join(tmpdir(), 'songbai-store-'));
  const file = join(folder, 'validator.mjs');
  await writeFile(
    file,
    generateValidator(definition, { validatorSupport: source('validator-support.ts'), patterns: source('patterns.ts') }),
  );
  const module = (await import(pathToFileURL(file).href)) as ValidatorModule;
  await rm(folder, { recursive: true });
  return module;
}

describe('form store', () => {
  const locale = ref<Locale>('en');
  let module: ValidatorModule;
  let service: FormsService;
  let server: LoadedForm;
  before(async () => {
    module = await importValidator(aForm());
    service = await aFormsService();
    server = await service.load((await service.prepare(aForm())).form as StoredForm);
  });
  after(() => service.close());

  const open = (data = {}, permissions: Permissions = {}): FormStore =>
    createFormStore({ id: 'f', definition: aForm(), module, permissions, data, locale });

  describe('when a field changes', () => {
    it('re-renders that field, and those that a rule ties to it', async () => {
      const store = open();
      const runs: Record<string, number> = {};
      for (const pointer of ['/elderName', '/kind', '/reason', '/score']) {
        effect(() => {
          store.value(pointer);
          store.state(pointer);
          store.error(pointer);
          runs[pointer] = (runs[pointer] ?? 0) + 1;
        });
      }
      store.set('/kind', 'other');
      await nextTick();
      const { '/kind': kind = 0, ...others } = runs;
      assert.deepEqual(others, { '/elderName': 1, '/reason': 2, '/score': 1 });
      assert.ok(kind > 1);
      assert.equal(store.state('/reason')?.visible, true);
    });
  });

  describe('when the form is incomplete', () => {
    it('is silent until the field is left, and complete when it is sent', async () => {
      const store = open();
      assert.equal(store.error('/elderName'), undefined);
      store.touch('/elderName');
      assert.equal(store.error('/elderName')?.message, 'Whose visit is it?');
      assert.equal(store.submit(), null);
      assert.deepEqual(
        store.summary.value.map((error) => error.pointer),
        ['/elderName', '/kind'],
      );
      store.set('/elderName', '张桂兰');
      store.set('/kind', 'bath');
      await nextTick();
      assert.deepEqual(store.summary.value, []);
    });
  });

  describe('when the server finds an error', () => {
    it('shows it until the field changes', async () => {
      const store = open({ elderName: '张桂兰', kind: 'bath' });
      store.showServerErrors([{ pointer: '/phone', keyword: 'server', message: 'Number is out of service' }]);
      assert.equal(store.error('/phone')?.message, 'Number is out of service');
      store.set('/phone', '13812345678');
      await nextTick();
      assert.equal(store.error('/phone'), undefined);
      assert.deepEqual(store.summary.value, []);
    });
  });

  describe('when some fields are for reading only', () => {
    const at = (store: FormStore, pointer: string): number => store.plan.fields.get(pointer)?.controls[0] ?? -1;
    const permissions: Permissions = { elderName: 'readonly', phone: 'readonly', urgent: 'readonly', score: 'readonly', address: 'readonly' };

    it('shows those that have a value, `no` and 0 too, and the group only when one of them has', () => {
      const filled = open({ elderName: '张桂兰', urgent: false, score: 0 }, permissions);
      const empty = open({ phone: '' }, permissions);
      const shown = (store: FormStore) => ['/elderName', '/phone', '/urgent', '/score', '/reason', '/needs'].map((pointer) => store.isShown(at(store, pointer)));
      assert.deepEqual(shown(filled), [true, false, true, true, false, true]);
      assert.deepEqual(shown(empty).slice(0, 2), [false, false]);
      const group = filled.plan.elements.findIndex(({ element }) => element.type === 'Group');
      assert.deepEqual([filled.isShown(group), empty.isShown(group)], [true, false]);
    });

    it('draws them together, and inputs apart, in the order of the form', () => {
      const store = open({ elderName: '张桂兰', kind: 'bath', urgent: true, score: 3 }, permissions);
      const children = ['/kind', '/urgent', '/score', '/needs'].map((pointer) => at(store, pointer));
      const [kind, urgent, score, needs] = children;
      assert.deepEqual(factRuns(store, children), [
        { isFacts: false, children: [kind] },
        { isFacts: true, children: [urgent, score] },
        { isFacts: false, children: [needs] },
      ]);
    });
  });

  describe('what it sends', () => {
    it('is accepted by the server: no field that is hidden, read-only, or shut by a rule', async () => {
      const before = { elderName: '张桂兰', kind: 'other', reason: 'old', phone: '13812345678', score: 1, needs: ['walk'] };
      const permissions: Permissions = { elderName: 'readonly', phone: 'hidden', 'address/door': 'hidden' };
      const store = open(server.dataFor(before, permissions), permissions);
      store.set('/kind', 'bath');
      store.set('/needs', undefined);
      store.set('/address/street', 'A');
      store.set('/urgent', true);
      await nextTick();
      const sent = store.submit();
      assert.deepEqual(sent, { kind: 'bath', urgent: true, address: { street: 'A' }, needs: null });
      assert.deepEqual(server.accept(before, sent, permissions, 'en'), {
        data: { kind: 'bath', urgent: true, address: { street: 'A' }, needs: null },
        errors: [],
      });
    });
  });
});
