import { InvariantError } from '#engine/errors.ts';
import { RunAgain } from './rerun.ts';
import { type Batcher, read } from './unit-of-work.ts';

const BLOCK = 10_000;
const MAX_BLOCK = 10_000_000;

export interface Ids {
  /** A new id below 2^53, roughly time-ordered, unique over all nodes. Synchronous: blocks are fetched ahead. */
  next: () => number;
  /** Resolves when the next `count` calls of `next` cannot fail. */
  ready(count: number): Promise<void>;
}

/** Ids from blocks that nodes take from `id_block` by compare-and-set. */
export function createIds(batcher: Batcher): Ids {
  const ranges: { next: number; end: number }[] = [];
  let left = 0;
  // Grows with every command that runs out of ids, since it begins anew and needs them all at once.
  let shortage = BLOCK;
  let pending: Promise<void> | null = null;

  async function fetchBlock(size: number): Promise<void> {
    const first = await batcher.run({ key: 'ids', name: 'fetch-ids' }, function* (writes) {
      const [row] = yield* read('SELECT next FROM id_block WHERE name = ?', ['engine']);
      if (!row) throw new InvariantError('Expected a row engine in id_block, but there is none');
      const next = Number(row['next']);
      writes.update('id_block', { name: 'engine' }, { next: next + size }, { next });
      return next;
    });
    ranges.push({ next: first, end: first + size });
    left += size;
  }

  function refill(size: number): Promise<void> {
    pending ??= fetchBlock(size).finally(() => (pending = null));
    return pending;
  }

  async function fetchAfterPending(): Promise<void> {
    shortage = Math.min(shortage * 2, MAX_BLOCK);
    await pending;
    await refill(shortage);
  }

  return {
    next() {
      const range = ranges[0];
      if (!range) throw new RunAgain('a block of ids', fetchAfterPending());
      const id = range.next++;
      if (range.next === range.end) ranges.shift();
      // A failed prefetch is tried again by the next call; `next` itself reports when the block is used up.
      if (--left < BLOCK / 2 && !pending) refill(BLOCK).catch(() => {});
      return id;
    },
    async ready(count) {
      while (left < count) await refill(Math.max(BLOCK, count - left));
    },
  };
}
