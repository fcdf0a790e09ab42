/** Numbers that look random and are the same at every start. */
export interface Random {
  /** 0 ≤ n < 1 */
  next(): number;
  /** from ≤ n ≤ to */
  integer(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
}

/** A linear congruential generator (modulus 2^32) whose weak low byte is dropped: good enough for names and ages. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  }
  return {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (list) => list[Math.floor(next() * list.length)]!,
    chance: (probability) => next() < probability,
  };
}
