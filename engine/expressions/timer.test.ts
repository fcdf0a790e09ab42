import assert from 'node:assert/strict';
import { Failure } from '#engine/core/failure.ts';
import { createExpressions } from './create-expressions.ts';
import { durationMs, parseDuration } from './iso-duration.ts';
import { parseDate } from './iso-date.ts';
import { aContext } from '#test/support/evaluation-context.ts';
import { literalTimer } from './timer.ts';

/** 2026-11-23 00:30 in Shanghai. */
const now = Date.UTC(2026, 10, 22, 16, 30);
const expressions = createExpressions({ now: () => now, sla: () => 'PT30M' });
const { context } = aContext(
  { wait: 'PT2H', slaClass: 'N1' },
  { typedValues: { due: { type: 'Date', value: '2026-12-01T08:00:00.000+0000' } } },
);
const iso = (at: number) => new Date(at).toISOString();

const due = (kind: 'date' | 'duration' | 'cycle', source: string, zone?: string) => {
  const timers = zone ? createExpressions({ now: () => now, sla: () => undefined, timeZone: zone }) : expressions;
  const expression = source.includes('${') ? ({ language: 'juel', source } as const) : ({ language: 'literal', value: source } as const);
  const { dueAt, repeat } = timers.timer({ kind, expression }, context, now);
  return repeat ? [iso(dueAt), repeat.left] : iso(dueAt);
};

describe('timer', () => {
  const cases: [kind: 'date' | 'duration' | 'cycle', source: string, due: unknown][] = [
    ['date', '2026-12-01T08:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['date', '2026-12-01T08:00:00+08:00', '2026-12-01T00:00:00.000Z'],
    ['date', '2026-12-01T08:00:00.250+0800', '2026-12-01T00:00:00.250Z'],
    // without offset it is Shanghai's wall clock
    ['date', '2026-12-01T08:00:00', '2026-12-01T00:00:00.000Z'],
    ['date', '2026-12-01', '2026-11-30T16:00:00.000Z'],
    ['date', '${due}', '2026-12-01T08:00:00.000Z'],
    ['duration', 'PT30M', '2026-11-22T17:00:00.000Z'],
    ['duration', 'P1DT2H3M4.5S', '2026-11-23T18:33:04.500Z'],
    ['duration', 'P1W', '2026-11-29T16:30:00.000Z'],
    ['duration', 'P3M', '2027-02-22T16:30:00.000Z'],
    ['duration', '${wait}', '2026-11-22T18:30:00.000Z'],
    ['duration', "${sla('visit')}", '2026-11-22T17:00:00.000Z'],
    ['cycle', 'R3/PT10M', ['2026-11-22T16:40:00.000Z', 2]],
    ['cycle', 'R/PT1H', ['2026-11-22T17:30:00.000Z', -1]],
    ['cycle', 'R5/2026-11-23T00:00:00Z/P1D', ['2026-11-23T00:00:00.000Z', 4]],
    // the start lies three periods back: those are gone
    ['cycle', 'R5/2026-11-20T00:00:00Z/P1D', ['2026-11-23T00:00:00.000Z', 1]],
    ['cycle', 'R2/2026-11-20T00:00:00Z/P1D', ['2026-11-23T00:00:00.000Z', 0]],
    ['cycle', '0 0 8 * * ?', ['2026-11-23T00:00:00.000Z', -1]],
  ];
  for (const [kind, source, expected] of cases) {
    describe(`when it is the ${kind} ${source}`, () => {
      it(`is due ${JSON.stringify(expected)}`, () => assert.deepEqual(due(kind, source), expected));
    });
  }

  describe('when the time zone is set', () => {
    it('means cron and dates without offset there', () => {
      assert.deepEqual(due('cycle', '0 0 8 * * ?', 'UTC'), ['2026-11-23T08:00:00.000Z', -1]);
      assert.equal(due('date', '2026-12-01', 'UTC'), '2026-12-01T00:00:00.000Z');
    });
  });

  describe('when the text is no time', () => {
    for (const [kind, source] of [
      ['date', 'tomorrow'],
      ['date', '2026-02-30'],
      ['date', '2026-13-01'],
      ['duration', '30m'],
      ['duration', 'P'],
      ['duration', 'PT'],
      ['cycle', 'R0/PT1H'],
      ['cycle', 'R3/PT0S'],
      ['cycle', 'R3/-PT1H'],
      ['cycle', 'PT1H'],
      ['cycle', '0 0 8 * *'],
      ['cycle', '0 61 8 * * ?'],
    ] as const) {
      it(`refuses the ${kind} ${source}, at deployment and when it runs`, () => {
        assert.equal(literalTimer(kind, source), false);
        assert.throws(
          () => due(kind, source),
          (error) => error instanceof Failure && error.code === 'TIMER_INVALID',
        );
      });
    }
  });
});

describe('cycle', () => {
  const next = (cycle: string, previous: string, at: string) => iso(expressions.nextCycle(cycle, Date.parse(previous), Date.parse(at)));

  describe('when it ran on time', () => {
    it('is due one period later', () =>
      assert.equal(next('R3/PT10M', '2026-11-22T16:00:00Z', '2026-11-22T16:00:01Z'), '2026-11-22T16:10:00.000Z'));
    it('keeps the calendar day of months', () =>
      assert.equal(next('R/P1M', '2026-11-22T16:00:00Z', '2026-11-22T16:00:01Z'), '2026-12-22T16:00:00.000Z'));
    it('follows cron', () =>
      assert.equal(next('0 30 9 ? * MON-FRI', '2026-11-27T01:30:00Z', '2026-11-27T01:30:01Z'), '2026-11-30T01:30:00.000Z'));
  });

  describe('when the engine was down for two days', () => {
    it('catches up with one run and returns to its grid', () => {
      assert.equal(next('R/PT1H', '2026-11-20T16:00:00Z', '2026-11-22T16:20:00Z'), '2026-11-22T17:00:00.000Z');
      assert.equal(next('R/P1M', '2026-01-22T16:00:00Z', '2026-11-22T16:20:00Z'), '2026-12-22T16:00:00.000Z');
      assert.equal(next('0 0 8 * * ?', '2026-11-20T00:00:00Z', '2026-11-22T16:20:00Z'), '2026-11-23T00:00:00.000Z');
    });
  });
});

describe('cron', () => {
  const after = (cron: string, at: string) => iso(expressions.nextCycle(cron, 0, Date.parse(at)));
  const cases: [cron: string, at: string, next: string][] = [
    ['0 0/15 * * * ?', '2026-11-22T16:30:00+08:00', '2026-11-22T16:45:00+08:00'],
    ['30 5 1-3 * * ?', '2026-11-22T02:05:30+08:00', '2026-11-22T03:05:30+08:00'],
    ['0 0 9 1 * ?', '2026-11-22T16:30:00+08:00', '2026-12-01T09:00:00+08:00'],
    ['0 0 9 L * ?', '2026-02-10T00:00:00+08:00', '2026-02-28T09:00:00+08:00'],
    ['0 0 9 29 2 ?', '2026-11-22T16:30:00+08:00', '2028-02-29T09:00:00+08:00'],
    // 1 = Sunday, as Camunda 7 counts
    ['0 0 9 ? * 1', '2026-11-23T00:00:00+08:00', '2026-11-29T09:00:00+08:00'],
    ['0 0 9 ? JAN,JUL SUN', '2026-11-23T00:00:00+08:00', '2027-01-03T09:00:00+08:00'],
    ['59 59 23 31 12 ?', '2026-12-31T23:59:59+08:00', '2027-12-31T23:59:59+08:00'],
  ];
  for (const [cron, at, expected] of cases) {
    describe(`when it is ${cron} after ${at}`, () => {
      it(`comes at ${expected}`, () => assert.equal(after(cron, at), iso(Date.parse(expected))));
    });
  }

  describe('when it names a day that never comes', () => {
    it('fails', () =>
      assert.throws(
        () => after('0 0 9 31 2 ?', '2026-11-22T16:30:00Z'),
        (error) => error instanceof Failure && error.code === 'TIMER_INVALID',
      ));
  });
});

describe('due date', () => {
  const cases: [value: unknown, due: number | null][] = [
    [null, null],
    ['', null],
    ['2026-12-01T08:00:00Z', Date.UTC(2026, 11, 1, 8)],
    ['PT1H', now + 3_600_000],
    [now, now],
    ['2026-12-01T08:00:00.000+0000', Date.UTC(2026, 11, 1, 8)],
  ];
  for (const [value, expected] of cases) {
    describe(`when the value is ${JSON.stringify(value)}`, () => {
      it(`is ${expected}`, () => assert.equal(expressions.dueDate(value, now), expected));
    });
  }

  describe('when the value is no date', () => {
    for (const value of ['soon', true, {}, 1.5]) {
      it(`refuses ${JSON.stringify(value)}`, () => assert.throws(() => expressions.dueDate(value, now), Failure));
    }
  });
});

describe('ISO duration', () => {
  describe('when it has a sign, weeks or fractions', () => {
    it('reads them', () => {
      assert.deepEqual(parseDuration('-P1Y2M'), { months: -14, ms: 0 });
      assert.deepEqual(parseDuration('P1WT0.5S'), { months: 0, ms: 604_800_500 });
      assert.deepEqual(parseDuration('PT0S'), { months: 0, ms: 0 });
    });
  });

  describe('when its length depends on the calendar', () => {
    it('has no milliseconds', () => assert.equal(durationMs('P1M'), null));
  });
});

describe('ISO date', () => {
  describe('when the zone changes its offset', () => {
    it('takes the offset of that day', () => {
      assert.equal(parseDate('2026-01-15T12:00:00', 'Europe/Berlin'), Date.UTC(2026, 0, 15, 11));
      assert.equal(parseDate('2026-07-15T12:00:00', 'Europe/Berlin'), Date.UTC(2026, 6, 15, 10));
    });
  });
});
