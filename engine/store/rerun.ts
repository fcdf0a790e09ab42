import { TransientError } from '#engine/errors.ts';

/** How often a unit of work may lose a compare-and-set before its caller is told to try again. */
export const MAX_ATTEMPTS = 5;

/** Thrown by a unit that needs something first: the batcher waits for `ready`, then runs the unit again. */
export class RunAgain extends Error {
  readonly ready: Promise<void>;

  constructor(what: string, ready: Promise<void>) {
    super(`Expected ${what} to be at hand, but it has to be fetched first`);
    this.name = 'RunAgain';
    this.ready = ready;
  }
}

/** Somebody else was faster on every attempt. */
export function tooManyConflicts(unit: string, cause: unknown): TransientError {
  return new TransientError(
    'CONFLICT',
    `Expected ${unit} to find its rows unchanged, but others changed them ${MAX_ATTEMPTS} times in a row`,
    { cause },
  );
}

/** Ran into a database that is closed or closing. */
export function closedError(): TransientError {
  return new TransientError('DATABASE_CLOSED', 'Expected the database to be open, but this node is shutting down');
}

/** What a batcher did so far, for metrics and benchmarks. */
export interface BatcherStats {
  groups: number;
  units: number;
  reruns: number;
}
