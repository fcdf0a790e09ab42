import assert from 'node:assert/strict';
import { problemTexts } from '#engine/definitions/problem-texts.ts';
import { warningTexts } from '#engine/definitions/warning-texts.ts';
import english from '#engine/rest/messages/en.json' with { type: 'json' };
import { filesUnder, tableRows, textOf } from './project-files.ts';

/** Upper-case words in quotes that are no error codes of ours; each must still stand somewhere. */
const OTHER_WORDS = [
  /** End states of instances, Camunda's words. */
  'EXTERNALLY_TERMINATED',
  'INTERNALLY_TERMINATED',
  /** Error codes of the database driver. */
  'PROTOCOL_SEQUENCE_TIMEOUT',
];
const SETTING = /^SONGBAI_/;

/** Any word `'LIKE_THIS'` in the server's sources, so that a code cannot hide behind a variable; and one-word codes where errors are made. */
function quotedWords(): Set<string> {
  const words = new Set<string>();
  for (const path of filesUnder('engine', /(?<!\.test)\.ts$/)) {
    const source = textOf(path);
    for (const [, word] of source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)) words.add(word!);
    for (const [, word] of source.matchAll(/(?:Error|Failure|conflict|invalidInput|problem)\(\s*(?:[\w.]+,\s*)?'([A-Z][A-Z0-9]+)'/g))
      words.add(word!);
    for (const [, word] of source.matchAll(/\bcode(?::| =) '([A-Z][A-Z0-9]+)'/g)) words.add(word!);
  }
  return words;
}

describe('docs/errors.md', () => {
  const words = quotedWords();
  const codes = new Set([
    ...[...words].filter((word) => !OTHER_WORDS.includes(word) && !SETTING.test(word)),
    ...Object.keys(problemTexts),
    ...Object.keys(warningTexts),
  ]);
  const rows = tableRows(textOf('docs/errors.md')).map(([first = '', ...cells]) => ({
    code: /^`([A-Z_0-9]+)`$/.exec(first)?.[1] ?? first,
    cells,
  }));
  const listed = new Set(rows.map(({ code }) => code));

  it('lists every code that the server can produce', () => {
    assert.ok(codes.size > 100, `expected the codes of the sources, found ${codes.size}`);
    assert.deepEqual([...codes].filter((code) => !listed.has(code)).sort(), []);
  });

  it('lists no code that the server does not know', () => {
    assert.deepEqual([...listed].filter((code) => !codes.has(code)).sort(), []);
  });

  it('lists each code once, with a meaning and what to do', () => {
    assert.equal(
      listed.size,
      rows.length,
      `twice: ${rows
        .map(({ code }) => code)
        .filter((code, at, all) => all.indexOf(code) !== at)
        .join(', ')}`,
    );
    for (const { code, cells } of rows) assert.ok(cells.length >= 2 && cells.every((cell) => cell !== ''), `empty cell at ${code}`);
  });

  it('knows every code that has a sentence for the console', () => {
    const withSentence = Object.keys(english).filter((key) => /^[A-Z_]+$/.test(key));
    assert.deepEqual(
      withSentence.filter((code) => !codes.has(code)),
      [],
    );
  });

  it('leaves out only words that are still there', () => {
    assert.deepEqual(
      OTHER_WORDS.filter((word) => !words.has(word)),
      [],
    );
  });
});
