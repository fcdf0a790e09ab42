import { daysInMonth } from './iso-date.ts';
import { defaultTimeZone, fromLocal, toLocal } from './time-zone.ts';
import type { LocalTime } from './time-zone.ts';

/** Allowed values per field; `lastDay` = `L` as day of month. Days of the week count 1 = Sunday … 7 = Saturday, as Camunda 7 does. */
export interface Cron {
  seconds: Set<number>;
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number> | null;
  lastDay: boolean;
  months: Set<number>;
  weekdays: Set<number> | null;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const searchDays = 366 * 8;

/**
 * Reads six fields: second minute hour day-of-month month day-of-week, with `*`, `?`, lists, ranges, steps, names and `L`.
 * Null when the text is no such expression.
 * @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/timer-events/#time-cycle
 */
export function parseCron(text: string): Cron | null {
  const fields = text.trim().toUpperCase().split(/\s+/);
  if (fields.length !== 6) return null;
  const [second, minute, hour, day, month, weekday] = fields as [string, string, string, string, string, string];
  const lastDay = day === 'L';
  const seconds = values(second, 0, 59);
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const days = lastDay || day === '?' || day === '*' ? null : values(day, 1, 31);
  const months = values(named(month, monthNames), 1, 12);
  const weekdays = weekday === '?' || weekday === '*' ? null : values(named(weekday, dayNames), 1, 7);
  if (!seconds || !minutes || !hours || !months) return null;
  if ((day !== '?' && day !== '*' && !lastDay && !days) || (weekday !== '?' && weekday !== '*' && !weekdays)) return null;
  return { seconds, minutes, hours, days, lastDay, months, weekdays };
}

function named(field: string, names: string[]): string {
  return field.replaceAll(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + 1) : name));
}

function values(field: string, min: number, max: number): Set<number> | null {
  const result = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return null;
    const step = match[4] === undefined ? 1 : Number(match[4]);
    const from = match[1] ? min : Number(match[2]);
    const to = match[3] !== undefined ? Number(match[3]) : match[1] || match[4] !== undefined ? max : from;
    if (step < 1 || from < min || to > max || from > to) return null;
    for (let value = from; value <= to; value += step) result.add(value);
  }
  return result;
}

/** The first instant after `after` that the expression names; null when none comes within eight years. */
export function nextCron(cron: Cron, after: number, zone = defaultTimeZone): number | null {
  const start = toLocal(after, zone);
  let time: Pick<LocalTime, 'hour' | 'minute' | 'second'> = { hour: start.hour, minute: start.minute, second: start.second + 1 };
  for (let days = 0; days < searchDays; days++) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day + days));
    const found = matchesDay(cron, date) ? nextTime(cron, time) : null;
    if (found) {
      const local = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), ...found, ms: 0 };
      const at = fromLocal(local, zone);
      // In the hour that a change of the offset repeats, the same wall clock may lie before `after`.
      if (at > after) return at;
    }
    time = { hour: 0, minute: 0, second: 0 };
  }
  return null;
}

function matchesDay(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  if (cron.lastDay && date.getUTCDate() !== daysInMonth(date.getUTCFullYear(), date.getUTCMonth() + 1)) return false;
  if (cron.days && !cron.days.has(date.getUTCDate())) return false;
  return cron.weekdays === null || cron.weekdays.has(date.getUTCDay() + 1);
}

function nextTime(cron: Cron, from: Pick<LocalTime, 'hour' | 'minute' | 'second'>): Pick<LocalTime, 'hour' | 'minute' | 'second'> | null {
  for (let hour = from.hour; hour < 24; hour++) {
    if (!cron.hours.has(hour)) continue;
    for (let minute = hour === from.hour ? from.minute : 0; minute < 60; minute++) {
      if (!cron.minutes.has(minute)) continue;
      for (let second = hour === from.hour && minute === from.minute ? from.second : 0; second < 60; second++) {
        if (cron.seconds.has(second)) return { hour, minute, second };
      }
    }
  }
  return null;
}
