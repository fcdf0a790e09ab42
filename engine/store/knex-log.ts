import type { Knex } from 'knex';
import type { Logger } from '#engine/log.ts';

/** knex writes to the console unless it is given a log; its messages may hold SQL, so they are for developers. */
export function knexLog(log: Logger): Knex.Logger {
  return {
    debug: (message: unknown) => log.trace({ knex: message }, 'knex'),
    warn: (message: unknown) => log.debug({ knex: message }, 'knex'),
    error: (message: unknown) => log.debug({ knex: message }, 'knex'),
    deprecate: (method: string, alternative: string) => log.debug({ method, alternative }, 'knex: deprecated'),
  };
}
