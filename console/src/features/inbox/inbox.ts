import { onMounted, onScopeDispose, ref, watch, type Ref } from 'vue';
import { fetchTasks, type Queue, type TaskCard } from '../../api/tasks.ts';
import { now, touchClock } from '../../i18n/clock.ts';
import { useLive } from '../../live/live.ts';
import { usePagedList } from '../../ui/paged-list.ts';
import { groupByAge } from './group-by-age.ts';
import { refreshCounts } from './task-counts.ts';

const PAGE = 50;
const SEARCH_DELAY_MS = 300;

/** The task list of one queue, kept fresh by the live line. */
export function useInbox(queue: Ref<Queue>, selectedId: Ref<string | null>) {
  const search = ref('');
  const list = usePagedList((cursor) => fetchTasks({ queue: queue.value, limit: PAGE, cursor, search: search.value.trim() }));
  let searchTimer: ReturnType<typeof setTimeout> | undefined;

  /** After an action of one's own: the list and the counts, without waiting for the live line. */
  function refresh(): void {
    touchClock();
    list.refreshSoon();
    void refreshCounts();
  }

  watch(queue, () => void list.restart());
  watch(search, () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(() => void list.restart(), SEARCH_DELAY_MS);
  });
  onMounted(() => void list.load());
  useLive('task', (event) => {
    if (event.op === 'ended' && event.id !== selectedId.value) list.remove(event.id);
    touchClock();
    list.refreshSoon();
  });
  useLive('reset', list.refreshSoon);
  onScopeDispose(() => clearTimeout(searchTimer));

  /** The neighbor in the order on screen; from nowhere the first. */
  function neighbor(step: 1 | -1): TaskCard | undefined {
    const shown = groupByAge(list.items.value, now.value).flatMap((group) => group.items);
    const index = shown.findIndex((item) => item.id === selectedId.value);
    return index < 0 ? shown[0] : shown[Math.min(shown.length - 1, Math.max(0, index + step))];
  }

  return { ...list, search, refresh, neighbor };
}
