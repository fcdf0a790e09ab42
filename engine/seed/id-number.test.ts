import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { idNumber, maskIdNumber } from './id-number.ts';

describe('resident ID numbers', () => {
  it('have the check digit of GB 11643', () => {
    assert.equal(idNumber('120103', '1943-05-12', '001'), '120103194305120012');
    assert.equal(idNumber('120103', '1938-03-07', '002'), '120103193803070025');
    assert.equal(idNumber('110105', '1949-12-31', '002'), '11010519491231002X');
  });

  it('are masked but for the first four and the last three characters', () => {
    assert.equal(maskIdNumber('11010519491231002X'), '1101***********02X');
  });
});
