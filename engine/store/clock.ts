import type { Row } from './unit-of-work.ts';

const MEASURE_EVERY_MS = 30_000;

export interface Clock {
  /** Database time, UTC epoch ms: the same on every node. */
  now: () => number;
  /** Moves the clock for tests and rehearsals. */
  shift(ms: number): void;
}

export interface RunningClock extends Clock {
  stop(): void;
}

/** An embedded database has this process's time. */
export function createLocalClock(): RunningClock {
  let shiftMs = 0;
  return { now: () => Date.now() + shiftMs, shift: (ms) => void (shiftMs += Math.round(ms)), stop() {} };
}

/** A server's time: its offset from ours is measured now and every 30 s, so that SQL never has to call NOW(). */
export async function createServerClock(query: () => Promise<Row[]>): Promise<RunningClock> {
  let offsetMs = 0;
  let shiftMs = 0;
  async function measure(): Promise<void> {
    const sentAt = Date.now();
    const [row] = await query();
    const answeredAt = Date.now();
    offsetMs = Math.round(Number(row?.['now_ms']) - (sentAt + answeredAt) / 2);
  }
  await measure();
  // A measurement that fails keeps the last offset: the next one comes in 30 s.
  const timer = setInterval(() => void measure().catch(() => {}), MEASURE_EVERY_MS).unref();
  return { now: () => Date.now() + offsetMs + shiftMs, shift: (ms) => void (shiftMs += Math.round(ms)), stop: () => clearInterval(timer) };
}
