import { offsetMs, toLocal } from '#engine/expressions/time-zone.ts';

/** A time of the day in which history is cleaned up; minutes since midnight. It may go over midnight. */
export interface CleanupWindow {
  start: number;
  end: number;
}

/** `02:00-05:00`; null for `off`. @throws RangeError */
export function parseWindow(text: string): CleanupWindow | null {
  if (text === 'off') return null;
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) throw new RangeError(`Expected off, or a time of the day like 02:00-05:00, but got ${text}`);
  const [, h1, m1, h2, m2] = match.map(Number);
  return { start: (h1 ?? 0) * 60 + (m1 ?? 0), end: (h2 ?? 0) * 60 + (m2 ?? 0) };
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** The window that is open at `now`, or the next one; epoch ms. */
export function windowAt({ start, end }: CleanupWindow, now: number, zone: string): { from: number; to: number } {
  const { hour, minute, second, ms } = toLocal(now, zone);
  const midnight = now - ((hour * 60 + minute) * 60 + second) * 1000 - ms;
  const length = ((end - start + 1_440) % 1_440 || 1_440) * MINUTE_MS;
  for (const day of [-1, 0, 1, 2]) {
    // Where clocks change, the day has another length: its midnight is sought by the offset of that day.
    const shifted = midnight + day * DAY_MS;
    const from = shifted + start * MINUTE_MS + offsetMs(zone, now) - offsetMs(zone, shifted + start * MINUTE_MS);
    if (now < from + length) return { from, to: from + length };
  }
  throw new RangeError('Expected one of four days to have the next window, but none has');
}
