import { Ajv2020 } from 'ajv/dist/2020.js';
import { basename, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { FormDefinition } from '#forms/runtime/form.ts';
import type { PluginManifest } from '#plugins/api.ts';

const text = { type: 'string', minLength: 1, maxLength: 500 };
const bilingual = { type: 'object', required: ['zh-CN', 'en'], additionalProperties: false, properties: { 'zh-CN': text, en: text } };

const validate = new Ajv2020({ ownProperties: true }).compile<PluginManifest>({
  type: 'object',
  required: ['id', 'version', 'engines', 'name', 'description'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,40}$' },
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    engines: { type: 'object', required: ['songbai'], properties: { songbai: { type: 'string', pattern: '^\\d+\\.\\d+$' } } },
    name: bilingual,
    description: bilingual,
    settings: { type: 'object', propertyNames: { pattern: '^[A-Z][A-Z0-9_]{0,60}$' }, additionalProperties: bilingual },
  },
});

/** What a plugin's folder says of itself, read before any of its code runs. @throws Error in words for the operator */
export async function readManifest(folder: string, engineVersion: string): Promise<PluginManifest> {
  const manifest = await readJson(join(folder, 'plugin.json'));
  if (!validate(manifest)) {
    const [error] = validate.errors ?? [];
    throw new Error(`Expected plugin.json to be a manifest, but ${error?.instancePath || '/'} ${error?.message}`);
  }
  if (manifest.id !== basename(folder))
    throw new Error(`Expected the id of the plugin to be its folder's name, but it is "${manifest.id}"`);
  if (!runsOn(manifest.engines.songbai, engineVersion))
    throw new Error(`Expected a plugin for Songbai ${engineVersion}, but it was written for ${manifest.engines.songbai}`);
  return manifest;
}

/** The form of the plugin's options, laid out as every form. */
export async function readOptionsForm(folder: string): Promise<FormDefinition> {
  const [schema, ui, zhCN, en] = await Promise.all(
    ['schema', 'ui', 'zh-CN', 'en'].map((name) => readJson(join(folder, 'options', `${name}.json`))),
  );
  return { schema, ui, messages: { 'zh-CN': zhCN, en } } as FormDefinition;
}

function runsOn(wanted: string, engineVersion: string): boolean {
  const [major, minor] = wanted.split('.').map(Number);
  const [ourMajor, ourMinor] = engineVersion.split('.').map(Number);
  return major === ourMajor && (minor ?? 0) <= (ourMinor ?? 0);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`Expected ${path} to be a JSON file, but: ${(error as Error).message}`, { cause: error });
  }
}
