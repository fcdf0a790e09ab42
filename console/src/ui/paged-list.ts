import { onScopeDispose, ref, shallowRef } from 'vue';

interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

const REFRESH_DELAY_MS = 400;

/**
 * A list read page by page. Live news read the first page again, not more often than every 400 ms: the server's order
 * and filter are the truth, and a burst of events costs one request.
 */
export function usePagedList<T extends { id: string }>(read: (cursor: string | null) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([]);
  const nextCursor = shallowRef<string | null>(null);
  const error = shallowRef<unknown>(null);
  const isLoading = ref(true);
  const isLoadingMore = ref(false);
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  onScopeDispose(() => {
    round++;
    clearTimeout(timer);
  });

  /** Reads the first page; pages already loaded behind it stay when they still follow. */
  async function load(): Promise<void> {
    const mine = ++round;
    try {
      const page = await read(null);
      if (mine !== round) return;
      const fresh = new Set(page.items.map((item) => item.id));
      const isLonger = items.value.length > page.items.length && (page.nextCursor ?? null) !== null;
      items.value = isLonger ? [...page.items, ...items.value.slice(page.items.length).filter((item) => !fresh.has(item.id))] : page.items;
      if (!isLonger) nextCursor.value = page.nextCursor ?? null;
      error.value = null;
    } catch (cause) {
      if (mine === round) error.value = cause;
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }

  /** Another filter: nothing of the old list is kept. */
  async function restart(): Promise<void> {
    items.value = [];
    nextCursor.value = null;
    isLoading.value = true;
    await load();
  }

  async function loadMore(): Promise<void> {
    if (nextCursor.value === null || isLoadingMore.value) return;
    const mine = round;
    isLoadingMore.value = true;
    try {
      const page = await read(nextCursor.value);
      if (mine !== round) return;
      const known = new Set(items.value.map((item) => item.id));
      items.value = [...items.value, ...page.items.filter((item) => !known.has(item.id))];
      nextCursor.value = page.nextCursor ?? null;
    } catch (cause) {
      error.value = cause;
    } finally {
      isLoadingMore.value = false;
    }
  }

  /** Takes a row out at once, e.g. a task that ended on a later page. */
  function remove(id: string): void {
    items.value = items.value.filter((item) => item.id !== id);
  }

  function refreshSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void load();
    }, REFRESH_DELAY_MS);
  }

  return { items, nextCursor, error, isLoading, isLoadingMore, load, restart, loadMore, remove, refreshSoon };
}
