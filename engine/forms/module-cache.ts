import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidatorModule } from '#forms/runtime/form.ts';

/** Validator modules as files, so that the server imports the very text that browsers import. */
export interface ModuleCache {
  /** Writes the file when it is absent or differs, then imports it. `name` without `.js`. */
  load(name: string, code: string): Promise<ValidatorModule>;
  write(name: string, code: string): Promise<void>;
}

/** @param folder made when absent; anything in it may be deleted while the server is down */
export async function openModuleCache(folder: string): Promise<ModuleCache> {
  await mkdir(folder, { recursive: true });
  await writeWhenDifferent(join(folder, 'package.json'), '{ "type": "module" }\n');
  const write = (name: string, code: string): Promise<void> => writeWhenDifferent(join(folder, `${name}.js`), code);
  return {
    write,
    async load(name, code) {
      await write(name, code);
      return (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as ValidatorModule;
    },
  };
}

async function writeWhenDifferent(path: string, content: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present === content) return;
  const temporary = `${path}.${process.pid}.${performance.now()}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
