import { FeelDate, FeelDateTime, FeelTime, dateAndTime } from 'feelin';
import type { FeelDuration } from 'feelin';
import type { BuiltIn, FeelRun } from './function.ts';
import { same } from './operators.ts';
import { slaDuration } from '../sla.ts';
import {
  clockOf,
  combine,
  dateOf,
  dayOf,
  monthDuration,
  plainDate,
  readDate,
  readDateTime,
  readDuration,
  readTime,
  timeOf,
  zoneName,
} from './temporal.ts';
import type { FeelInstant } from './temporal.ts';
import { kindOf } from './values.ts';
import { defaultTimeZone, toLocal } from '../time-zone.ts';

function literal(text: string): unknown {
  if (/^-?P/.test(text)) return readDuration(text);
  if (text.includes('T')) return readDateTime(text);
  return /^\d\d:/.test(text) ? readTime(text) : readDate(text);
}

/** Whole months from one day to the other. */
function monthsBetween(from: FeelInstant, to: FeelInstant): FeelDuration | null {
  return monthDuration(plainDate(from).until(plainDate(to), { largestUnit: 'month' }).months);
}

/** Also the same zone, where equality asks only for the same instant. */
function is(a: unknown, b: unknown, run: FeelRun): boolean {
  if (kindOf(a) !== kindOf(b)) return false;
  const zoned = (a instanceof FeelTime && b instanceof FeelTime) || (a instanceof FeelDateTime && b instanceof FeelDateTime);
  return same(a, b, run) && (!zoned || zoneName(a) === zoneName(b));
}

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const monthNames = 'January February March April May June July August September October November December'.split(' ');

/** The command's time. */
const now = ({ scope }: FeelRun) => dateAndTime(new Date(scope.environment.now()).toISOString());

function today({ scope: { environment } }: FeelRun): FeelDate | null {
  const { year, month, day } = toLocal(environment.now(), environment.timeZone ?? defaultTimeZone);
  return dateOf(year, month, day);
}

const instant = 'date|date and time';

export const dateFunctions: readonly BuiltIn[] = [
  ['@', 'text: string', literal],
  [
    'date',
    [`from: string|${instant}`, 'year: number, month: number, day: number'],
    (from: string | number | FeelInstant, month: number, day: number) => {
      if (typeof from === 'number') return dateOf(from, month, day);
      return typeof from === 'string' ? readDate(from) : dayOf(from);
    },
  ],
  [
    'time',
    [
      `from: string|time|${instant}`,
      'hour: number, minute: number, second: number',
      'hour: number, minute: number, second: number, offset: days and time duration|null',
    ],
    (from: string | number | FeelInstant | FeelTime, minute: number, second: number, offset?: FeelDuration | null) => {
      if (typeof from === 'number') return timeOf(from, minute, second, offset);
      return typeof from === 'string' ? readTime(from) : from instanceof FeelTime ? from : clockOf(from);
    },
  ],
  [
    'date and time',
    [`from: string|${instant}`, `date: ${instant}, time: time`],
    (from: string | FeelInstant, time?: FeelTime) => {
      if (typeof from === 'string') return readDateTime(from);
      if (time) return combine(from, time);
      return from instanceof FeelDate ? combine(from, clockOf(from)) : from;
    },
  ],
  ['duration', 'from: string', readDuration],
  ['years and months duration', `from: ${instant}, to: ${instant}`, monthsBetween],
  ['now', '', now],
  ['today', '', today],
  ['is', 'value1, value2', is],
  ['day of year', `date: ${instant}`, (value: FeelInstant) => plainDate(value).dayOfYear],
  ['day of week', `date: ${instant}`, (value: FeelInstant) => dayNames[plainDate(value).dayOfWeek - 1]],
  ['month of year', `date: ${instant}`, (value: FeelInstant) => monthNames[plainDate(value).month - 1]],
  ['week of year', `date: ${instant}`, (value: FeelInstant) => plainDate(value).weekOfYear],
  [
    'sla',
    ['step: string', 'slaClass: string, step: string'],
    (first: string, second: string | undefined, run: FeelRun) => slaDuration(run.scope, second === undefined ? [first] : [first, second]),
  ],
];
