import assert from 'node:assert/strict';
import { toTypedValue, toVariables } from './variable-values.ts';

describe('variables of a request', () => {
  describe('when one is transient', () => {
    it('carries the mark, with and without a type', () => {
      assert.deepEqual(toVariables({ a: { value: 'x', valueInfo: { transient: true } }, b: { value: 1, type: 'Long', valueInfo: { transient: true } } }), {
        a: { type: 'String', value: 'x', transient: true },
        b: { type: 'Long', value: 1, transient: true },
      });
    });

    it('takes no other word for it', () => {
      for (const word of ['true', 1, false, null]) {
        assert.deepEqual(toTypedValue('a', { value: 'x', valueInfo: { transient: word } }), { type: 'String', value: 'x' });
      }
    });
  });
});
