/** Long polls of external-task workers, woken when this node creates or frees a task of their topics. */
export interface TopicWaiters {
  wake(topic: string): void;
  /** Resolves when one of the topics is woken, after `waitMs`, or when `signal` aborts. */
  wait(topics: readonly string[], waitMs: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

interface Waiter {
  topics: ReadonlySet<string>;
  finish(): void;
}

export function createTopicWaiters(): TopicWaiters {
  const waiters = new Set<Waiter>();

  return {
    wake(topic) {
      for (const waiter of waiters) if (waiter.topics.has(topic)) waiter.finish();
    },
    wait(topics, waitMs, signal) {
      if (signal?.aborted || waitMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter: Waiter = { topics: new Set(topics), finish };
        const timer = setTimeout(finish, waitMs);
        signal?.addEventListener('abort', finish, { once: true });
        waiters.add(waiter);
        function finish() {
          clearTimeout(timer);
          signal?.removeEventListener('abort', finish);
          waiters.delete(waiter);
          resolve();
        }
      });
    },
    close() {
      for (const waiter of waiters) waiter.finish();
    },
  };
}
