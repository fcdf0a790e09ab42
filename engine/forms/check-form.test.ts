import assert from 'node:assert/strict';
import type { FormDefinition, JsonSchema, UiElement } from '#forms/runtime/form.ts';
import { aForm, aFormsService } from '#test/support/form-builder.ts';
import { checkForm, checkPermissions } from './check-form.ts';
import type { FormsService } from './forms-service.ts';

const codes = (form: FormDefinition): string[] => checkForm(form).map(({ elementId, code }) => `${elementId} ${code}`);
const withSchema = (more: Partial<JsonSchema>): FormDefinition => aForm({ schema: more });
const withUi = (...elements: UiElement[]): FormDefinition => {
  const form = aForm();
  return { ...form, ui: { type: 'VerticalLayout', elements: [form.ui, ...elements] } };
};
const withField = (schema: JsonSchema): FormDefinition => {
  const form = aForm();
  return { ...form, schema: { ...form.schema, properties: { ...form.schema.properties, extra: schema } } };
};

describe('checkForm', () => {
  it('has nothing against a good form', () => assert.deepEqual(codes(aForm()), []));

  describe('when the layout is wrong', () => {
    it('names the unknown scope', () =>
      assert.deepEqual(codes(withUi({ type: 'Control', scope: '#/properties/nobody' })), ['ui/elements/1/scope FORM_SCOPE_UNKNOWN']));
    it('names the unknown or unfit widget', () => {
      const widget = (name: string): UiElement => ({ type: 'Control', scope: '#/properties/phone', options: { widget: name as 'text' } });
      assert.deepEqual(codes(withUi(widget('hologram'))), ['ui/elements/1/options FORM_WIDGET_UNFIT']);
      assert.deepEqual(codes(withUi(widget('rating'))), ['ui/elements/1/options FORM_WIDGET_UNFIT']);
      assert.deepEqual(codes(withUi(widget('phone'))), []);
    });
    it('names the rule whose field does not exist', () => {
      const rule = { effect: 'SHOW', condition: { scope: '#/properties/nobody', schema: {} } } as const;
      assert.deepEqual(codes(withUi({ type: 'Control', scope: '#/properties/phone', rule })), ['ui/elements/1/rule FORM_SCOPE_UNKNOWN']);
    });
    it('names the group without a text, in both languages', () =>
      assert.deepEqual(codes(withUi({ type: 'Group', i18n: 'nowhere', elements: [] })), [
        'zh-CN/labels/nowhere FORM_MESSAGE_MISSING',
        'en/labels/nowhere FORM_MESSAGE_MISSING',
      ]));
    it('wants a control for each required field', () =>
      assert.deepEqual(codes(withSchema({ required: ['candidates'] })), ['schema/candidates FORM_LAYOUT_INVALID']));
    it('refuses shapes that are no layout', () => {
      for (const ui of [
        null,
        1,
        [],
        { type: 'Sidebar', elements: [] },
        { type: 'Group' },
        { type: 'Control' },
        { type: 'Category', elements: [] },
      ]) {
        assert.match(codes({ ...aForm(), ui: ui as UiElement }).join(), /FORM_LAYOUT_INVALID/, JSON.stringify(ui));
      }
    });
  });

  describe('when a text is missing', () => {
    it('names it', () => {
      const form = aForm();
      delete form.messages.en.fields['/kind']?.enum?.['bath'];
      form.messages['zh-CN'].title = ' ';
      assert.deepEqual(codes(form), ['zh-CN/title FORM_MESSAGE_MISSING', 'en/fields/kind/enum/bath FORM_MESSAGE_MISSING']);
    });
  });

  describe('when permissions name no field', () => {
    it('refuses the name and the unknown word', () => {
      const problems = checkPermissions(aForm(), {
        elderName: 'readonly',
        '*': 'hidden',
        'address/door': 'hidden',
        nobody: 'hidden',
        kind: 'maybe',
      });
      assert.deepEqual(
        problems.map((one) => one.elementId),
        ['nobody', 'kind'],
      );
    });
  });
});

describe('hostile forms', () => {
  let service: FormsService;
  before(async () => void (service = await aFormsService()));
  after(() => service.close());

  const deep = (levels: number): JsonSchema =>
    levels === 0 ? { type: 'string' } : { type: 'object', properties: { a: deep(levels - 1) } };
  const doubling = (levels: number): Record<string, JsonSchema> =>
    Object.fromEntries(
      Array.from({ length: levels }, (_none, level) => [
        `d${level}`,
        level === levels - 1 ? { type: 'string' } : { anyOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
      ]),
    );
  const corpus: Record<string, FormDefinition> = {
    'remote reference': withField({ $ref: 'http://127.0.0.1:9/schema.json' }),
    'file reference': withField({ $ref: 'file:///etc/passwd' }),
    'reference to nothing': withField({ $ref: '#/$defs/none' }),
    'circle of references': withSchema({ $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }),
    'reference to itself': withField({ type: 'array', items: { $ref: '#' } }),
    'dynamic reference': withField({ $dynamicRef: '#meta' }),
    'own $id': withField({ $id: 'http://json-schema.org/draft-07/schema', type: 'string' }),
    'data reference': withField({ type: 'number', minimum: { $data: '1/x' } as unknown as number }),
    'choices of choices': withSchema({ $defs: doubling(30), properties: { x: { $ref: '#/$defs/d0' } } }),
    '2000 levels': withField(deep(2000)),
    '20 levels': withField(deep(20)),
    '2000 fields': withField({
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 2000 }, (_none, index) => [`f${index}`, {}])),
    }),
    'uniqueItems without maxItems': withField({ type: 'array', uniqueItems: true }),
    'look-ahead': withField({ type: 'string', pattern: '^(?=a)b' }),
    'back-reference': withField({ type: 'string', pattern: '(a)\\1' }),
    'repetition bomb': withField({ type: 'string', pattern: '((a{1000}){1000}){1000}' }),
    'broken pattern': withField({ type: 'string', pattern: '(' }),
    'pattern as name': withField({ type: 'object', patternProperties: { '(?<=x)y': {} } }),
    'unknown keyword': withField({ type: 'string', minLenght: 3 }),
    'unknown format': withField({ type: 'string', format: 'regex' }),
    asynchronous: withField({ $async: true, type: 'string' }),
    'prototype name': withSchema({
      properties: JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}') as Record<string, JsonSchema>,
    }),
    'keyword of a wrong type': withField({ type: 'string', minLength: 'many' as unknown as number }),
    'a megabyte': withField({ type: 'string', description: 'x'.repeat(1_000_000) }),
    'no object at the top': withSchema({ type: 'array' }),
    'schema is null': { ...aForm(), schema: null as unknown as JsonSchema },
    'no messages': { ...aForm(), messages: null as unknown as FormDefinition['messages'] },
    'hostile condition': withUi({
      type: 'Control',
      scope: '#/properties/phone',
      rule: { effect: 'SHOW', condition: { scope: '#', schema: { $ref: 'http://127.0.0.1:9/x' } } },
    }),
  };

  for (const [name, form] of Object.entries(corpus)) {
    it(`are refused: ${name}`, async () => {
      const startedAt = performance.now();
      const { problems, form: built } = await service.prepare(form);
      assert.equal(built, null);
      assert.ok(problems.length > 0 && problems.every(({ messages }) => messages['zh-CN'] && messages.en));
      assert.ok(performance.now() - startedAt < 2500, 'within the time limit');
    });
  }

  it('cannot put code into the module', async () => {
    // given: names and values that try to leave their string
    const evil = '"];globalThis.broken=1;//\u2028*/';
    const form = withField({
      type: 'object',
      properties: { [evil]: { enum: [evil, '</script>', '`${globalThis.broken=1}`'] } },
      required: [evil],
    });
    // when
    const { form: built, problems } = await service.prepare(form);
    assert.deepEqual(problems, []);
    assert.ok(built);
    const loaded = await service.load(built);
    // then
    assert.deepEqual(loaded.accept({}, { elderName: '张桂兰', kind: 'bath' }, {}, 'en').errors, []);
    assert.equal(Object.hasOwn(globalThis, 'broken'), false);
  });

  describe('when one takes longer than the limit', () => {
    it('is cut off, and the next form compiles', async () => {
      // given: no form can compile in no time
      const hasty = await aFormsService([], 0);
      // when
      const { problems } = await hasty.prepare(aForm());
      // then
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['FORM_TOO_SLOW'],
      );
      await hasty.close();
      assert.deepEqual((await service.prepare(aForm())).problems, []);
    });
  });
});
