import { inject, provide, ref, shallowReactive, shallowRef, type InjectionKey, type Ref } from 'vue';
import { collectErrors, fieldOf } from '#forms/runtime/collect-errors.ts';
import { collectSubmission } from '#forms/runtime/collect-submission.ts';
import { compileForm, type FormPlan } from '#forms/runtime/compile-form.ts';
import { withDefaults } from '#forms/runtime/default-data.ts';
import type { FormData, FormDefinition, FormError, Locale, ValidatorModule } from '#forms/runtime/form.ts';
import type { Permissions } from '#forms/runtime/permissions.ts';
import { planForm, withoutHidden, type FieldState, type FormState } from '#forms/runtime/plan-fields.ts';
import { getAt, setAt } from '#forms/runtime/pointers.ts';

export interface FormStoreOptions {
  id: string;
  definition: FormDefinition;
  module: ValidatorModule;
  permissions: Permissions;
  data: FormData;
  locale: Ref<Locale>;
}

/** The open form. Each field depends on its own entries only, so a keystroke re-renders one field. */
export interface FormStore {
  id: string;
  plan: FormPlan;
  locale: Ref<Locale>;
  /** Category that is open, per Categorization (index into `plan.elements`). */
  openCategory: Map<number, number>;
  value(pointer: string): unknown;
  set(pointer: string, value: unknown): void;
  state(pointer: string): FieldState | undefined;
  isShown(element: number): boolean;
  /** Shows the field's error from now on; called when the user leaves it. */
  touch(pointer: string): void;
  /** The error to show at a place: `/visits/0/date` only that cell, `/visits` the field with all inside. */
  error(pointer: string): FormError | undefined;
  /** All errors to show above the form, after the first try to send it. */
  summary: Readonly<Ref<readonly FormError[]>>;
  /** null when there are errors; then `summary` has them. */
  submit(): FormData | null;
  showServerErrors(errors: readonly FormError[]): void;
  /** Computes states and errors now, e.g. after a change of language. */
  refresh(): void;
}

export function createFormStore({ id, definition, module, permissions, data: before, locale }: FormStoreOptions): FormStore {
  const plan = compileForm(definition, module.conditions);
  let data = withDefaults(plan, before, permissions);
  let isScheduled = false;
  const values = shallowReactive(new Map<string, unknown>());
  const states = shallowReactive(new Map<string, FieldState>());
  const shown = shallowReactive<boolean[]>([]);
  const errors = shallowReactive(new Map<string, FormError>());
  const touched = shallowReactive(new Set<string>());
  const fromServer = shallowReactive(new Map<string, FormError>());
  const openCategory = shallowReactive(new Map<number, number>());
  const wasTried = ref(false);
  const summary = shallowRef<readonly FormError[]>([]);
  for (const pointer of plan.fields.keys()) values.set(pointer, getAt(data, pointer));

  function refresh(): void {
    isScheduled = false;
    const next = planForm(plan, data, permissions);
    patch(
      states,
      next.fields,
      (left, right) => left.visible === right.visible && left.enabled === right.enabled && left.required === right.required,
    );
    shownParts(plan, next, data).forEach((isShown, index) => {
      if (shown[index] !== isShown) shown[index] = isShown;
    });
    const found = collectErrors(plan, next.fields, withoutHidden(plan, data, next.fields), module.validate, locale.value);
    const byPlace = new Map<string, FormError>();
    for (const error of found) {
      byPlace.set(error.pointer, error);
      const field = fieldOf(plan, error.pointer);
      if (field !== null && !byPlace.has(field)) byPlace.set(field, error);
    }
    patch(errors, byPlace, (left, right) => left.message === right.message && left.pointer === right.pointer);
    if (wasTried.value) summary.value = [...fromServer.values(), ...found.filter((error) => !fromServer.has(error.pointer))];
  }

  refresh();
  return {
    id,
    plan,
    locale,
    openCategory,
    summary,
    value: (pointer) => values.get(pointer),
    set(pointer, value) {
      values.set(pointer, value ?? undefined);
      data = setAt(data, pointer, value ?? undefined);
      for (const at of fromServer.keys()) if (at === pointer || at.startsWith(`${pointer}/`)) fromServer.delete(at);
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(refresh);
    },
    state: (pointer) => states.get(pointer),
    isShown: (element) => shown[element] === true,
    touch: (pointer) => void touched.add(pointer),
    error(pointer) {
      const sent = fromServer.get(pointer);
      if (sent) return sent;
      const field = fieldOf(plan, pointer);
      return wasTried.value || (field !== null && touched.has(field)) ? errors.get(pointer) : undefined;
    },
    submit() {
      wasTried.value = true;
      fromServer.clear();
      refresh();
      return summary.value.length > 0 ? null : collectSubmission(plan, states, data, before);
    },
    showServerErrors(sent) {
      fromServer.clear();
      for (const error of sent) fromServer.set(error.pointer, error);
      wasTried.value = sent.length > 0 || wasTried.value;
      refresh();
    },
    refresh,
  };
}

/** What of the layout is drawn: a value that cannot be changed here and is empty tells nothing, so its place is given to others. */
function shownParts(plan: FormPlan, { elements, fields }: FormState, data: FormData): boolean[] {
  const isFilled = plan.elements.map(({ element, pointer }, index) => {
    if (element.type !== 'Control' || pointer === null) return false;
    return elements[index] === true && !(fields.get(pointer)?.readOnly === true && isEmpty(getAt(data, pointer)));
  });
  // children come after their parents: one pass from the end finds the layouts that have something to show
  for (let index = plan.elements.length - 1; index > 0; index--) {
    const parent = plan.elements[index]?.parent ?? -1;
    if (isFilled[index] && parent >= 0) isFilled[parent] = true;
  }
  return plan.elements.map(({ element }, index) => elements[index] === true && (element.type === 'Label' || isFilled[index] === true));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Changes only the entries that differ, so that only their readers run again. */
function patch<V>(target: Map<string, V>, next: ReadonlyMap<string, V>, isSame: (left: V, right: V) => boolean): void {
  for (const pointer of target.keys()) if (!next.has(pointer)) target.delete(pointer);
  for (const [pointer, value] of next) {
    const present = target.get(pointer);
    if (present === undefined || !isSame(present, value)) target.set(pointer, value);
  }
}

const STORE: InjectionKey<FormStore> = Symbol('form store');
export const provideFormStore = (store: FormStore): void => provide(STORE, store);

/** @throws Error outside of a form */
export function useFormStore(): FormStore {
  const store = inject(STORE);
  if (!store) throw new Error('Expected a form around this component, but there is none');
  return store;
}
