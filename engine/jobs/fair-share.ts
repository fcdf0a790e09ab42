/** Processor time that an instance tree may use at once, ms; most never come near it. */
export const BURST_MS = 250;
/** Share of this thread that all trees beyond their burst have together, while others want something. */
export const SHARE = 0.025;
const LONGEST_REST_MS = 30_000;
/** Trees that rest at the same time; beyond that the longest rested goes on. */
const MOST_RESTING = 200;
const MOST_ACCOUNTS = 10_000;

/** Which instance trees have to let others go first: a leaky bucket of processor time for each. */
export interface FairShare {
  /** A job of the tree took `ms` of processor time. */
  charge(rootId: number, ms: number): void;
  isResting(rootId: number): boolean;
  resting(): number[];
  /** When the next one may go on, epoch ms; null = none rests. */
  nextEnd(): number | null;
}

/** @param othersWait whether anybody else wants something; an idle machine belongs to whoever works */
export function createFairShare({ now, othersWait }: { now: () => number; othersWait: () => boolean }): FairShare {
  const accounts = new Map<number, { spentMs: number; at: number }>();
  const ends = new Map<number, number>();
  let laneFreeAt = 0;

  function prune(): void {
    const at = now();
    for (const [rootId, end] of ends) if (end <= at) ends.delete(rootId);
  }

  return {
    charge(rootId, ms) {
      const at = now();
      const account = accounts.get(rootId);
      const spentMs = Math.max(0, (account?.spentMs ?? 0) - (at - (account?.at ?? at)) * SHARE) + ms;
      accounts.delete(rootId);
      accounts.set(rootId, { spentMs: Math.min(spentMs, BURST_MS + ms), at });
      if (accounts.size > MOST_ACCOUNTS) for (const oldest of accounts.keys()) if (accounts.delete(oldest)) break;
      if (spentMs <= BURST_MS || !othersWait()) return;
      ends.delete(rootId);
      laneFreeAt = Math.min(Math.max(at, laneFreeAt) + Math.min(spentMs - BURST_MS, ms) / SHARE, at + LONGEST_REST_MS);
      ends.set(rootId, laneFreeAt);
      if (ends.size > MOST_RESTING) for (const oldest of ends.keys()) if (ends.delete(oldest)) break;
    },
    isResting(rootId) {
      prune();
      return ends.has(rootId);
    },
    resting() {
      prune();
      return [...ends.keys()];
    },
    nextEnd() {
      prune();
      return ends.size === 0 ? null : Math.min(...ends.values());
    },
  };
}
