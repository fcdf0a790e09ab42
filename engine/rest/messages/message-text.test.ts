import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import en from './en.json' with { type: 'json' };
import { localeOf, messageText } from './message-text.ts';
import zhCN from './zh-CN.json' with { type: 'json' };

const REST = join(import.meta.dirname, '..');

describe('messages', () => {
  it('has the same keys with the same parameters in both languages', () => {
    assert.deepEqual(Object.keys(en).toSorted(), Object.keys(zhCN).toSorted());
    const parameters = (text: string) =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted((a, b) => (a < b ? -1 : 1));
    for (const key of Object.keys(en) as (keyof typeof en)[]) assert.deepEqual(parameters(zhCN[key]), parameters(en[key]), key);
  });

  it('has a text for every code that the HTTP layer throws under /api', () => {
    const sources = [REST, join(REST, '..', 'identity')].flatMap(filesBelow).map((file) => readFileSync(file, 'utf8'));
    const thrown = sources.flatMap((text) =>
      [...text.matchAll(/(?:RequestError\(\d+, |invalidInput\(|conflict\(|TransientError\()'([A-Z_]+)'/g)].map(([, code]) => code ?? ''),
    );
    assert.ok(thrown.length > 20);
    assert.deepEqual([...new Set(thrown)].filter((code) => !(code in en)).toSorted(), []);
  });

  it('fills parameters in, and leaves out what is no text', () => {
    assert.equal(messageText('en', 'LOGIN_LOCKED', { retryAfterS: 300 }), 'Too many failed attempts: please try again in 300 seconds.');
    assert.equal(messageText('en', 'BODY_INVALID', { problem: {} }), 'The request does not have the expected form: ');
    assert.equal(messageText('en', 'NO_SUCH_CODE'), null);
  });

  it('takes English only from those who ask for it first', () => {
    assert.deepEqual(['en', 'en-GB,zh;q=0.5', 'zh-CN,en;q=0.9', 'entirely', undefined].map(localeOf), [
      'en',
      'en',
      'zh-CN',
      'zh-CN',
      'zh-CN',
    ]);
  });
});

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
