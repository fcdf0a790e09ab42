import type { FormPlan } from './compile-form.ts';
import type { FormData } from './form.ts';
import { accessTo, type Permissions } from './permissions.ts';
import { getAt, setAt } from './pointers.ts';

/** What an open form shows: the known data, and the schema's `default` in writable fields that have no value yet. */
export function withDefaults(plan: FormPlan, data: FormData, permissions: Permissions): FormData {
  let filled = data;
  for (const field of plan.fields.values()) {
    const access = accessTo(permissions, field.pointer);
    const isWritable = field.widget !== null && (access === 'editable' || access === 'required');
    if (isWritable && field.schema.default !== undefined && (getAt(filled, field.pointer) ?? null) === null) {
      filled = setAt(filled, field.pointer, field.schema.default);
    }
  }
  return filled;
}
