import assert from 'node:assert/strict';
import { jsonLimits, refuseBeforeParsing, refuseHostileJson } from './hostile-json.ts';

const properties = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`;
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const unparsed = (text: string) => () => refuseBeforeParsing(Buffer.from(text));

describe('JSON before it is parsed', () => {
  for (const [what, text, code] of [
    ['nesting', lists(10_000), 'BODY_TOO_DEEP'],
    ['half a million brackets', '['.repeat(500_000), 'BODY_TOO_DEEP'],
    ['nested objects', '{"a":'.repeat(10_000), 'BODY_TOO_DEEP'],
    ['properties of one object', properties(70_000), 'BODY_TOO_WIDE'],
    ['properties inside', `{"a":{"b":${properties(10_000)}}}`, 'BODY_TOO_WIDE'],
    ['values', `[${'1,'.repeat(300_000)}1]`, 'BODY_TOO_WIDE'],
  ] as const) {
    it(`is refused for too much ${what}, in time`, () => {
      const startedAt = performance.now();
      assert.throws(unparsed(text), { code });
      assert.ok(performance.now() - startedAt < 200);
    });
  }

  for (const [what, text] of [
    ['a list of 10,000 objects', JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id, name: 'x', room: 'y' })))],
    ['brackets and commas in text', JSON.stringify({ a: '[{,'.repeat(100_000), b: '\\"[[['.repeat(10_000) })],
    ['a text that never ends', `{"a":"${'x'.repeat(100_000)}`],
  ] as const) {
    it(`may have ${what}`, () => {
      assert.doesNotThrow(unparsed(text));
    });
  }
});

describe('parsed JSON', () => {
  for (const [what, text, code, field] of [
    ['__proto__', '{"a":[{"__proto__":1}]}', 'KEY_FORBIDDEN', '/a/0'],
    ['constructor', '{"constructor":1}', 'KEY_FORBIDDEN', '/'],
    ['a NUL character', '{"a":{"b/c":"x\\u0000"}}', 'TEXT_INVALID', '/a/b~1c'],
    ['a NUL character in a name', '{"a":{"\\u0000":1}}', 'TEXT_INVALID', '/a'],
    ['half a surrogate pair', '{"a":["x","\\ud800"]}', 'TEXT_INVALID', '/a/1'],
    ['1e400', '{"a":{"value":1e400}}', 'NUMBER_OUT_OF_RANGE', '/a/value'],
    ['nesting', `{"a":${lists(jsonLimits.depth + 1)}}`, 'BODY_TOO_DEEP', `/a${'/0'.repeat(jsonLimits.depth)}`],
    ['properties', `{"a":${properties(jsonLimits.properties + 1)}}`, 'BODY_TOO_WIDE', '/a'],
  ] as const) {
    it(`is refused for ${what}, and the field is named`, () => {
      assert.throws(
        () => refuseHostileJson(JSON.parse(text)),
        ({ code: is, details }: Error & { code: string; details: Record<string, unknown> }) => {
          assert.equal(is, code);
          assert.equal(details['field'], field);
          return true;
        },
      );
    });
  }

  it('may lose digits of integers only where nobody stores it', () => {
    const value = JSON.parse('{"a":12345678901234567890}') as unknown;
    assert.doesNotThrow(() => refuseHostileJson(value));
    assert.throws(() => refuseHostileJson(value, '/variables/x/value', true), {
      code: 'NUMBER_OUT_OF_RANGE',
      message: /\/variables\/x\/value\/a/,
    });
  });
});
