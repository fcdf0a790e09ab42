import type { ElderBrief, ElderCard } from './elders.ts';
import type { FieldAccess, FormRef } from './forms.ts';
import { request } from './http.ts';
import type { Area } from './session.ts';

export type Queue = 'mine' | 'group' | 'due-soon' | 'overdue' | 'all';
export type Lamp = 'green' | 'yellow' | 'red';
export type Level = 1 | 2 | 3 | 4;

export interface TaskCard {
  id: string;
  name: string;
  elementId: string;
  processKey: string;
  processName: string;
  instanceId: string;
  businessKey: string | null;
  title: string | null;
  assignee: string | null;
  assigneeName: string | null;
  createdAt: number;
  dueAt: number | null;
  priority: number;
  lamp: Lamp | null;
  level: Level | null;
  elder: ElderBrief | null;
  area: Area;
  rev: number;
}

export interface Candidate {
  group?: string;
  user?: string;
  name: string;
}

export interface TaskDetail extends TaskCard {
  description: string | null;
  candidates: Candidate[];
  canClaim: boolean;
  canComplete: boolean;
  form: FormRef | null;
  data: Record<string, unknown>;
  permissions: Record<string, FieldAccess>;
  elderCard: ElderCard | null;
}

export interface TaskCounts {
  mine: number;
  group: number;
  dueSoon: number;
  overdue: number;
}

export interface TaskPage {
  items: TaskCard[];
  nextCursor: string | null;
}

export interface TaskQuery {
  queue: Queue;
  limit: number;
  cursor?: string | null;
  search?: string;
}

export const fetchTasks = (query: TaskQuery, signal?: AbortSignal): Promise<TaskPage> =>
  request('GET', '/api/tasks', { query: { ...query }, ...(signal ? { signal } : {}) });

export const fetchTaskCounts = (): Promise<TaskCounts> => request('GET', '/api/tasks/counts');

export const fetchTask = (id: string, signal?: AbortSignal): Promise<TaskDetail> =>
  request('GET', `/api/tasks/${encodeURIComponent(id)}`, signal ? { signal } : {});

/** Without a revision the first claim wins whatever the caller saw. */
export const claimTask = (id: string, rev?: number): Promise<TaskCard> =>
  request('POST', `/api/tasks/${encodeURIComponent(id)}/claim`, { body: rev === undefined ? {} : { rev } });

export const unclaimTask = (id: string, rev?: number): Promise<TaskCard> =>
  request('POST', `/api/tasks/${encodeURIComponent(id)}/unclaim`, { body: rev === undefined ? {} : { rev } });

/** `next` = the next task of the same case that the caller may take. */
export const completeTask = (id: string, data: Record<string, unknown>, rev: number): Promise<{ next: TaskCard | null }> =>
  request('POST', `/api/tasks/${encodeURIComponent(id)}/complete`, { body: { data, rev } });
