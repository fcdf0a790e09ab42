import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { TransientError } from '#engine/errors.ts';

/** argon2id, 19 MiB, two passes, one lane: about 27 ms of a core (OWASP's second recommended setting). */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const MAX_CONCURRENT = 2;
const MAX_WAITING = 200;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With `null` the work is done all the same, so that an unknown user takes as long as a wrong password. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

/** At most two hashes run at once; more wait in line, and past 200 waiting the caller is told to come back. */
export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  let decoy: Promise<string> | null = null;

  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MAX_CONCURRENT) {
      if (waiting.length >= MAX_WAITING)
        throw new TransientError('LOGIN_BUSY', `Expected at most ${MAX_WAITING} password checks to wait, but more came`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => inLine(() => argon2Hash(password, OPTIONS)),
    async verify(stored, password) {
      decoy ??= argon2Hash('no account has this password', OPTIONS);
      const against = stored ?? (await decoy);
      const matches = await inLine(() => argon2Verify(against, password).catch(() => false));
      return stored !== null && matches;
    },
  };
}
