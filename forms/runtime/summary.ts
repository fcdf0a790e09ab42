import type { FormPlan } from './compile-form.ts';
import type { FormData, Locale } from './form.ts';
import { enumLabel } from './messages.ts';
import { getAt } from './pointers.ts';

/** The form's `summary` text with `{field}` replaced by the field's value as people read it; '' when it has none. */
export function summaryText(plan: FormPlan, data: FormData, locale: Locale): string {
  const template = plan.definition.messages[locale].summary ?? '';
  const text = template.replace(/\{([^{}]+)\}/g, (_whole, name: string) => valueText(plan, `/${name}`, getAt(data, `/${name}`), locale));
  return text.replace(/^[\s·,，、]+|[\s·,，、]+$/gu, '');
}

/** One value as people read it: enum labels, items joined; '' when empty. */
export function valueText(plan: FormPlan, pointer: string, value: unknown, locale: Locale): string {
  if (value === undefined || value === null) return '';
  const separator = locale === 'en' ? ', ' : '、';
  if (Array.isArray(value)) return value.map((item) => valueText(plan, pointer, item, locale)).join(separator);
  if (typeof value === 'object') return Object.values(value).map(String).join(separator);
  return enumLabel(plan.definition.messages[locale], pointer, value);
}
