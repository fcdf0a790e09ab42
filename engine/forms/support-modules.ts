import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type { SupportUrls } from './generate-validator.ts';

/** The two modules that all validator modules share, bundled from `forms/runtime`, named by their content. */
export interface SupportModules {
  urls: SupportUrls;
  /** Hash → code. */
  byHash: ReadonlyMap<string, string>;
}

const runtimeFile = (name: string): string => fileURLToPath(import.meta.resolve(`#forms/runtime/${name}`));

/** Takes about 0.2 s, once per process; the same source gives the same bytes on every node. */
export async function bundleSupportModules(): Promise<SupportModules> {
  const [validatorSupport, patterns] = await Promise.all([bundle(runtimeFile('validator-support.ts')), bundle(runtimeFile('patterns.ts'))]);
  return {
    urls: { validatorSupport: `./${validatorSupport.hash}.js`, patterns: `./${patterns.hash}.js` },
    byHash: new Map([validatorSupport, patterns].map(({ hash, code }) => [hash, code])),
  };
}

async function bundle(input: string): Promise<{ hash: string; code: string }> {
  const build = await rolldown({ input, platform: 'neutral', logLevel: 'silent' });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    const { code } = output[0];
    return { hash: hashOf(code), code };
  } finally {
    await build.close();
  }
}

/** SHA-256 in hex: the name of forms and modules. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
