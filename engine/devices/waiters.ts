/** Long polls that sleep until something is committed. */
export interface Waiters {
  wake(): void;
  /** Resolves at the next `wake`, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export function createWaiters(): Waiters {
  let sleeping: (() => void)[] = [];
  return {
    wake() {
      const woken = sleeping;
      sleeping = [];
      for (const resolve of woken) resolve();
    },
    wait(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
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
