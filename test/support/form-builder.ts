import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFormsService, type FormsService, type StoredForm } from '#engine/forms/forms-service.ts';
import type { FieldMessages, FormDefinition, JsonSchema, UiElement } from '#forms/runtime/form.ts';

/** A small home-visit form that has one of everything: rules, nesting, lists, patterns, formats. */
export function aForm(
  changes: { schema?: Partial<JsonSchema>; ui?: UiElement; fields?: Record<string, FieldMessages> } = {},
): FormDefinition {
  const schema: JsonSchema = { type: 'object', properties: { ...visitProperties }, required: ['elderName', 'kind'], ...changes.schema };
  const ui: UiElement = changes.ui ?? visitLayout;
  const texts = (fields: Record<string, FieldMessages>) => ({
    title: 'Visit',
    summary: '{elderName} · {kind}',
    labels: { who: 'Who', what: 'What' },
    fields: { ...fields, ...changes.fields },
  });
  return structuredClone({ schema, ui, messages: { 'zh-CN': texts(zhFields), en: texts(visitFields) } });
}

const visitProperties: Record<string, JsonSchema> = {
  elderName: { type: 'string', minLength: 2, maxLength: 20, pattern: '^[\\u4e00-\\u9fa5·]+$' },
  kind: { type: 'string', enum: ['bath', 'meal', 'other'] },
  reason: { type: 'string', maxLength: 200 },
  urgent: { type: 'boolean', default: false },
  score: { type: 'integer', minimum: 1, maximum: 5 },
  phone: { type: 'string', format: 'cn-phone' },
  address: { type: 'object', properties: { street: { type: 'string' }, door: { type: 'string', maxLength: 10 } } },
  needs: { type: 'array', items: { enum: ['walk', 'talk'] }, uniqueItems: true, maxItems: 2 },
  candidates: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
};

const control = (name: string, more: Partial<UiElement> = {}): UiElement => ({ type: 'Control', scope: `#/properties/${name}`, ...more });

const visitLayout: UiElement = {
  type: 'VerticalLayout',
  elements: [
    {
      type: 'Group',
      i18n: 'who',
      elements: [control('elderName'), control('phone'), control('address/properties/street'), control('address/properties/door')],
    },
    control('kind'),
    control('reason', { rule: { effect: 'SHOW', condition: { scope: '#/properties/kind', schema: { const: 'other' } } } }),
    control('urgent'),
    control('score', {
      rule: { effect: 'DISABLE', condition: { scope: '#/properties/urgent', schema: { const: true }, failWhenUndefined: true } },
    }),
    control('needs'),
  ],
};

const visitFields: Record<string, FieldMessages> = {
  '/elderName': { title: 'Name', errors: { required: 'Whose visit is it?' } },
  '/kind': { title: 'Kind', enum: { bath: 'Bath', meal: 'Meal', other: 'Other' } },
  '/reason': { title: 'Reason' },
  '/urgent': { title: 'Urgent' },
  '/score': { title: 'Score' },
  '/phone': { title: 'Phone' },
  '/address/street': { title: 'Street' },
  '/address/door': { title: 'Door' },
  '/needs': { title: 'Needs', enum: { walk: 'Walk', talk: 'Talk' } },
};
const zhFields: Record<string, FieldMessages> = {
  ...visitFields,
  '/kind': { title: '需求类型', enum: { bath: '助浴', meal: '助餐', other: '其他' } },
  '/elderName': { title: '姓名', errors: { required: '请填写老人姓名' } },
};

/** A forms service on a temporary folder; `close` removes it. */
export async function aFormsService(stored: StoredForm[] = [], timeLimitMs = 2000): Promise<FormsService> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'songbai-forms-'));
  const service = await createFormsService({
    cacheDir,
    timeLimitMs,
    find: async (hash) => stored.find((form) => form.hash === hash) ?? null,
  });
  return {
    ...service,
    async close() {
      await service.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
