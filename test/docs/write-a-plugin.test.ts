import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/how-to/write-a-plugin.md', import.meta.url), 'utf8');
const folder = new URL('../../plugins/sms-greeting/', import.meta.url);

/** What a reader who follows the page ends up with is the plugin that is compiled, linted and tested here. */
describe('docs/how-to/write-a-plugin.md', () => {
  const shown = new Map(
    [...page.matchAll(/^### `(.+)`\n[^`]*(?:`[^`\n]+`[^`]*)*?```\w+\n([\s\S]*?)\n```$/gm)].map(([, file = '', code = '']) => [file, code]),
  );
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(json|ts)$/.test(file));

  it('shows every file of the example', () => {
    assert.deepEqual([...shown.keys()].sort(), files.sort());
  });

  for (const file of files)
    it(`shows ${file} as it is`, () => {
      assert.equal(`${shown.get(file)}\n`, readFileSync(new URL(file, folder), 'utf8'));
    });
});
