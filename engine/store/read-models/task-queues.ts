import { read, type Row, type SqlValue, type Work } from '../unit-of-work.ts';
import { areaFragment, type Fragment, type ListScope } from './filtered-list.ts';
import { afterCursor, containing, type Cursor, decodeCursor, encodeCursor } from './keyset.ts';

/** A count stops here: nobody reads a larger number, and counting costs as much as listing. */
export const COUNT_CAP = 1000;
/** A task is due soon when less than this is left. */
export const DUE_SOON_MS = 24 * 60 * 60 * 1000;
/** Below as many areas each one's newest tasks are merged; above, the district's list is filtered. */
const MAX_MERGED_AREAS = 40;

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
const NEWEST = { at: 't.created_at', id: 't.id' };
const DUE = { at: 't.due_at', id: 't.id' };

/** One page of a task queue: newest first, for the due queues the most urgent first. */
export function* taskQueue(request: TaskQueueRequest): Work<TaskPage> {
  const { limit } = request;
  const order = isDueQueue(request.queue) ? DUE : NEWEST;
  const direction = isDueQueue(request.queue) ? 'ASC' : 'DESC';
  const cursor = decodeCursor(request.cursor);
  const parts = yield* candidatesOf(request, cursor, limit + 1);
  const ids = parts.sql === '' ? null : parts;
  if (!ids) return { items: [], nextCursor: null };
  const sql = `SELECT ${COLUMNS} FROM (${ids.sql}) k JOIN task t ON t.id = k.id ${JOINS} ORDER BY ${order.at} ${direction}, ${order.id} ${direction}`;
  const found = distinct(yield* read(sql, ids.params));
  const items = found.slice(0, limit).map(taskListRow);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? encodeCursor({ at: isDueQueue(request.queue) ? (last.dueAt ?? 0) : last.createdAt, id: last.id }) : null };
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
  const ids = yield* candidatesOf({ ...viewer, queue, limit: COUNT_CAP }, null, COUNT_CAP);
  if (ids.sql === '') return 0;
  const [row] = yield* read(`SELECT COUNT(DISTINCT k.id) AS n FROM (${ids.sql}) k`, ids.params);
  return Math.min(Number(row?.n ?? 0), COUNT_CAP);
}

const isDueQueue = (queue: TaskQueue): boolean => queue === 'due-soon' || queue === 'overdue';

/** The ids of the first `top` tasks: a union of index walks, each of which stops by itself. An empty text = none. */
function* candidatesOf(request: TaskQueueRequest, cursor: Cursor | null, top: number): Work<Fragment> {
  const { queue, scope, userId, groups, now } = request;
  const visible = [scoped(scope), searched(request.search)];
  switch (queue) {
    case 'mine':
      return walk('task t', [{ sql: 't.assignee = ?', params: [userId] }, ...visible, afterCursor(cursor, NEWEST, 'DESC')], 't.created_at DESC, t.id DESC', top);
    case 'group': {
      const walks = candidateKeys(userId, groups).map((key) =>
        walk(
          'task_candidate c JOIN task t ON t.id = c.task_id',
          [{ sql: 'c.grp = ?', params: [key] }, ...visible, afterCursor(cursor, { at: 'c.created_at', id: 'c.task_id' }, 'DESC')],
          'c.created_at DESC, c.task_id DESC',
          top,
        ),
      );
      return union(walks);
    }
    case 'due-soon':
      return dueWalk(request, { sql: 't.due_at > ? AND t.due_at <= ?', params: [now, now + DUE_SOON_MS] }, cursor, top);
    case 'overdue':
      return dueWalk(request, { sql: 't.due_at <= ?', params: [now] }, cursor, top);
    case 'all': {
      const after = afterCursor(cursor, NEWEST, 'DESC');
      const areas = yield* fewAreas(scope);
      if (!areas) return walk('task t', [...visible, after], 't.created_at DESC, t.id DESC', top);
      return union(
        areas.map((area) => walk('task t', [{ sql: 't.area = ? AND t.tenant = ?', params: [area, scope.tenant] }, searched(request.search), after], 't.created_at DESC, t.id DESC', top)),
      );
    }
  }
}

/** The viewer's own tasks and those of the viewer's groups, by due time. */
function dueWalk(request: TaskQueueRequest, due: Fragment, cursor: Cursor | null, top: number): Fragment {
  const keys = candidateKeys(request.userId, request.groups);
  const own: Fragment = {
    sql: `(t.assignee = ? OR EXISTS (SELECT 1 FROM task_candidate c WHERE c.grp IN (${keys.map(() => '?').join(', ')}) AND c.created_at = t.created_at AND c.task_id = t.id))`,
    params: [request.userId, ...keys],
  };
  return walk('task t', [due, scoped(request.scope), own, searched(request.search), afterCursor(cursor, DUE, 'ASC')], 't.due_at, t.id', top);
}

function candidateKeys(userId: string, groups: readonly string[]): string[] {
  return [`u:${userId}`, ...groups.map((group) => `g:${group}`)];
}

function walk(from: string, conditions: Fragment[], order: string, top: number): Fragment {
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return { sql: `SELECT t.id FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${top}`, params: conditions.flatMap(({ params }) => params) };
}

function union(walks: Fragment[]): Fragment {
  return { sql: walks.map(({ sql }, index) => `SELECT * FROM (${sql}) w${index}`).join(' UNION ALL '), params: walks.flatMap(({ params }) => params) };
}

function scoped({ tenant, areas }: ListScope): Fragment {
  const area = areaFragment('t.area', areas);
  return { sql: `t.tenant = ? AND ${area.sql}`, params: [tenant, ...area.params] };
}

function searched(text: string | null | undefined): Fragment {
  if (!text) return { sql: '1 = 1', params: [] };
  const pattern = containing(text);
  const like = "LIKE ? ESCAPE '!'";
  const sql = `(t.name ${like} OR EXISTS (SELECT 1 FROM process_instance s WHERE s.id = t.instance_id AND s.business_key ${like})
    OR EXISTS (SELECT 1 FROM search_variable v WHERE v.instance_id = t.instance_id AND v.text_value ${like}))`;
  return { sql, params: [pattern, pattern, pattern] };
}

/** The areas of the scope, when they are few; null when filtering the whole district is the better way. */
function* fewAreas({ tenant, areas }: ListScope): Work<string[] | null> {
  if (areas.length === 0) return null;
  const inside = areaFragment('path', areas);
  const rows = yield* read(`SELECT path FROM area WHERE tenant = ? AND ${inside.sql} LIMIT ${MAX_MERGED_AREAS + 1}`, [tenant, ...inside.params]);
  return rows.length === 0 || rows.length > MAX_MERGED_AREAS ? null : rows.map((row) => String(row.path));
}

/** A task that is in two queues of the viewer comes once. */
function distinct(rows: Row[]): Row[] {
  const seen = new Set<SqlValue>();
  return rows.filter((row) => !seen.has(row.id!) && seen.add(row.id!));
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

/** The open tasks of these instances that a viewer may see, oldest first. */
export function* tasksOfInstances(scope: ListScope, instanceIds: readonly number[]): Work<TaskListRow[]> {
  if (instanceIds.length === 0) return [];
  const visible = scoped(scope);
  const sql = `SELECT ${COLUMNS} FROM task t ${JOINS} WHERE t.instance_id IN (${instanceIds.map(() => '?').join(', ')}) AND ${visible.sql} ORDER BY t.created_at, t.id`;
  return (yield* read(sql, [...instanceIds, ...visible.params])).map(taskListRow);
}

/** One open task inside the scope; null when there is none. */
export function* taskById(scope: ListScope, id: number): Work<TaskListRow | null> {
  const visible = scoped(scope);
  const [row] = yield* read(`SELECT ${COLUMNS} FROM task t ${JOINS} WHERE t.id = ? AND ${visible.sql}`, [id, ...visible.params]);
  return row ? taskListRow(row) : null;
}
