import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import en from './en.json' with { type: 'json' };
import zh from './zh-CN.json' with { type: 'json' };

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(vue|ts)$/.test(file) && !file.endsWith('.test.ts'),
);
const zhMessages = zh as Record<string, string>;
const enMessages = en as Record<string, string>;

/** Keys written out in the code: `t('a.b')`, and message keys in tables (`label: 'a.b'`, `text: 'a.b'`, `title: 'a.b'`). */
function keysIn(text: string): string[] {
  const calls = [...text.matchAll(/\bt\(\s*'([^']+)'/g), ...text.matchAll(/\b(?:label|text|title): '([a-z][A-Za-z]*\.[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  const choices = [...text.matchAll(/\bt\(([^'`()]*\?[^()]*)\)/g)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/'([a-z][A-Za-z]*\.[^']+)'/g)].map((key) => key[1] ?? ''),
  );
  return [...calls, ...choices];
}

/** Beginnings of keys that are put together: `t(`level.${…}`)`. */
function prefixesIn(text: string): string[] {
  return [...text.matchAll(/\bt\(`([^`$]+)\$\{/g), ...text.matchAll(/term\('([^']+)'/g)].map((match) => match[1] ?? '');
}

const placeholders = (message: string): string[] => [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('console messages', () => {
  it('have the same keys in both languages', () => {
    assert.deepEqual(Object.keys(enMessages), Object.keys(zhMessages));
  });

  it('are sorted by key', () => {
    assert.deepEqual(Object.keys(zhMessages), Object.keys(zhMessages).sort());
  });

  it('use the same placeholders in both languages', () => {
    const different = Object.keys(zhMessages).filter(
      (key) => placeholders(zhMessages[key] ?? '').join() !== placeholders(enMessages[key] ?? '').join(),
    );
    assert.deepEqual(different, []);
  });

  it('are never empty', () => {
    const empty = Object.keys(zhMessages).filter((key) => zhMessages[key] === '' || enMessages[key] === '');
    assert.deepEqual(empty, []);
  });

  it('exist for every key that the code asks for', () => {
    const missing = files.flatMap((file) =>
      keysIn(readFileSync(join(source, file), 'utf8'))
        .filter((key) => !(key in zhMessages))
        .map((key) => `${file}: ${key}`),
    );
    assert.deepEqual(missing, []);
  });

  it('exist for every beginning of a key that the code completes', () => {
    const all = Object.keys(zhMessages);
    const missing = files.flatMap((file) =>
      prefixesIn(readFileSync(join(source, file), 'utf8'))
        .filter((prefix) => !all.some((key) => key.startsWith(prefix)))
        .map((prefix) => `${file}: ${prefix}`),
    );
    assert.deepEqual(missing, []);
  });
});
