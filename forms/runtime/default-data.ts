import type { FormPlan } from './compile-form.ts';
import type { FormData } from './form.ts';
import { accessTo, type Permissions } from './permissions.ts';
import { getAt, setAt } from './pointers.ts';

/**
 * What an open form shows: the known data, and the schema's `default` in writable fields that have no value yet.
 * A switch without a value looks like "no", so that is its value.
 */
export function withDefaults(plan: FormPlan, data: FormData, permissions: Permissions): FormData {
  let filled = data;
  for (const field of plan.fields.values()) {
    const access = accessTo(permissions, field.pointer);
    const isWritable = field.widget !== null && (access === 'editable' || access === 'required');
    const preset = field.schema.default ?? (field.widget === 'switch' ? false : undefined);
    if (isWritable && preset !== undefined && (getAt(filled, field.pointer) ?? null) === null)
      filled = setAt(filled, field.pointer, preset);
  }
  return filled;
}
