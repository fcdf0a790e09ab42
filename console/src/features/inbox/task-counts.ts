import { onScopeDispose, shallowRef } from 'vue';
import { fetchTaskCounts, type TaskCounts } from '../../api/tasks.ts';
import { useLive } from '../../live/live.ts';

const DELAY_MS = 500;

/** Counts beside the queues and in the header; null until the first answer. */
export const taskCounts = shallowRef<TaskCounts | null>(null);

/** Reads the counts again; an unreachable server leaves the last ones standing. */
export async function refreshCounts(): Promise<void> {
  const counts = await fetchTaskCounts().catch(() => null);
  if (counts !== null) taskCounts.value = counts;
}

/** Keeps the counts fresh while the shell lives; a burst of events costs one request. */
export function useTaskCounts(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refreshSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void refreshCounts();
    }, DELAY_MS);
  };
  void refreshCounts();
  useLive('task', refreshSoon);
  useLive('reset', refreshSoon);
  onScopeDispose(() => {
    clearTimeout(timer);
    taskCounts.value = null;
  });
}
