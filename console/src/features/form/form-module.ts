import type { ValidatorModule } from '#forms/runtime/form.ts';

/** The validator modules of the forms opened so far; their URLs are immutable, a failed one is tried again. */
const modules = new Map<string, Promise<ValidatorModule>>();

export function loadValidator(url: string): Promise<ValidatorModule> {
  const known = modules.get(url);
  if (known) return known;
  const loading = import(/* @vite-ignore */ url) as Promise<ValidatorModule>;
  modules.set(url, loading);
  loading.catch(() => modules.delete(url));
  return loading;
}
