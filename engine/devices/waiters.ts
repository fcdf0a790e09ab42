/** Long polls that sleep until something is committed. */
export interface Waiters {
  wake: () => void;
  /** Take it before looking for work, and give it to `wait`: what is committed in between wakes at once. */
  ticket(): number;
  /** Resolves at the first `wake` since `ticket`, after `ms`, or when `signal` aborts. */
  wait(ticket: number, ms: number, signal?: AbortSignal): Promise<void>;
}

export function createWaiters(): Waiters {
  let sleeping: (() => void)[] = [];
  let wakes = 0;
  return {
    ticket: () => wakes,
    wake() {
      wakes++;
      const woken = sleeping;
      sleeping = [];
      for (const resolve of woken) resolve();
    },
    wait(ticket, ms, signal) {
      if (signal?.aborted || ticket !== wakes) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          sleeping = sleeping.filter((other) => other !== end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal?.addEventListener('abort', end);
        sleeping.push(end);
      });
    },
  };
}
