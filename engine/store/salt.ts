import { randomFillSync } from 'node:crypto';

const SALT_BYTES = 16;
const pool = Buffer.alloc(SALT_BYTES * 256);
let used = pool.length;

/** 16 fresh random bytes; drawn 256 at a time, because each call into the system costs more than the hashing. */
export function nextSalt(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // Copied: the pool is filled anew while the salt may still wait for its transaction.
  return Uint8Array.prototype.slice.call(pool, used, (used += SALT_BYTES));
}
