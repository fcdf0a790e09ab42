import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FormDefinition } from '#forms/runtime/form.ts';

export interface ShippedForm {
  key: string;
  definition: FormDefinition;
}

const FILES = ['schema.json', 'ui.json', 'zh-CN.json', 'en.json'] as const;

/** The standard forms of a `forms/` folder, by key: each sub-folder with a schema.json. @throws Error naming the file that cannot be read */
export async function readShippedForms(folder: string): Promise<ShippedForm[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: false });
  const keys = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const forms = await Promise.all(keys.sort().map((key) => readForm(folder, key)));
  return forms.filter((form) => form !== null);
}

async function readForm(folder: string, key: string): Promise<ShippedForm | null> {
  const names = await readdir(join(folder, key));
  if (!names.includes('schema.json')) return null;
  const [schema, ui, zhCN, en] = await Promise.all(FILES.map((name) => readJson(join(folder, key, name))));
  return { key, definition: { schema, ui, messages: { 'zh-CN': zhCN, en } } as FormDefinition };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new Error(`Expected a JSON file at ${path}, but it cannot be read`, { cause });
  }
}
