import type { TaskCard } from '../../api/tasks.ts';

export type TaskGroup = { key: 'overdue' | 'today' | 'week' | 'earlier'; items: TaskCard[] };

const ORDER: readonly TaskGroup['key'][] = ['overdue', 'today', 'week', 'earlier'];

/** Groups by urgency and age, keeping the server's order inside each group. */
export function groupByAge(items: readonly TaskCard[], at: number): TaskGroup[] {
  const midnight = new Date(at).setHours(0, 0, 0, 0);
  const groups: TaskGroup[] = [];
  for (const item of items) {
    const key =
      item.dueAt !== null && item.dueAt < at
        ? 'overdue'
        : item.createdAt >= midnight
          ? 'today'
          : item.createdAt >= midnight - 6 * 86_400_000
            ? 'week'
            : 'earlier';
    const group = groups.find((candidate) => candidate.key === key);
    if (group) group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.sort((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key));
}
