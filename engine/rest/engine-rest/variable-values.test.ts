import assert from 'node:assert/strict';
import { toTypedValue, toVariables, type WireValue } from './variable-values.ts';

describe('variables of a request', () => {
  describe('when one is transient', () => {
    it('carries the mark, with and without a type', () => {
      assert.deepEqual(
        toVariables({ a: { value: 'x', valueInfo: { transient: true } }, b: { value: 1, type: 'Long', valueInfo: { transient: true } } }),
        {
          a: { type: 'String', value: 'x', transient: true },
          b: { type: 'Long', value: 1, transient: true },
        },
      );
    });

    it('takes no other word for it', () => {
      for (const word of ['true', 1, false, null]) {
        assert.deepEqual(toTypedValue('a', { value: 'x', valueInfo: { transient: word } }), { type: 'String', value: 'x' });
      }
    });
  });
});

describe('a hostile variable', () => {
  const cases: [what: string, wire: WireValue][] = [
    ['an integer that lost digits', { value: 2 ** 60 }],
    ['a Long beyond 2^53', { value: '9223372036854775807', type: 'Long' }],
    ['an Integer beyond 2^31', { value: 2 ** 31, type: 'Integer' }],
    ['a Double that is infinite', { value: '1e400', type: 'Double' }],
    ['a Double that is no number', { value: 'NaN', type: 'Double' }],
    ['a day that does not exist', { value: '2026-02-30', type: 'Date' }],
    ['a year of five digits', { value: '99999-01-01', type: 'Date' }],
    ['a date that its offset takes beyond the year 9999', { value: '9999-12-31T23:59:59-12:00', type: 'Date' }],
    ['the year 0', { value: '0000-01-01T00:00:00Z', type: 'Date' }],
    ['Json of 1e400', { value: '{"a":1e400}', type: 'Json' }],
    ['Json with an integer that loses digits', { value: '[12345678901234567890]', type: 'Json' }],
    ['Json of 10,000 levels', { value: '['.repeat(10_000) + ']'.repeat(10_000), type: 'Json' }],
    ['Json with __proto__', { value: '{"a":{"__proto__":{}}}', type: 'Json' }],
    ['an Object with a NUL character', { value: '{"a":"\\u0000"}', type: 'Object' }],
    ['spaces that are no base64', { value: `${' '.repeat(1_000_000)}!`, type: 'Bytes' }],
    ['a type of Java', { value: 'x', type: 'java.lang.Runtime' }],
    [
      'a serialized object',
      { value: 'rO0ABQ==', type: 'Object', valueInfo: { serializationDataFormat: 'application/x-java-serialized-object' } },
    ],
  ];
  for (const [what, wire] of cases) {
    it(`is refused by its name: ${what}`, () => {
      const startedAt = performance.now();
      assert.throws(
        () => toTypedValue('elder', wire),
        ({ status, message }: Error & { status: number }) => {
          assert.equal(status, 400);
          assert.match(message, /elder/);
          return true;
        },
      );
      assert.ok(performance.now() - startedAt < 500);
    });
  }

  it('may be a double that only looks like an integer', () => {
    assert.deepEqual(toTypedValue('x', { value: 1e18, type: 'Double' }), { type: 'Double', value: 1e18 });
  });
});
