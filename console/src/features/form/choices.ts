import { resolveSchema, type FieldInfo } from '#forms/runtime/compile-form.ts';
import { enumLabel } from '#forms/runtime/messages.ts';
import type { FormStore } from './form-store.ts';

export interface Choice {
  value: string | number | boolean;
  label: string;
}

/** The `enum` values of a field, or of its items, with their labels in the form's language. */
export function choicesOf(store: FormStore, field: FieldInfo): Choice[] {
  const items = resolveSchema(field.schema.items ?? {}, store.plan.definition.schema);
  const values = (field.schema.enum ?? items.enum ?? []).filter((value) => value !== null) as Choice['value'][];
  const messages = store.plan.definition.messages[store.locale.value];
  return values.map((value) => ({ value, label: enumLabel(messages, field.pointer, value) }));
}
