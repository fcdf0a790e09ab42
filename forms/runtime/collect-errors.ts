import type { FormPlan } from './compile-form.ts';
import type { FormData, FormError, Locale, SchemaError, Validate } from './form.ts';
import { errorText } from './messages.ts';
import type { FieldState } from './plan-fields.ts';
import { getAt, joinPointer, setAt } from './pointers.ts';

/** ajv reports these for the branches of a choice; the choice itself is reported too. */
const BRANCH = /\/(anyOf|oneOf|not|contains|propertyNames)\//;

/** No value, empty text, or only blanks. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/**
 * All errors of the form in the field order of the schema, at most one per pointer. Errors at fields that the user cannot
 * see or change are left out: nobody could repair them here.
 * @param data without the values of hidden fields
 */
export function collectErrors(
  plan: FormPlan,
  states: ReadonlyMap<string, FieldState>,
  data: FormData,
  validate: Validate,
  locale: Locale,
): FormError[] {
  const errors = new Map<string, FormError>();
  const add = (pointer: string, keyword: string, params: Record<string, unknown>): void => {
    if (!errors.has(pointer)) errors.set(pointer, { pointer, keyword, message: errorText(plan, pointer, keyword, params, locale) });
  };
  for (const [pointer, state] of states) {
    const value = getAt(data, pointer);
    if (state.required && (isEmpty(value) || (Array.isArray(value) && value.length === 0))) add(pointer, 'required', {});
  }
  for (const error of schemaErrors(validate, withRequiredObjects(plan, data))) {
    const pointer = errorPointer(error);
    if (error.keyword === 'if' || BRANCH.test(error.schemaPath)) continue;
    if (isRepairable(plan, states, pointer)) add(pointer, error.keyword, error.params);
  }
  const order = new Map([...plan.fields.keys()].map((pointer, index) => [pointer, index]));
  const rank = (error: FormError): number => order.get(fieldOf(plan, error.pointer) ?? '') ?? -1;
  return [...errors.values()].sort((left, right) => rank(left) - rank(right));
}

function schemaErrors(validate: Validate, data: FormData): SchemaError[] {
  return validate(data) ? [] : (validate.errors ?? []);
}

/** A required inner object is there as soon as the form is: what is missing are its fields. */
function withRequiredObjects(plan: FormPlan, data: FormData): FormData {
  let whole = data;
  for (const [pointer, isRequired] of plan.objects) {
    // setAt drops empty objects, so the empty one is put in as a value
    if (isRequired && getAt(whole, pointer) === undefined) whole = setAt(whole, pointer, {});
  }
  return whole;
}

/** The field that a pointer lies at or in, e.g. `/visits` for `/visits/0/date`. */
export function fieldOf(plan: FormPlan, pointer: string): string | null {
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    const candidate = pointer.slice(0, end);
    if (plan.fields.has(candidate)) return candidate;
  }
  return null;
}

function isRepairable(plan: FormPlan, states: ReadonlyMap<string, FieldState>, pointer: string): boolean {
  const field = fieldOf(plan, pointer);
  if (field === null) return [...states].some(([at, state]) => at.startsWith(`${pointer}/`) && canChange(state));
  const state = states.get(field);
  return state !== undefined && canChange(state);
}

const canChange = (state: FieldState): boolean => state.visible && state.enabled && !state.readOnly;

function errorPointer({ instancePath, keyword, params }: SchemaError): string {
  const name = keyword.startsWith('unevaluated')
    ? params['unevaluatedProperty']
    : (params['missingProperty'] ?? params['additionalProperty']);
  return typeof name === 'string' ? joinPointer(instancePath, name) : instancePath;
}
