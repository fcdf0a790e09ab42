import { nextTick } from 'vue';
import { fieldOf } from '#forms/runtime/collect-errors.ts';
import { fieldIds } from './field-ids.ts';
import type { FormStore } from './form-store.ts';

const FOCUSABLE = 'input:not([type="hidden"]), textarea, select, button, [tabindex="0"]';

/** Opens the category that a place of the form lies in, and moves the focus to its input. */
export function useFieldFocus(store: FormStore): (pointer: string) => Promise<void> {
  return async (pointer) => {
    const field = fieldOf(store.plan, pointer);
    const control = field === null ? undefined : store.plan.fields.get(field)?.controls.find((index) => store.isShown(index));
    if (field === null || control === undefined) return;
    for (let index = control; index >= 0; index = store.plan.elements[index]?.parent ?? -1) {
      const planned = store.plan.elements[index];
      if (planned?.element.type === 'Category') store.openCategory.set(planned.parent, index);
    }
    await nextTick();
    const cell = document.getElementById(fieldIds(store.id, pointer).input);
    const place =
      cell ?? document.getElementById(fieldIds(store.id, field).input) ?? document.getElementById(fieldIds(store.id, field).label);
    const frame = place?.closest<HTMLElement>('[data-field]');
    const target = cell?.matches(FOCUSABLE) ? cell : frame?.querySelector<HTMLElement>(FOCUSABLE);
    frame?.scrollIntoView({ block: 'center' });
    target?.focus({ preventScroll: true });
  };
}
