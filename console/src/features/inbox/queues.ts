import { AlarmClock, Files, User, UserFilled, WarningFilled } from '@element-plus/icons-vue';
import type { Component } from 'vue';
import type { Queue, TaskCounts } from '../../api/tasks.ts';

export interface QueueItem {
  key: Queue;
  label: string;
  icon: Component;
  count: (counts: TaskCounts) => number | null;
  tone: 'amber' | 'red' | null;
}

export const QUEUES: readonly QueueItem[] = [
  { key: 'mine', label: 'inbox.queue.mine', icon: User, count: (counts) => counts.mine, tone: null },
  { key: 'group', label: 'inbox.queue.group', icon: UserFilled, count: (counts) => counts.group, tone: null },
  { key: 'due-soon', label: 'inbox.queue.dueSoon', icon: AlarmClock, count: (counts) => counts.dueSoon, tone: 'amber' },
  { key: 'overdue', label: 'inbox.queue.overdue', icon: WarningFilled, count: (counts) => counts.overdue, tone: 'red' },
  { key: 'all', label: 'inbox.queue.all', icon: Files, count: () => null, tone: null },
];

/** The queue named in an address; anything else is the own queue. */
export function queueOf(value: unknown): Queue {
  return QUEUES.find((queue) => queue.key === value)?.key ?? 'mine';
}
