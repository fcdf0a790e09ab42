import type { FormStore } from './form-store.ts';

/** Children that are drawn one after the other: values to read (a grid), or everything else (a column). */
export interface FactRun {
  isFacts: boolean;
  children: number[];
}

/** Cuts the shown children of a layout into runs; a row that holds nothing but values to read counts as its values. */
export function factRuns(store: FormStore, children: readonly number[]): FactRun[] {
  const runs: FactRun[] = [];
  for (const child of children.flatMap((index) => opened(store, index))) {
    if (!store.isShown(child)) continue;
    const isFacts = isFact(store, child);
    const last = runs.at(-1);
    if (last?.isFacts === isFacts) last.children.push(child);
    else runs.push({ isFacts, children: [child] });
  }
  return runs;
}

function opened(store: FormStore, index: number): number[] {
  if (store.plan.elements[index]?.element.type !== 'HorizontalLayout') return [index];
  const inside = store.plan.elements.flatMap(({ parent }, child) => (parent === index && store.isShown(child) ? [child] : []));
  return inside.every((child) => isFact(store, child)) ? inside : [index];
}

function isFact(store: FormStore, index: number): boolean {
  const planned = store.plan.elements[index];
  return planned?.element.type === 'Control' && planned.pointer !== null && store.state(planned.pointer)?.readOnly === true;
}
