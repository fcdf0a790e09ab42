import type { FormPlan } from './compile-form.ts';
import type { FormData } from './form.ts';
import type { FieldState } from './plan-fields.ts';
import { getAt, parsePointer, sameJson } from './pointers.ts';

/**
 * What a browser sends: the values of the fields that its user may write now, null for those that were cleared.
 * @param before what the form opened with, without defaults
 */
export function collectSubmission(plan: FormPlan, states: ReadonlyMap<string, FieldState>, data: FormData, before: FormData): FormData {
  const submission: FormData = {};
  for (const pointer of plan.fields.keys()) {
    const state = states.get(pointer);
    if (!state?.visible || !state.enabled || state.readOnly) continue;
    const value = getAt(data, pointer) ?? null;
    // what was empty and stays empty is nothing to say
    if (value === null && sameJson(getAt(before, pointer) ?? null, null)) continue;
    put(submission, parsePointer(pointer), value);
  }
  return submission;
}

/** Unlike `setAt` this keeps null and writes into the new object. */
function put(target: FormData, path: string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ?? {}) as FormData;
  target[name] = inner;
  put(inner, rest, value);
}
