const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/**
 * A resident ID number with its check digit. The demo uses sequence `000`, which is not issued, so that no number belongs to anyone.
 * @param birthDate ISO date
 * @see GB 11643-1999
 */
export function idNumber(area: string, birthDate: string, sequence: string): string {
  const body = `${area}${birthDate.replaceAll('-', '')}${sequence}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return `${body}${CHECK_DIGITS[sum % 11]}`;
}

/** First four and last three characters stay. */
export const maskIdNumber = (id: string): string => `${id.slice(0, 4)}${'*'.repeat(id.length - 7)}${id.slice(-3)}`;
