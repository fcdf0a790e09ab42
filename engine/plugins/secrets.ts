import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/**
 * Secrets by name: the district's own `<folder>/<tenant>/<name>`, then the shared one, `SONGBAI_SECRET_<NAME>` or
 * `<folder>/<name>`. Files are read each time, so a changed password needs no restart.
 */
export function createSecrets(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): (name: string, tenant: string) => Promise<string> {
  return async (name, tenant) => {
    if (!NAME.test(name)) throw new Error('Expected the name of a secret to be letters, digits, hyphens and underscores, but it is not');
    const own = /^[\w-]+$/.test(tenant) ? await fileText(join(folder, tenant, name)) : null;
    const secret = own ?? env[`SONGBAI_SECRET_${name.toUpperCase().replaceAll('-', '_')}`] ?? (await fileText(join(folder, name)));
    if (!secret)
      throw new Error(
        `Expected a secret "${name}", but there is neither SONGBAI_SECRET_${name.toUpperCase().replaceAll('-', '_')} nor a file ${name} in the folder of secrets`,
      );
    return secret;
  };
}

async function fileText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
