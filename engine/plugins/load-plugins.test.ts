import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { temporaryFolder } from '#test/support/dialects.ts';
import { loadPlugins, type LoadedPlugins } from './load-plugins.ts';

const text = { 'zh-CN': '试', en: 'test' };
const GOOD: Record<string, string> = {
  'plugin.json': JSON.stringify({
    id: 'good',
    version: '1.0.0',
    engines: { songbai: '0.1' },
    name: text,
    description: text,
    settings: { GOOD_PLACE: text },
  }),
  'options/schema.json': '{"type":"object","properties":{}}',
  'options/ui.json': '{"type":"VerticalLayout","elements":[]}',
  'options/zh-CN.json': '{"title":"试","fields":{}}',
  'options/en.json': '{"title":"test","fields":{}}',
  'index.ts': `export const plugin = { hooks: { serviceTask: ({ settings }) => ({ run: async () => ({ kind: 'completed', output: { settings } }) }) } };`,
};

/** A plugin's folder in which some files differ from a good one; null leaves the file out. */
function aFolder(changes: Record<string, string | null> = {}, name = 'good'): string {
  const folder = join(temporaryFolder(), name);
  for (const [file, content] of Object.entries({ ...GOOD, ...changes })) {
    if (content === null) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}
const manifest = (changes: object) => ({
  'plugin.json': JSON.stringify({ ...(JSON.parse(GOOD['plugin.json'] ?? '') as object), ...changes }),
});
const code = (hooks: string, before = '') => ({ 'index.ts': `${before}\nexport const plugin = { hooks: ${hooks} };` });

describe('loading plugins', () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const load = (names: string[], more: Partial<Parameters<typeof loadPlugins>[0]> = {}): Promise<LoadedPlugins> =>
    loadPlugins({
      names,
      engineVersion: '0.3.1',
      env: { GOOD_PLACE: 'here', SONGBAI_DATABASE_URL: 'mysql://root:secret@db/x' },
      secret: () => Promise.reject(new Error('none')),
      log,
      ...more,
    });
  beforeEach(() => void lines.splice(0));

  it('gives a plugin the settings that its manifest names, and no others', async () => {
    const { active } = await load([aFolder()]);
    const outcome = await active[0]?.serviceTask?.run({} as never);
    assert.deepEqual(outcome, { kind: 'completed', output: { settings: { GOOD_PLACE: 'here' } } });
  });

  it('finds the built-in ones by name', async () => {
    const { active, failed } = await load(['http-connector']);
    assert.deepEqual([active.map(({ manifest: { id } }) => id), failed], [['http-connector'], []]);
  });

  type Case = [situation: string, folder: () => string, problem: RegExp];
  const cases: Case[] = [
    ['its folder is not there', () => '/nowhere/at-all', /plugin\.json to be a JSON file/],
    ['its manifest is no JSON', () => aFolder({ 'plugin.json': '{' }), /plugin\.json to be a JSON file/],
    ['its manifest lacks a language', () => aFolder(manifest({ name: { en: 'x' } })), /\/name must have required property 'zh-CN'/],
    ['its id is not its folder', () => aFolder({}, 'other'), /folder's name, but it is "good"/],
    [
      'it was written for a later release',
      () => aFolder(manifest({ engines: { songbai: '0.4' } })),
      /for Songbai 0\.3\.1, but it was written for 0\.4/,
    ],
    ['it was written for another major release', () => aFolder(manifest({ engines: { songbai: '1.0' } })), /written for 1\.0/],
    ['its options have no layout', () => aFolder({ 'options/ui.json': null }), /ui\.json to be a JSON file/],
    [
      'its options lack a text',
      () =>
        aFolder({
          'options/schema.json': '{"type":"object","properties":{"a":{"type":"string"}}}',
          'options/ui.json': '{"type":"Control","scope":"#/properties/a"}',
        }),
      /form of the options to be right, but .*\/a\/title/,
    ],
    ['its code does not parse', () => aFolder({ 'index.ts': 'export const = ;' }), /./],
    ['its code throws', () => aFolder(code('{}', "throw new Error('no licence');")), /no licence/],
    ['its code throws nothing', () => aFolder(code('{}', 'throw undefined;')), /undefined/],
    ['its code never ends', () => aFolder(code('{}', 'await new Promise((resolve) => setTimeout(resolve, 5_000));')), /within 300 ms/],
    ['it exports no plugin', () => aFolder({ 'index.ts': 'export {};' }), /export a plugin with hooks/],
    ['it has a hook of an unknown kind', () => aFolder(code('{ coffeeMaker: () => ({}) }')), /"coffeeMaker"/],
    ['its factory throws', () => aFolder(code("{ serviceTask() { throw new Error('no modem'); } }")), /no modem/],
  ];
  for (const [situation, folder, problem] of cases) {
    describe(`when ${situation}`, () => {
      it('is left out with the reason in list and log, and the next one is loaded', async () => {
        const { active, failed } = await load([folder(), aFolder()], { timeLimitMs: 300 });
        assert.deepEqual(
          active.map(({ manifest: { id } }) => id),
          ['good'],
        );
        assert.match(failed[0]?.problem ?? '', problem);
        assert.match(lines.join(''), /"plugin":"[^"]+"/);
        assert.doesNotMatch(failed[0]?.problem ?? '', /\/(tmp|work|home)\//, 'paths of the server');
      });
    });
  }

  describe('when one is named twice', () => {
    it('is there once', async () => {
      const folder = aFolder();
      const { active, failed } = await load([folder, folder]);
      assert.equal(active.length, 1);
      assert.match(failed[0]?.problem ?? '', /twice/);
    });
  });

  describe('when they are disposed of', () => {
    it('disposes of each once, although one throws and one never ends', async () => {
      const disposing = (dispose: string) =>
        code(`{ serviceTask: () => ({ run: async () => ({ kind: 'completed' }), dispose() { ${dispose} } }) }`);
      const count = globalThis as { disposals?: number };
      count.disposals = 0;
      const plugins = await load(
        [
          aFolder(disposing("throw new Error('stuck');")),
          aFolder({ ...disposing('return new Promise(() => {});'), ...manifest({ id: 'endless' }) }, 'endless'),
          aFolder({ ...disposing('globalThis.disposals++;'), ...manifest({ id: 'last' }) }, 'last'),
        ],
        { disposeLimitMs: 300 },
      );
      assert.deepEqual(plugins.failed, []);

      await plugins.dispose();
      await plugins.dispose();

      assert.equal(count.disposals, 1);
      assert.match(lines.join(''), /stuck/);
      assert.match(lines.join(''), /within 300 ms/);
    });
  });
});
