import type { FieldInfo, FormPlan } from './compile-form.ts';
import { isTrue } from './conditions.ts';
import type { FormData } from './form.ts';
import { accessTo, type Permissions } from './permissions.ts';
import { getAt, setAt } from './pointers.ts';

export interface FieldState {
  visible: boolean;
  /** false = a rule has disabled it. */
  enabled: boolean;
  required: boolean;
  /** By permission, or because the field has no control. */
  readOnly: boolean;
}

export interface FormState {
  fields: Map<string, FieldState>;
  /** One per `FormPlan.elements`: whether the layout element shows; layouts without a visible child do not. */
  elements: boolean[];
}

/** Rules may depend on fields that other rules hide; after this many rounds a circle of rules stays as it is. */
const MAX_ROUNDS = 16;

/** The state of each field; the same data and permissions give the same answer in the browser and on the server. */
export function planFields(plan: FormPlan, data: FormData, permissions: Permissions): Map<string, FieldState> {
  return planForm(plan, data, permissions).fields;
}

/** As `planFields`, with the layout. */
export function planForm(plan: FormPlan, data: FormData, permissions: Permissions): FormState {
  const seen = visibleData(plan, data, permissions);
  let state = evaluate(plan, seen, permissions);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = evaluate(plan, withoutHidden(plan, seen, state.fields), permissions);
    const isStable = [...next.fields].every(([pointer, field]) => isSame(field, state.fields.get(pointer)));
    state = next;
    if (isStable) break;
  }
  return state;
}

/** The part of the data that the user of this task may see: the form's fields that are not hidden from them. */
export function visibleData(plan: FormPlan, data: FormData, permissions: Permissions): FormData {
  let seen: FormData = {};
  for (const pointer of plan.fields.keys()) {
    const value = getAt(data, pointer);
    if (value !== undefined && accessTo(permissions, pointer) !== 'hidden') seen = setAt(seen, pointer, value);
  }
  return seen;
}

/** Without the values of fields that a rule or a permission hides. */
export function withoutHidden(plan: FormPlan, data: FormData, states: ReadonlyMap<string, FieldState>): FormData {
  let rest = data;
  for (const field of plan.fields.values()) {
    const isHidden = field.widget !== null && !states.get(field.pointer)?.visible;
    if (isHidden && getAt(rest, field.pointer) !== undefined) rest = setAt(rest, field.pointer, undefined);
  }
  return rest;
}

function evaluate(plan: FormPlan, data: FormData, permissions: Permissions): FormState {
  const shown: boolean[] = [];
  const enabled: boolean[] = [];
  plan.elements.forEach(({ parent, rule }, index) => {
    const result = rule === null || isTrue(rule.condition, data);
    shown[index] = (shown[parent] ?? true) && (rule?.effect === 'HIDE' ? !result : rule?.effect === 'SHOW' ? result : true);
    enabled[index] = (enabled[parent] ?? true) && (rule?.effect === 'DISABLE' ? !result : rule?.effect === 'ENABLE' ? result : true);
  });
  const fields = new Map<string, FieldState>();
  for (const field of plan.fields.values()) fields.set(field.pointer, fieldState(field, shown, enabled, permissions));
  return { fields, elements: shownElements(plan, shown, fields) };
}

function fieldState(field: FieldInfo, shown: boolean[], enabled: boolean[], permissions: Permissions): FieldState {
  const access = accessTo(permissions, field.pointer);
  const controls = field.controls.filter((index) => shown[index]);
  const visible = access !== 'hidden' && controls.length > 0;
  const isEnabled = controls.some((index) => enabled[index]);
  const readOnly = access === 'readonly' || field.widget === null;
  const required = visible && isEnabled && !readOnly && (field.required || access === 'required');
  return { visible, enabled: isEnabled, required, readOnly };
}

function shownElements(plan: FormPlan, shown: boolean[], fields: ReadonlyMap<string, FieldState>): boolean[] {
  const result = plan.elements.map(({ element, pointer }, index) => {
    if (element.type === 'Control') return shown[index] === true && pointer !== null && fields.get(pointer)?.visible === true;
    return element.type === 'Label' && shown[index] === true;
  });
  // children come after their parents, so one pass from the end lifts visibility up; a lone label shows nothing
  for (let index = plan.elements.length - 1; index > 0; index--) {
    const planned = plan.elements[index];
    if (planned && result[index] && planned.element.type !== 'Label') result[planned.parent] = true;
  }
  return result;
}

const isSame = (left: FieldState, right: FieldState | undefined): boolean =>
  left.visible === right?.visible && left.enabled === right.enabled && left.required === right.required;
