/** An ISO 8601 duration: calendar months apart from exact milliseconds. */
export interface IsoDuration {
  months: number;
  ms: number;
}

const pattern =
  /^([+-])?P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,9})?)S)?)?$/;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Reads `P1Y2M3W4DT5H6M7.8S`; null when the text is no duration. */
export function parseDuration(text: string): IsoDuration | null {
  const match = pattern.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) return null;
  const part = (index: number) => Number((match[index] ?? '0').replace(',', '.'));
  const months = part(2) * 12 + part(3);
  const ms = Math.round(part(4) * 7 * day + part(5) * day + part(6) * hour + part(7) * minute + part(8) * second);
  // 0 - x and not -x: there is no negative zero to be stored.
  return match[1] === '-' ? { months: 0 - months, ms: 0 - ms } : { months, ms };
}

/** Milliseconds of a non-negative duration without years and months, whose length depends on the date; else null. */
export function durationMs(text: string): number | null {
  const duration = parseDuration(text);
  return duration && duration.months === 0 && duration.ms >= 0 ? duration.ms : null;
}
