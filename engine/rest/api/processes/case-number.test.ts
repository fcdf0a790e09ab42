import assert from 'node:assert/strict';
import { caseNumber } from './case-number.ts';

describe('case number', () => {
  const cases: [string, string, string][] = [
    ['work_order', '2026-11-22T10:00:00Z', '120103-GD-20261122-00017'],
    ['alert_response', '2026-11-22T15:59:59Z', '120103-YJ-20261122-00017'],
    ['alert_response', '2026-11-22T16:00:00Z', '120103-YJ-20261123-00017'],
    ['home-visit', '2026-11-22T10:00:00Z', '120103-HV-20261122-00017'],
  ];
  for (const [processKey, at, expected] of cases) {
    it(`is ${expected} for ${processKey} at ${at}`, () =>
      assert.equal(caseNumber({ tenant: '120103', processKey, at: Date.parse(at), sequence: 17 }), expected));
  }
});
