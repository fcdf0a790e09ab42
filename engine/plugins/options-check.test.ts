import assert from 'node:assert/strict';
import type { FormDefinition, JsonSchema } from '#forms/runtime/form.ts';
import type { JsonObject } from '#plugins/api.ts';
import { compileOptions } from './options-check.ts';

const schema: JsonSchema = {
  type: 'object',
  required: ['to'],
  additionalProperties: false,
  properties: {
    to: { type: 'string', minLength: 3, pattern: '^[a-z]+$' },
    kind: { enum: ['sms', 'call', 'letter'] },
    street: { type: 'string' },
    rows: { type: 'array', maxItems: 2, items: { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 1 } } } },
  },
  if: { properties: { kind: { enum: ['sms', 'call'] } } },
  else: { required: ['street'] },
  anyOf: [{ properties: { kind: { not: { const: 'call' } } } }, { required: ['rows'] }],
};
const texts = { title: 't', fields: { '/to': { title: 'to' } } };
const form: FormDefinition = { schema, ui: { type: 'Control', scope: '#/properties/to' }, messages: { 'zh-CN': texts, en: texts } };

describe('checking options', () => {
  const check = compileOptions(form);
  const pointers = (options: JsonObject, open: string[] = []) => check(options, open).map(({ pointer }) => pointer);

  it('names each wrong place in both languages', () => {
    assert.deepEqual(check({ to: 'ab' }), [{ pointer: '/to', message: { 'zh-CN': '至少 3 个字', en: 'At least 3 characters' } }]);
    assert.deepEqual(pointers({ to: 'a1b', kind: 'fax', street: '', more: 1 }), ['/more', '/to', '/kind']);
    assert.deepEqual(pointers({}), ['/to']);
  });

  it('refuses a form that is wrong, and says where', () => {
    assert.throws(() => compileOptions({ ...form, ui: { type: 'Control', scope: '#/properties/nothing' } }), /ui\/scope/);
  });

  describe('when some are not known yet', () => {
    it('does not blame those', () => assert.deepEqual(pointers({ to: null, kind: null }, ['/to', '/kind']), []));
    it('sees what is missing or unknown beside them', () =>
      assert.deepEqual(pointers({ kind: null, more: 1 }, ['/kind']), ['/to', '/more']));
    it('sees what is wrong in other places', () =>
      assert.deepEqual(pointers({ to: 'a', rows: [{ n: null }, { n: 0 }] }, ['/rows/0/n']), ['/to', '/rows/1/n']));
    it('leaves open what depends on them', () => {
      assert.deepEqual(pointers({ to: 'abc', kind: 'call' }), ['']);
      assert.deepEqual(pointers({ to: 'abc', kind: 'letter' }), ['/street']);
      assert.deepEqual(pointers({ to: 'abc', kind: null }, ['/kind']), []);
    });
  });
});
