import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { aFormsService } from '#test/support/form-builder.ts';
import type { FormsService } from './forms-service.ts';
import { readShippedForms, type ShippedForm } from './shipped-forms.ts';

const forms: ShippedForm[] = await readShippedForms(fileURLToPath(new URL('../../forms/', import.meta.url)));

/** Every path to a text, e.g. `fields./kind.enum.bath`. */
function textPaths(node: unknown, path = ''): string[] {
  if (typeof node !== 'object' || node === null) return [path];
  return Object.entries(node).flatMap(([name, value]) => textPaths(value, `${path}.${name}`));
}

describe('shipped forms', () => {
  let service: FormsService;
  before(async () => {
    service = await aFormsService();
    // the first compilation also starts the worker
    await Promise.all(forms.slice(0, 1).map(({ definition }) => service.prepare(definition)));
  });
  after(() => service.close());

  it('are there', () => assert.ok(forms.length > 0));
  for (const { key, definition } of forms) {
    it(`${key} has nothing against it`, async () => assert.deepEqual((await service.prepare(definition)).problems, []));
    it(`${key} says the same in both languages`, () => {
      const { 'zh-CN': zhCN, en } = definition.messages;
      assert.deepEqual(textPaths(en).sort(), textPaths(zhCN).sort());
    });
  }
});
