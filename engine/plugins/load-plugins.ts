import { basename, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StoredForm } from '#engine/forms/forms-service.ts';
import { hashOf } from '#engine/forms/support-modules.ts';
import type { Logger } from '#engine/log.ts';
import type { FormDefinition } from '#forms/runtime/form.ts';
import type { HookKind, JsonObject, Plugin, PluginContext, PluginManifest, ServiceTask } from '#plugins/api.ts';
import { readManifest, readOptionsForm } from './manifest.ts';
import { compileOptions, type CheckOptions } from './options-check.ts';

/** A plugin that runs: its folder's data and what its factories made. */
export interface ActivePlugin {
  manifest: PluginManifest;
  options: FormDefinition;
  /** The same for the forms service; its validator module is made when a browser asks for it. */
  form: StoredForm;
  checkOptions: CheckOptions;
  kinds: HookKind[];
  serviceTask: ServiceTask<JsonObject> | null;
  dispose(): Promise<void>;
}

export interface FailedPlugin {
  /** Of its folder. */
  name: string;
  problem: string;
}

export interface LoadedPlugins {
  active: ActivePlugin[];
  failed: FailedPlugin[];
  /** The form of a plugin's options, by its hash. */
  form(hash: string): StoredForm | null;
  dispose(): Promise<void>;
}

export interface LoadInput {
  /** Folders below `plugins/`, or paths to folders. */
  names: readonly string[];
  engineVersion: string;
  env: Readonly<Record<string, string | undefined>>;
  secret: PluginContext['secret'];
  log: Logger;
  /** For loading a plugin that may never end; default 10 s. */
  timeLimitMs?: number;
  /** For disposing of all; default 3 s, because the server has 15 s to stop. */
  disposeLimitMs?: number;
}

const BUILT_IN = fileURLToPath(new URL('../../plugins', import.meta.url));
/** One line per kind: what the engine calls. */
const KINDS = { serviceTask: true } as const satisfies Record<HookKind, true>;

/** Loads each plugin of the list by itself: one that fails is logged and left out, and stops nobody. */
export async function loadPlugins({ names, timeLimitMs = 10_000, disposeLimitMs = 3_000, ...input }: LoadInput): Promise<LoadedPlugins> {
  const active: ActivePlugin[] = [];
  const failed: FailedPlugin[] = [];
  for (const name of names) {
    try {
      const plugin = await within(timeLimitMs, loadPlugin(folderOf(name), input));
      if (active.some(({ manifest }) => manifest.id === plugin.manifest.id))
        throw new Error(`Expected one plugin "${plugin.manifest.id}", but the list names it twice`);
      active.push(plugin);
    } catch (error) {
      input.log.error({ err: error, plugin: name }, 'a plugin could not be loaded; its tasks wait until it is there');
      // Paths of the server are the log's matter: designers of every district read this.
      const folder = folderOf(name);
      failed.push({
        name: basename(folder),
        problem: messageOf(error)
          .replaceAll(folder, basename(folder))
          .replace(/ imported from .*$/s, ''),
      });
    }
  }
  return {
    active,
    failed,
    form: (hash) => active.find(({ form }) => form.hash === hash)?.form ?? null,
    async dispose() {
      await Promise.all(active.map((plugin) => disposeOne(plugin, input.log, disposeLimitMs)));
    },
  };
}

async function loadPlugin(folder: string, { engineVersion, env, secret, log }: Omit<LoadInput, 'names'>): Promise<ActivePlugin> {
  const manifest = await readManifest(folder, engineVersion);
  const options = await readOptionsForm(folder);
  const checkOptions = compileOptions(options);
  const content = JSON.stringify(options);
  const module = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as { plugin?: Plugin };
  const hooks = module.plugin?.hooks;
  if (typeof hooks !== 'object') throw new Error('Expected index.ts to export a plugin with hooks, but it does not');
  const unknown = Object.keys(hooks).find((kind) => !Object.hasOwn(KINDS, kind));
  if (unknown !== undefined) throw new Error(`Expected hooks of the kinds ${Object.keys(KINDS).join(', ')}, but one is "${unknown}"`);
  const names = Object.keys(manifest.settings ?? {});
  const context: PluginContext = {
    log: log.child({ plugin: manifest.id }),
    settings: Object.fromEntries(names.map((name) => [name, env[name]])),
    secret,
  };
  const serviceTask = hooks.serviceTask?.(context) ?? null;
  let isDisposed = false;
  return {
    manifest,
    options,
    form: { hash: hashOf(content), content, module: '' },
    checkOptions,
    kinds: Object.keys(hooks) as HookKind[],
    serviceTask,
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await serviceTask?.dispose?.();
    },
  };
}

async function disposeOne(plugin: ActivePlugin, log: Logger, timeLimitMs: number): Promise<void> {
  try {
    await within(timeLimitMs, plugin.dispose());
  } catch (error) {
    log.error({ err: error, plugin: plugin.manifest.id }, 'a plugin could not be disposed of');
  }
}

const folderOf = (name: string): string => (/[\\/]/.test(name) || isAbsolute(name) ? resolve(name) : join(BUILT_IN, name));

/** What a plugin throws may be anything. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

async function within<T>(timeLimitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Expected it to be done within ${timeLimitMs} ms, but it is not`)), timeLimitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
