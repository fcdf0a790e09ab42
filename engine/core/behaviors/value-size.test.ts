import assert from 'node:assert/strict';
import { typed } from '../values.ts';
import { requireStorable, valueLimits } from './value-size.ts';

const check = (value: unknown) => () => requireStorable('x', typed(value));

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** Each level holds the one below twice: small in memory, endless when it is written. */
function doubled(times: number): unknown {
  let value: unknown = 'x';
  for (let time = 0; time < times; time++) value = { a: value, b: value };
  return value;
}

describe('the size of a variable', () => {
  it('may be up to the limit', () => {
    assert.doesNotThrow(check('x'.repeat(valueLimits.size)));
    assert.doesNotThrow(check({ list: Array.from({ length: 100_000 }, (_, index) => ({ index })) }));
    assert.doesNotThrow(check(nested(valueLimits.depth)));
  });

  for (const [what, value] of [
    ['text', 'x'.repeat(valueLimits.size + 1)],
    ['a list', Array.from({ length: 1_000_000 }, () => 1)],
    ['keys', Object.fromEntries(Array.from({ length: 400_000 }, (_, index) => [`key${index}`, null]))],
  ] as const) {
    it(`is refused beyond it: ${what}`, () => {
      assert.throws(check(value), { code: 'VARIABLE_TOO_LARGE' });
    });
  }

  it('is found out in time when a value holds itself many times over', () => {
    const startedAt = performance.now();
    assert.throws(check(doubled(60)), { code: 'VARIABLE_TOO_LARGE' });
    assert.ok(performance.now() - startedAt < 1_000);
  });

  it('is refused beyond so many levels', () => {
    assert.throws(check(nested(valueLimits.depth + 1)), { code: 'VARIABLE_TOO_DEEP' });
    assert.throws(check(nested(100_000)), { code: 'VARIABLE_TOO_DEEP' });
  });
});
