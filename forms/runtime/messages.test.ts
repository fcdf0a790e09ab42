import assert from 'node:assert/strict';
import { fill } from './messages.ts';
import { en } from './messages/en.ts';
import { zhCN } from './messages/zh-CN.ts';
import { formats } from './formats.ts';

const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('messages', () => {
  it('say the same keywords in both languages, with the same parameters', () => {
    assert.deepEqual(Object.keys(en), Object.keys(zhCN));
    for (const [keyword, text] of Object.entries(en)) assert.deepEqual(parameters(zhCN[keyword] ?? ''), parameters(text), keyword);
  });
  it('have a text for each format', () => {
    for (const name of Object.keys(formats)) assert.ok(zhCN[`format.${name}`], name);
  });
  it('fill in parameters, and leave what they do not know', () => assert.equal(fill('{limit} of {other}', { limit: 3 }), '3 of {other}'));
});
