import { addDuration } from './iso-date.ts';
import { toNumber } from './juel-operators.ts';

type DateMethod = (base: Date, ...args: unknown[]) => unknown;

const days = (count: number) => ({ months: 0, ms: count * 86_400_000 });
const months = (count: number) => ({ months: count, ms: 0 });
const ms = (count: number) => ({ months: 0, ms: count });

const units = {
  Seconds: (count: number) => ms(count * 1000),
  Minutes: (count: number) => ms(count * 60_000),
  Hours: (count: number) => ms(count * 3_600_000),
  Days: days,
  Weeks: (count: number) => days(count * 7),
  Months: months,
  Years: (count: number) => months(count * 12),
};

/** What `${dateTime().plusDays(3)}` of Camunda models needs: `plus…`/`minus…` for seconds to years, comparisons, `toDate`, `getTime`. */
export const dateMethods: Readonly<Record<string, DateMethod>> = {
  ...Object.fromEntries(
    Object.entries(units).flatMap(([unit, duration]): [string, DateMethod][] => [
      [`plus${unit}`, (date, count) => new Date(addDuration(date.getTime(), duration(toNumber(count))))],
      [`minus${unit}`, (date, count) => new Date(addDuration(date.getTime(), duration(-toNumber(count))))],
    ]),
  ),
  toDate: (date) => date,
  getTime: (date) => date.getTime(),
  getMillis: (date) => date.getTime(),
  isBefore: (date, other) => date.getTime() < toNumber(other),
  isAfter: (date, other) => date.getTime() > toNumber(other),
  before: (date, other) => date.getTime() < toNumber(other),
  after: (date, other) => date.getTime() > toNumber(other),
  toString: (date: Date) => date.toISOString(),
};
