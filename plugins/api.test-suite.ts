import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { loadPlugins, type ActivePlugin } from '#engine/plugins/load-plugins.ts';
import { callPlugin } from '#engine/plugins/call-plugin.ts';
import { typed } from '#engine/core/values.ts';
import { PLUGIN_OPTIONS } from '#engine/core/model.ts';
import type { LockedTask } from '#engine/services/contract.ts';
import type { JsonObject, ServiceTaskCall } from './api.ts';

export interface PluginExamples {
  /** The plugin's folder: `import.meta.dirname`. */
  folder: string;
  /** Values for the settings of its manifest; a function when they are known only when the tests run. */
  settings?: Record<string, string> | (() => Record<string, string>);
  /** Secrets by name. */
  secrets?: Record<string, string>;
  /** Options that must be taken, and options that must be refused. */
  valid: JsonObject[];
  invalid: JsonObject[];
  /** Options of a call that goes on until it is aborted; absent when every call is over at once. */
  endless?: () => Promise<JsonObject> | JsonObject;
}

/** Loads the plugin as the engine does. @throws Error with the reason why it cannot be loaded */
export async function loadPlugin({
  folder,
  settings = {},
  secrets = {},
}: Pick<PluginExamples, 'folder' | 'settings' | 'secrets'>): Promise<ActivePlugin> {
  const { active, failed } = await loadPlugins({
    names: [folder],
    engineVersion: packageJson.version,
    env: typeof settings === 'function' ? settings() : settings,
    secret: (name) => (secrets[name] === undefined ? Promise.reject(new Error(`no secret ${name}`)) : Promise.resolve(secrets[name])),
    log: pino({ level: 'silent' }),
  });
  if (!active[0]) throw new Error(failed[0]?.problem);
  return active[0];
}

/** What the engine expects of every plugin, to be run by each plugin's own test. */
export function itIsAPlugin(examples: PluginExamples): void {
  const { folder, valid, invalid, endless } = examples;
  const id = basename(folder);
  const loaded = () => loadPlugin(examples);

  describe(`plugin ${id}`, () => {
    it('is one folder with its metadata, options, code, test and description', () => {
      const files = [
        'plugin.json',
        'options/schema.json',
        'options/ui.json',
        'options/zh-CN.json',
        'options/en.json',
        'index.ts',
        'index.test.ts',
        'README.md',
      ];
      assert.deepEqual(
        files.filter((file) => !existsSync(join(folder, file))),
        [],
      );
    });

    it('loads, with a name and a description in both languages', async () => {
      const { manifest, kinds } = await loaded();
      assert.equal(manifest.id, id);
      for (const locale of ['zh-CN', 'en'] as const) assert.ok(manifest.name[locale] && manifest.description[locale]);
      assert.ok(kinds.length > 0);
    });

    it('takes options that fit its schema', async () => {
      const { checkOptions } = await loaded();
      for (const options of valid) assert.deepEqual(checkOptions(options), [], JSON.stringify(options));
    });

    it('says in both languages what is wrong with others', async () => {
      const { checkOptions } = await loaded();
      assert.ok(invalid.length > 0, 'expected examples of invalid options');
      for (const options of invalid) {
        const [error] = checkOptions(options);
        assert.ok(error?.message['zh-CN'] && error.message.en, JSON.stringify(options));
      }
    });

    it('says nothing about options that are not known before the task starts', async () => {
      const { checkOptions } = await loaded();
      for (const options of valid)
        for (const name of Object.keys(options)) assert.deepEqual(checkOptions({ ...options, [name]: null }, [`/${name}`]), [], name);
    });

    it('can be there several times, each without the others', async () => {
      const first = await loaded();
      const second = await loaded();
      await first.dispose();
      assert.deepEqual(second.checkOptions(valid[0]), []);
      await second.dispose();
    });

    it('can be disposed of twice', async () => {
      const { dispose } = await loaded();
      await dispose();
      await dispose();
    });

    if (endless)
      it('stops soon after its signal aborts', async () => {
        const plugin = await loaded();
        const controller = new AbortController();
        const call = plugin.serviceTask?.run(aCall(await endless(), { signal: controller.signal }));
        let isOver = false;
        const over = Promise.resolve(call)
          .catch(() => undefined)
          .then(() => (isOver = true));
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(isOver, false, 'expected a call that goes on until it is aborted');

        controller.abort(new Error('stop'));

        const late = setTimeout(() => assert.fail('expected the call to end within 1 s of the abort'), 1_000);
        await over;
        clearTimeout(late);
        await plugin.dispose();
      });

    it('does nothing for a call that was aborted before it began', async () => {
      const plugin = await loaded();
      if (!plugin.serviceTask) return;
      const outcome = await callPlugin(plugin, aTask(valid[0] ?? {}), 1, AbortSignal.abort(new Error('stop')));
      assert.equal(outcome.kind, 'failed');
      await plugin.dispose();
    });
  });
}

/** A call of the plugin, for its own tests. */
export const aCall = <Options>(options: Options, more: Partial<ServiceTaskCall<Options>> = {}): ServiceTaskCall<Options> => ({
  options,
  variables: {},
  idempotencyKey: 'songbai-120103-1-2',
  attempt: 1,
  tenant: '120103',
  businessKey: null,
  processKey: 'p',
  elementId: 'call',
  signal: new AbortController().signal,
  ...more,
});

/** A locked external task of a plugin with these options, as the engine hands it to the host. */
export function aTask(options: JsonObject, more: Partial<LockedTask> = {}): LockedTask {
  return {
    id: 2,
    instanceId: 1,
    definitionId: 1,
    definitionKey: 'p',
    definitionVersionTag: null,
    businessKey: null,
    elementId: 'call',
    topic: 'plugin:test',
    workerId: 'w',
    lockExpiresAt: 0,
    createdAt: 0,
    retries: null,
    priority: 0,
    errorMessage: null,
    errorDetails: null,
    tenant: '120103',
    variables: { [PLUGIN_OPTIONS]: typed(options) },
    extensionProperties: null,
    ...more,
  };
}
