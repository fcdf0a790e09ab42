import { loadavg } from 'node:os';
import { median, quartiles } from './statistics.ts';

/** Rate, cost or whatever one block of work measured. */
export type Block = () => number | Promise<number>;

/**
 * One ratio a / b per pair of blocks that follow each other (A B, B A, …): both see the same machine. The first pair is warm-up.
 * `blocks` returns what each side measured.
 */
export async function interleaved(pairs: number, a: Block, b: Block): Promise<{ ratios: number[]; a: number[]; b: number[] }> {
  const result = { ratios: [] as number[], a: [] as number[], b: [] as number[] };
  for (let pair = -1; pair < pairs; pair++) {
    const isSwapped = pair % 2 !== 0;
    const first = await (isSwapped ? b : a)();
    const second = await (isSwapped ? a : b)();
    if (pair < 0) continue;
    const [ofA, ofB] = isSwapped ? [second, first] : [first, second];
    result.a.push(ofA);
    result.b.push(ofB);
    result.ratios.push(ofA / ofB);
  }
  return result;
}

export interface Wanted {
  atLeast?: number;
  atMost?: number;
}

/** One line of a bench: median, quartiles, what is wanted. Missed = the better quartile misses it, too: the machine is noisy. */
export function report(what: string, values: readonly number[], wanted: Wanted, unit = ''): void {
  const { lower, upper } = quartiles(values);
  const { atLeast, atMost } = wanted;
  const isMissed = (atLeast !== undefined && upper < atLeast) || (atMost !== undefined && lower > atMost);
  const limit = atLeast !== undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const digits = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
  process.stdout.write(
    `${isMissed ? 'MISSED ' : ''}${what}: median ${digits(median(values))}${unit}, quartiles ${digits(lower)}–${digits(upper)}, wanted ${limit}${unit} (n = ${values.length}, load ${loadavg()[0]?.toFixed(1)})\n`,
  );
  if (isMissed) process.exitCode = 1;
}
