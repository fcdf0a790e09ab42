import { read, type Row, type Work } from '../unit-of-work.ts';
import type { Fragment, ListScope } from './filtered-list.ts';
import { afterCursor, containing, type Cursor, decodeCursor, encodeCursor } from './keyset.ts';
import { fewAreas, inScope, isLarge, ofArea, ofTenant, union, walk } from './walks.ts';

/** A count stops here: nobody reads a larger number, and counting costs as much as listing. */
export const COUNT_CAP = 1000;
/** A task is due soon when less than this is left. */
export const DUE_SOON_MS = 24 * 60 * 60 * 1000;
/** How many of a queue's tasks a search looks through. */
const SEARCH_WINDOW = 5000;

export type TaskQueue = 'mine' | 'group' | 'due-soon' | 'overdue' | 'all';

export interface TaskViewer {
  scope: ListScope;
  /** Account name. */
  userId: string;
  groups: readonly string[];
  /** UTC epoch ms. */
  now: number;
}
export interface TaskQueueRequest extends TaskViewer {
  queue: TaskQueue;
  /** At most 200. */
  limit: number;
  cursor?: string | null;
  /** Part of the task's name, the business key or a searchable text variable. */
  search?: string | null;
}

export interface TaskListRow {
  id: number;
  instanceId: number;
  definitionId: number;
  definitionKey: string;
  definitionName: string | null;
  element: string;
  name: string | null;
  assignee: string | null;
  priority: number;
  createdAt: number;
  dueAt: number | null;
  formKey: string | null;
  description: string | null;
  tenant: string;
  area: string;
  rev: number;
  businessKey: string | null;
}
export interface TaskPage {
  items: TaskListRow[];
  nextCursor: string | null;
}

const COLUMNS = `t.id, t.instance_id, t.definition_id, t.element, t.name, t.assignee, t.priority, t.created_at, t.due_at, t.form_key, t.description, t.tenant, t.area, t.rev,
  p.business_key, d.def_key, d.name AS def_name`;
const JOINS = 'JOIN process_instance p ON p.id = t.instance_id JOIN process_definition d ON d.id = t.definition_id';
const TASKS = 'SELECT t.id FROM task t';
const NEWEST_FIRST = 't.created_at DESC, t.id DESC';
const NEWEST = { at: 't.created_at', id: 't.id' };
const DUE = { at: 't.due_at', id: 't.id' };

/** One page of a task queue: newest first, for the due queues the most urgent first. A search looks at the first 5,000. */
export function* taskQueue(request: TaskQueueRequest): Work<TaskPage> {
  const { limit, queue, search } = request;
  const order = isDueQueue(queue) ? DUE : NEWEST;
  const direction = isDueQueue(queue) ? 'ASC' : 'DESC';
  const ids = yield* firstOf(request, decodeCursor(request.cursor), search ? SEARCH_WINDOW : limit + 1);
  if (ids.sql === '') return { items: [], nextCursor: null };
  const match = searched(search);
  // A task can be in the queues of several groups of the viewer.
  const sql = `SELECT DISTINCT ${COLUMNS} FROM (${ids.sql}) k JOIN task t ON t.id = k.id ${JOINS} WHERE ${match.sql}
    ORDER BY ${order.at} ${direction}, ${order.id} ${direction} LIMIT ${limit + 1}`;
  const found = (yield* read(sql, [...ids.params, ...match.params])).map(taskListRow);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? encodeCursor({ at: isDueQueue(queue) ? (last.dueAt ?? 0) : last.createdAt, id: last.id }) : null };
}

/** How many tasks each queue of a viewer has, up to `COUNT_CAP`. */
export function* taskCounts(viewer: TaskViewer): Work<{ mine: number; group: number; dueSoon: number; overdue: number }> {
  return {
    mine: yield* countOf(viewer, 'mine'),
    group: yield* countOf(viewer, 'group'),
    dueSoon: yield* countOf(viewer, 'due-soon'),
    overdue: yield* countOf(viewer, 'overdue'),
  };
}

function* countOf(viewer: TaskViewer, queue: TaskQueue): Work<number> {
  const ids = yield* firstOf({ ...viewer, queue }, null, COUNT_CAP);
  if (ids.sql === '') return 0;
  const [row] = yield* read(`SELECT COUNT(DISTINCT k.id) AS n FROM (${ids.sql}) k`, ids.params);
  return Math.min(Number(row?.n ?? 0), COUNT_CAP);
}

const isDueQueue = (queue: TaskQueue): boolean => queue === 'due-soon' || queue === 'overdue';

/** The ids of the first `top` tasks of a queue. An empty text = none. */
function* firstOf(request: TaskViewer & { queue: TaskQueue }, cursor: Cursor | null, top: number): Work<Fragment> {
  const { queue, scope, userId, now } = request;
  const after = afterCursor(cursor, NEWEST, 'DESC');
  switch (queue) {
    case 'mine':
      return walk(TASKS, [{ sql: 't.assignee = ?', params: [userId] }, inScope('t', scope), after], NEWEST_FIRST, top);
    case 'group':
      return yield* groupWalks(request, cursor, top);
    case 'due-soon':
      return dueWalk(request, { sql: 't.due_at > ? AND t.due_at <= ?', params: [now, now + DUE_SOON_MS] }, cursor, top);
    case 'overdue':
      return dueWalk(request, { sql: 't.due_at <= ?', params: [now] }, cursor, top);
    case 'all': {
      const areas = yield* fewAreas(scope);
      if (!areas) return walk(TASKS, [ofTenant('t', scope), after], NEWEST_FIRST, top);
      return union(areas.map((area) => walk(TASKS, [ofArea('t', area, scope), after], NEWEST_FIRST, top)));
    }
  }
}

/**
 * A small queue is walked by itself. A large one belongs to a group that works everywhere, of which a viewer with few areas
 * sees a small part: there the areas are walked.
 */
function* groupWalks({ scope, userId, groups }: TaskViewer, cursor: Cursor | null, top: number): Work<Fragment> {
  const areas = yield* fewAreas(scope);
  const walks: Fragment[] = [];
  const everywhere: string[] = [];
  for (const key of candidateKeys(userId, groups)) {
    if (areas && (yield* isLarge('SELECT 1 FROM task_candidate WHERE grp = ?', [key]))) {
      everywhere.push(key);
      continue;
    }
    const after = afterCursor(cursor, { at: 'c.created_at', id: 'c.task_id' }, 'DESC');
    const from = 'SELECT t.id FROM task_candidate c JOIN task t ON t.id = c.task_id';
    walks.push(walk(from, [{ sql: 'c.grp = ?', params: [key] }, inScope('t', scope), after], 'c.created_at DESC, c.task_id DESC', top));
  }
  if (areas && everywhere.length > 0) {
    const after = afterCursor(cursor, NEWEST, 'DESC');
    for (const area of areas) walks.push(walk(TASKS, [ofArea('t', area, scope), isCandidate(everywhere), after], NEWEST_FIRST, top));
  }
  return union(walks);
}

function isCandidate(keys: readonly string[]): Fragment {
  const sql = `EXISTS (SELECT 1 FROM task_candidate c WHERE c.grp IN (${keys.map(() => '?').join(', ')}) AND c.created_at = t.created_at AND c.task_id = t.id)`;
  return { sql, params: [...keys] };
}

/** The viewer's own tasks and those of the viewer's groups, by due time. */
function dueWalk({ scope, userId, groups }: TaskViewer, due: Fragment, cursor: Cursor | null, top: number): Fragment {
  const candidate = isCandidate(candidateKeys(userId, groups));
  const own: Fragment = { sql: `(+t.assignee = ? OR ${candidate.sql})`, params: [userId, ...candidate.params] };
  return walk(
    TASKS,
    [due, { sql: 't.tenant = ?', params: [scope.tenant] }, inScope('t', scope), own, afterCursor(cursor, DUE, 'ASC')],
    't.due_at, t.id',
    top,
  );
}

function candidateKeys(userId: string, groups: readonly string[]): string[] {
  return [`u:${userId}`, ...groups.map((group) => `g:${group}`)];
}

function searched(text: string | null | undefined): Fragment {
  if (!text) return { sql: '1 = 1', params: [] };
  const pattern = containing(text);
  const like = "LIKE ? ESCAPE '!'";
  const sql = `(t.name ${like} OR EXISTS (SELECT 1 FROM process_instance s WHERE s.id = t.instance_id AND s.business_key ${like})
    OR EXISTS (SELECT 1 FROM search_variable v WHERE v.instance_id = t.instance_id AND v.text_value ${like}))`;
  return { sql, params: [pattern, pattern, pattern] };
}

function taskListRow(row: Row): TaskListRow {
  return {
    id: Number(row.id),
    instanceId: Number(row.instance_id),
    definitionId: Number(row.definition_id),
    definitionKey: String(row.def_key),
    definitionName: row.def_name as string | null,
    element: String(row.element),
    name: row.name as string | null,
    assignee: row.assignee as string | null,
    priority: Number(row.priority),
    createdAt: Number(row.created_at),
    dueAt: row.due_at as number | null,
    formKey: row.form_key as string | null,
    description: row.description as string | null,
    tenant: String(row.tenant),
    area: String(row.area),
    rev: Number(row.rev),
    businessKey: row.business_key as string | null,
  };
}

/** Open tasks of these instances that a viewer may see, oldest first; a large loop alone may have 10,000. */
export function* tasksOfInstances(scope: ListScope, instanceIds: readonly number[], limit = 1_000): Work<TaskListRow[]> {
  if (instanceIds.length === 0) return [];
  const visible = inScope('t', scope);
  const sql = `SELECT ${COLUMNS} FROM task t ${JOINS} WHERE t.instance_id IN (${instanceIds.map(() => '?').join(', ')}) AND ${visible.sql} ORDER BY t.created_at, t.id LIMIT ?`;
  return (yield* read(sql, [...instanceIds, ...visible.params, limit])).map(taskListRow);
}

/** One open task inside the scope; null when there is none. */
export function* taskById(scope: ListScope, id: number): Work<TaskListRow | null> {
  const visible = inScope('t', scope);
  const [row] = yield* read(`SELECT ${COLUMNS} FROM task t ${JOINS} WHERE t.id = ? AND ${visible.sql}`, [id, ...visible.params]);
  return row ? taskListRow(row) : null;
}
