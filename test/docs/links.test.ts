import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { filesUnder, ROOT, textOf } from './project-files.ts';

const withoutCode = (markdown: string): string => markdown.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');

/** GitHub's anchors: lower case, spaces to hyphens, no punctuation. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

describe('the links of the documentation', () => {
  for (const page of filesUnder('', /\.md$/)) {
    it(`resolve in ${page}`, () => {
      const broken = [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
        .map(([, link, image]) => link ?? image ?? '')
        .filter((link) => !/^[a-z]+:/.test(link) && !isThere(page, link));
      assert.deepEqual(broken, []);
    });
  }
});

function isThere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (target.startsWith('..') || !existsSync(`${ROOT}${target}`)) return false;
  return anchor === undefined || anchorsOf(textOf(target)).includes(anchor);
}
