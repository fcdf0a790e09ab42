import { shallowRef } from 'vue';
import { fetchTaskCounts, type TaskCounts } from '../../api/tasks.ts';

/** Counts beside the queues and in the header; null until the first answer. */
export const taskCounts = shallowRef<TaskCounts | null>(null);

/** Reads the counts again; an unreachable server leaves the last ones standing. */
export async function refreshCounts(): Promise<void> {
  const counts = await fetchTaskCounts().catch(() => null);
  if (counts !== null) taskCounts.value = counts;
}
