import { Failure } from '#engine/core/failure.ts';
import type { TimerDefinition } from '#engine/core/model.ts';
import type { TimerDue } from '#engine/core/ports.ts';
import { nextCron, parseCron } from './cron.ts';
import { addDuration, parseDate } from './iso-date.ts';
import type { IsoDuration } from './iso-duration.ts';
import { parseDuration } from './iso-duration.ts';
import { defaultTimeZone } from './time-zone.ts';

/** `R3/PT10M`, `R/PT1H`, `R5/2026-01-01T00:00:00Z/P1D`; `times` -1 = endless. */
interface Cycle {
  times: number;
  start: number | null;
  period: IsoDuration;
}

/** Whether a literal time of a timer can be understood; the deployment asks. */
export function literalTimer(kind: TimerDefinition['kind'], text: string): boolean {
  switch (kind) {
    // Camunda 7 takes each for the other, and so does `instant`.
    case 'date':
    case 'duration':
      return parseDate(text) !== null || parseDuration(text) !== null;
    case 'cycle':
      return parseCycle(text, defaultTimeZone) !== null || parseCron(text) !== null;
  }
}

/** When a timer is due, in UTC epoch ms. @throws Failure `TIMER_INVALID` */
export function timerDue(kind: TimerDefinition['kind'], value: unknown, now: number, zone = defaultTimeZone): TimerDue {
  if (kind === 'cycle') return firstOfCycle(String(value).trim(), now, zone);
  const dueAt = kind === 'date' ? instant(value, now, zone) : durationFrom(value, now, zone);
  if (dueAt === null) throw invalid(kind, value);
  return { dueAt };
}

/** An ISO date, an ISO duration from now, a Date or epoch ms; null and '' are no date. @throws Failure `TIMER_INVALID` */
export function dueDate(value: unknown, now: number, zone = defaultTimeZone): number | null {
  if (value === null || value === undefined || value === '') return null;
  const at = instant(value, now, zone);
  if (at === null) throw invalid('date', value);
  return at;
}

function durationFrom(value: unknown, now: number, zone: string): number | null {
  // Camunda takes a date as a duration too: the timer is due then.
  return instant(value, now, zone);
}

function instant(value: unknown, now: number, zone: string): number | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const duration = parseDuration(text);
  return duration ? addDuration(now, duration, zone) : parseDate(text, zone);
}

function firstOfCycle(text: string, now: number, zone: string): TimerDue {
  const cron = parseCron(text);
  if (cron) return { dueAt: cronAfter(text, now, zone), repeat: { left: -1, cycle: text } };
  const cycle = parseCycle(text, zone);
  if (!cycle) throw invalid('cycle', text);
  const first = cycle.start ?? addDuration(now, cycle.period, zone);
  const { dueAt, skipped } = first >= now ? { dueAt: first, skipped: 0 } : onGrid(first, cycle.period, now, zone);
  const left = cycle.times < 0 ? -1 : Math.max(0, cycle.times - 1 - skipped);
  return { dueAt, repeat: { left, cycle: text } };
}

/**
 * The due time after `previousDueAt`: the next point of the cycle that lies after `now`, so that an outage is made up for by one
 * run and not by as many as were missed. @throws Failure `TIMER_INVALID`
 */
export function nextCycle(text: string, previousDueAt: number, now: number, zone = defaultTimeZone): number {
  if (parseCron(text)) return cronAfter(text, Math.max(previousDueAt, now), zone);
  const cycle = parseCycle(text, zone);
  if (!cycle) throw invalid('cycle', text);
  return onGrid(previousDueAt, cycle.period, Math.max(previousDueAt, now), zone).dueAt;
}

/** The first point of `from + n · period` after `now`, and how many points before it were left out. */
function onGrid(from: number, period: IsoDuration, now: number, zone: string): { dueAt: number; skipped: number } {
  if (period.months === 0) {
    const skipped = Math.floor((now - from) / period.ms) + 1;
    return { dueAt: from + skipped * period.ms, skipped };
  }
  // An estimate first, so that a start date long ago costs no long loop; counted from `from`, so that the 31st stays the 31st.
  let skipped = Math.max(0, Math.floor((now - from) / (period.months * 31 * 86_400_000 + period.ms)));
  const point = (n: number) => addDuration(from, { months: n * period.months, ms: n * period.ms }, zone);
  while (point(skipped) <= now) skipped++;
  return { dueAt: point(skipped), skipped };
}

function cronAfter(text: string, after: number, zone: string): number {
  const cron = parseCron(text);
  const at = cron && nextCron(cron, after, zone);
  if (at === null)
    throw new Failure('TIMER_INVALID', `Expected the cron expression "${text}" to name a time within eight years, but it names none`);
  return at;
}

function parseCycle(text: string, zone: string): Cycle | null {
  const match = /^R(\d{0,9})\/(?:([^/]+)\/)?([^/]+)$/.exec(text);
  const period = match && parseDuration(match[3] as string);
  if (!period || period.ms < 0 || period.months < 0 || period.ms + period.months === 0) return null;
  const start = match[2] === undefined ? null : parseDate(match[2], zone);
  if (match[2] !== undefined && start === null) return null;
  const times = match[1] === '' ? -1 : Number(match[1]);
  return times === 0 ? null : { times, start, period };
}

function invalid(kind: string, value: unknown): Failure {
  return new Failure('TIMER_INVALID', `Expected an ISO 8601 ${kind}, but the timer has ${JSON.stringify(value)?.slice(0, 100)}`);
}
