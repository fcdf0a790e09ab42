import type { FormPlan } from './compile-form.ts';
import type { FieldMessages, FormMessages, Locale } from './form.ts';
import { en } from './messages/en.ts';
import { zhCN } from './messages/zh-CN.ts';
import { wildcardPointer } from './pointers.ts';

const CATALOGUES = { 'zh-CN': zhCN, en } as const satisfies Record<Locale, Readonly<Record<string, string>>>;

/** Text of an error: the form's own for that field and keyword, else ours, with ajv's parameters filled in. */
export function errorText(plan: FormPlan, pointer: string, keyword: string, params: Record<string, unknown>, locale: Locale): string {
  const own = fieldMessages(plan.definition.messages[locale], pointer)?.errors ?? {};
  const format = `format.${String(params['format'])}`;
  const catalogue = CATALOGUES[locale];
  const text =
    pick(own, keyword) ??
    (keyword === 'format' ? pick(catalogue, format) : undefined) ??
    pick(catalogue, keyword) ??
    pick(catalogue, 'format');
  return fill(text ?? keyword, params);
}

export function fieldMessages(messages: FormMessages, pointer: string): FieldMessages | undefined {
  if (Object.hasOwn(messages.fields, pointer)) return messages.fields[pointer];
  const starred = wildcardPointer(pointer);
  return Object.hasOwn(messages.fields, starred) ? messages.fields[starred] : undefined;
}

export function fieldTitle(messages: FormMessages, pointer: string): string {
  return fieldMessages(messages, pointer)?.title ?? pointer.slice(pointer.lastIndexOf('/') + 1);
}

/** Label of an `enum` value; the value itself when the form has none. */
export function enumLabel(messages: FormMessages, pointer: string, value: unknown): string {
  return pick(fieldMessages(messages, pointer)?.enum ?? {}, String(value)) ?? String(value);
}

/** Replaces `{name}` by the parameter's value. */
export function fill(text: string, params: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
}

const pick = (texts: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(texts, name) ? texts[name] : undefined;
