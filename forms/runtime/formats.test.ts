import assert from 'node:assert/strict';
import { formats } from './formats.ts';

const CASES: Record<string, { yes: string[]; no: string[] }> = {
  date: { yes: ['2026-11-22', '2024-02-29'], no: ['2026-02-29', '2026-13-01', '2026-1-1', ''] },
  time: { yes: ['08:30', '23:59:59', '08:30:00+08:00'], no: ['24:00', '8:30'] },
  'date-time': { yes: ['2026-11-22T08:00:00+08:00', '2026-11-22T00:00:00.000Z'], no: ['2026-11-22T08:00:00', '2026-11-22 08:00', 'T'] },
  duration: { yes: ['PT2H', 'P1DT30M', 'P2W'], no: ['P', 'PT', '2h'] },
  email: { yes: ['a.b@hexi.gov.cn'], no: ['a@b', '@b.cn', `${'a'.repeat(65)}@b.cn`] },
  uri: { yes: ['https://example.com/a?b=1'], no: ['javascript:alert(1)', 'example.com', 'http://a b'] },
  uuid: { yes: ['123e4567-e89b-12d3-a456-426614174000'], no: ['123e4567'] },
  'cn-phone': {
    yes: ['13812345678', '022-23456789', '12345', '120', '400-123-4567'],
    no: ['12812345678', 'abc', '1381234567'],
  },
  'cn-id-card': {
    yes: ['11010519491231002X', '440524188001010014'],
    no: ['110105194912310021', '11010519491331002X', '11010519491231002x'],
  },
  'cn-uscc': { yes: ['91350100M000100Y43'], no: ['91350100M000100Y44', '9135'] },
  'cn-plate': { yes: ['津A12345', '津AD12345', '京B1234学'], no: ['天A12345', '津I12345', '津A1234'] },
  photo: {
    yes: ['data:image/jpeg;base64,/9j/4AAQ'],
    no: ['data:image/svg+xml;base64,AAAA', 'javascript:alert(1)', 'http://x/y.jpg'],
  },
};

describe('formats', () => {
  for (const [name, { yes, no }] of Object.entries(CASES)) {
    it(`know ${name}`, () => {
      for (const text of yes) assert.equal(formats[name]?.(text), true, text);
      for (const text of no) assert.equal(formats[name]?.(text), false, text);
    });
  }
  it('are all tested', () => assert.deepEqual(Object.keys(CASES).sort(), Object.keys(formats).sort()));
  it('answer at once, whatever is sent', () => {
    for (const check of Object.values(formats)) {
      for (const part of ['a', '-', '1', 'a.', '.', '(', ' ']) {
        const startedAt = performance.now();
        check(part.repeat(300_000));
        check(part.repeat(2000));
        assert.ok(performance.now() - startedAt < 100);
      }
    }
  });
});
