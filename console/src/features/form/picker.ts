import { ref, shallowRef } from 'vue';
import type { FieldInfo } from '#forms/runtime/compile-form.ts';
import type { FormStore } from './form-store.ts';
import { fetchRecord, recordValue, searchRecords, type PickerKind, type PickRecord } from './record-search.ts';

/** Masked values (`138****5678`) are for the eye; copying them into a form would store stars. */
const isUsable = (value: unknown): boolean => value !== null && value !== '' && !(typeof value === 'string' && value.includes('*'));

/** Search and choice of a record; only the answer to the last search counts. */
export function usePicker(kind: PickerKind, store: FormStore, field: FieldInfo) {
  const fill = Object.entries(field.options.fill ?? {});
  const records = shallowRef<PickRecord[]>([]);
  const isLoading = ref(false);
  const hasFailed = ref(false);
  let running: AbortController | null = null;

  async function search(text: string): Promise<void> {
    running?.abort();
    const own = new AbortController();
    running = own;
    isLoading.value = true;
    hasFailed.value = false;
    try {
      records.value = await searchRecords(kind, text.trim(), own.signal);
    } catch {
      if (running === own) hasFailed.value = true;
    } finally {
      if (running === own) isLoading.value = false;
    }
  }

  async function fillFrom(id: string | undefined): Promise<void> {
    if (fill.length === 0) return;
    const found = id === undefined ? {} : await wholeRecord(id);
    for (const [name, property] of fill) {
      const value = found[property];
      if (!store.state(`/${name}`)?.readOnly) store.set(`/${name}`, isUsable(value) ? value : undefined);
    }
  }

  async function wholeRecord(id: string): Promise<PickRecord> {
    const known = records.value.find((record) => recordValue(kind, record) === id) ?? {};
    if (fill.every(([, property]) => known[property] !== undefined)) return known;
    return { ...known, ...(await fetchRecord(kind, id).catch(() => ({}))) };
  }

  /** The name of a record that came with the data: from the field that it once filled. */
  function presentLabel(id: string): string {
    const nameField = fill.find(([, property]) => property === 'name')?.[0];
    const name = nameField === undefined ? undefined : store.value(`/${nameField}`);
    return typeof name === 'string' && name !== '' ? name : id;
  }

  return { records, isLoading, hasFailed, search, fillFrom, presentLabel };
}
