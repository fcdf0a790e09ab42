import type { FormPlan } from './compile-form.ts';
import { collectErrors, isEmpty } from './collect-errors.ts';
import type { FormData, FormError, Locale, Validate } from './form.ts';
import { errorText } from './messages.ts';
import { accessTo, type Permissions } from './permissions.ts';
import { planFields, visibleData, withoutHidden, type FieldState } from './plan-fields.ts';
import { getAt, isForbiddenName, isPlainObject, joinPointer, parsePointer, sameJson, setAt } from './pointers.ts';

export interface Submission {
  /** Changed process variables by name; null = cleared. Empty when there are errors. */
  data: FormData;
  errors: FormError[];
}

/** Larger submissions are refused before anything validates them: levels, and values in all fields together. */
const MAX_DEPTH = 32;
const MAX_VALUES = 20_000;
/** More errors than this help nobody. */
const MAX_ERRORS = 200;

/**
 * Decides about what a browser (or anybody) sent for a form: refuses writes to hidden and read-only fields and to unknown
 * ones, drops values of fields that a rule hides or disables, validates the rest together with what was there before.
 */
export function acceptSubmission(
  plan: FormPlan,
  previousData: FormData,
  submitted: unknown,
  permissions: Permissions,
  validate: Validate,
  locale: Locale,
): Submission {
  if (isTooLarge(submitted)) {
    return { data: {}, errors: [{ pointer: '', keyword: 'tooLarge', message: errorText(plan, '', 'tooLarge', {}, locale) }] };
  }
  const { changes, refusals } = readChanges(plan, previousData, submitted, permissions);
  const errors: FormError[] = refusals.map(({ pointer, keyword }) => ({
    pointer,
    keyword,
    message: errorText(plan, pointer, keyword, {}, locale),
  }));
  const { merged, states } = applyRules(plan, visibleData(plan, previousData, permissions), changes, permissions);
  errors.push(...collectErrors(plan, states, withoutHidden(plan, merged, states), validate, locale));
  if (errors.length > 0) return { data: {}, errors: errors.slice(0, MAX_ERRORS) };
  return { data: changedVariables(previousData, changes), errors };
}

interface Refusal {
  pointer: string;
  keyword: 'unknown' | 'hidden' | 'readOnly' | 'type' | 'tooLarge';
}

function readChanges(plan: FormPlan, previous: FormData, submitted: unknown, permissions: Permissions) {
  const changes = new Map<string, unknown>();
  const refusals: Refusal[] = [];
  const visit = (node: unknown, pointer: string): void => {
    if (!isPlainObject(node)) return void refusals.push({ pointer, keyword: 'type' });
    for (const [name, value] of Object.entries(node)) {
      const child = joinPointer(pointer, name);
      if (plan.objects.has(child)) {
        visit(value ?? {}, child);
        continue;
      }
      const keyword = refusalOf(plan, previous, permissions, child, value);
      const before = getAt(previous, child);
      const after = normalize(plan, child, value);
      if (keyword) refusals.push({ pointer: child, keyword });
      else if (!sameJson(value, before) && !sameJson(after, before ?? null)) changes.set(child, after);
    }
  };
  visit(submitted, '');
  return { changes, refusals };
}

function refusalOf(
  plan: FormPlan,
  previous: FormData,
  permissions: Permissions,
  pointer: string,
  value: unknown,
): Refusal['keyword'] | null {
  const field = plan.fields.get(pointer);
  if (!field) return 'unknown';
  const access = accessTo(permissions, pointer);
  // a hidden field is refused even when unchanged: the answer must not tell whether a guess was right
  if (access === 'hidden') return 'hidden';
  if (access === 'readonly' || field.widget === null) return sameJson(value, getAt(previous, pointer)) ? null : 'readOnly';
  return contentProblem(value, 0);
}

function contentProblem(value: unknown, depth: number): 'unknown' | 'tooLarge' | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return 'tooLarge';
  for (const [name, item] of Object.entries(value)) {
    const problem = isForbiddenName(name) ? 'unknown' : contentProblem(item, depth + 1);
    if (problem) return problem;
  }
  return null;
}

/** Counts values up to the limit, without recursion. */
function isTooLarge(submitted: unknown): boolean {
  const pending = [submitted];
  let seen = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const items: unknown[] = Object.values(value);
    seen += items.length;
    if (seen > MAX_VALUES) return true;
    pending.push(...items.filter((item) => typeof item === 'object' && item !== null));
  }
  return false;
}

/** Empty text is no text: it clears the field, like null. */
function normalize(plan: FormPlan, pointer: string, value: unknown): unknown {
  return isEmpty(value) && plan.fields.get(pointer)?.type !== 'array' ? null : value;
}

/** Takes out changes of fields that a rule hides or disables, until nothing more is taken out; edits `changes`. */
function applyRules(plan: FormPlan, previous: FormData, changes: Map<string, unknown>, permissions: Permissions) {
  for (;;) {
    let merged = previous;
    for (const [pointer, value] of changes) {
      const isKept = value !== null || plan.fields.get(pointer)?.nullable;
      merged = setAt(merged, pointer, isKept ? value : undefined);
    }
    const states: Map<string, FieldState> = planFields(plan, merged, permissions);
    const dropped = [...changes.keys()].filter((pointer) => !states.get(pointer)?.visible || !states.get(pointer)?.enabled);
    if (dropped.length === 0) return { merged, states };
    for (const pointer of dropped) changes.delete(pointer);
  }
}

/** Whole variables: a nested change is laid over the variable's previous value, hidden parts included. */
function changedVariables(previous: FormData, changes: ReadonlyMap<string, unknown>): FormData {
  let data: FormData = {};
  for (const [pointer, value] of changes) {
    const [name = '', ...inner] = parsePointer(pointer);
    const before = data[name] === undefined && Object.hasOwn(previous, name) ? previous[name] : data[name];
    if (inner.length > 0 && data[name] === undefined && isPlainObject(before)) data = { ...data, [name]: before };
    data = value === null && inner.length > 0 ? setAt(data, pointer, undefined) : setAt(data, pointer, value);
    if (data[name] === undefined) data = { ...data, [name]: null };
  }
  return data;
}
