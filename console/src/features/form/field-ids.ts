/** Ids of a field's parts in the page; `form` is the id of the form instance. */
export interface FieldIds {
  input: string;
  label: string;
  help: string;
  error: string;
}

export function fieldIds(form: string, pointer: string): FieldIds {
  const base = `${form}${pointer.replace(/[^\w-]/g, '-')}`;
  return { input: base, label: `${base}-label`, help: `${base}-help`, error: `${base}-error` };
}
