import type { InstanceState } from '#engine/core/state.ts';
import { INSTANCE_COLUMNS, instanceState, restorePayloads } from './instance-store.ts';
import type { Store } from './open-store.ts';
import { PART_COLUMNS, PART_JOIN } from './part-store.ts';
import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';
import type { MissingPayload } from './variable-codec.ts';

export interface ExternalTaskRow {
  id: number;
  instanceId: number;
  definitionId: number;
  /** BPMN id. */
  element: string;
  topic: string;
  workerId: string | null;
  /** 0 = free, else the end of the lock (with a worker) or of the wait for a retry; null = no retries left. */
  availableAt: number | null;
  retries: number | null;
  priority: number;
  errorMessage: string | null;
  errorDetails: string | null;
  tenant: string;
  area: string;
  createdAt: number;
}

/** A task together with the instance that it belongs to, for the variables that the worker wants. */
export interface LockableTask extends ExternalTaskRow {
  instance: InstanceState;
}

export interface TopicQuery {
  topic: string;
  lockMs: number;
  businessKey?: string;
  definitionIds?: readonly number[];
  definitionKeys?: readonly string[];
  versionTag?: string;
}
export interface LockInput {
  workerId: string;
  maxTasks: number;
  topics: readonly TopicQuery[];
  /** '' takes the tasks of all districts: the caller has checked that it may. */
  tenants: readonly string[];
  now: number;
}

const COLUMNS = [
  'id',
  'instance_id',
  'definition_id',
  'element',
  'topic',
  'worker_id',
  'available_at',
  'retries',
  'priority',
  'error_message',
  'error_details',
  'tenant',
  'area',
  'created_at',
];
const TASK = COLUMNS.map((column) => `t.${column} AS t_${column}`).join(', ');

/** Locks free tasks for a worker: highest priority first, then the oldest. */
export async function lockExternalTasks(
  store: Store,
  input: LockInput,
): Promise<(LockableTask & { workerId: string; availableAt: number })[]> {
  const tasks = await store.batcher.run({ key: 'external-tasks', name: 'lock-external-tasks' }, (writes) => lockTasks(writes, input));
  if (store.kind === 'sqlite') return tasks;
  return store.query(lockedBy(input.workerId, tasks));
}

/** The unit of work behind `lockExternalTasks`; a task that another node locks in between is simply not locked. */
export function* lockTasks(writes: Writes, input: LockInput): Work<(LockableTask & { workerId: string; availableAt: number })[]> {
  const found: { task: LockableTask; lockMs: number }[] = [];
  for (const topic of input.topics) {
    for (const task of yield* lockable(topic, input)) found.push({ task, lockMs: topic.lockMs });
  }
  if (input.topics.length > 1) found.sort((a, b) => b.task.priority - a.task.priority);
  return found.slice(0, input.maxTasks).map(({ task, lockMs }) => {
    const locked = { ...task, workerId: input.workerId, availableAt: input.now + lockMs };
    writes.update(
      'external_task',
      { id: task.id, available_at: task.availableAt },
      { worker_id: locked.workerId, available_at: locked.availableAt },
    );
    return locked;
  });
}

function* lockable(topic: TopicQuery, { tenants, maxTasks, now }: LockInput): Work<LockableTask[]> {
  const where = ['t.topic = ?', 't.available_at <= ?'];
  const params: SqlValue[] = [topic.topic, now];
  const oneOf = (column: string, values: readonly SqlValue[] | undefined) => {
    if (!values) return;
    where.push(values.length === 0 ? '1 = 0' : `${column} IN (${values.map(() => '?').join(', ')})`);
    params.push(...values);
  };
  if (!tenants.includes('')) oneOf('t.tenant', tenants);
  oneOf('p.business_key', topic.businessKey === undefined ? undefined : [topic.businessKey]);
  oneOf('t.definition_id', topic.definitionIds);
  oneOf('d.def_key', topic.definitionKeys);
  oneOf('d.version_tag', topic.versionTag === undefined ? undefined : [topic.versionTag]);
  const definition = topic.definitionKeys || topic.versionTag !== undefined ? 'JOIN process_definition d ON d.id = t.definition_id' : '';
  const sql = `SELECT ${TASK}, ${INSTANCE_COLUMNS}, ${PART_COLUMNS} FROM external_task t JOIN process_instance p ON p.id = t.instance_id ${PART_JOIN} ${definition}
    WHERE ${where.join(' AND ')} ORDER BY t.priority DESC, t.available_at, t.id LIMIT ?`;
  const missing: MissingPayload[] = [];
  const tasks = (yield* read(sql, [...params, maxTasks])).map((row) => ({ ...taskRow(row, 't_'), instance: instanceState(row, missing) }));
  yield* restorePayloads(missing);
  return tasks;
}

/** Which of the tasks the worker really holds: with several nodes on one database another one may have been faster. */
export function* lockedBy<T extends { id: number; availableAt: number }>(workerId: string, tasks: readonly T[]): Work<T[]> {
  if (tasks.length === 0) return [];
  const sql = `SELECT id, available_at FROM external_task WHERE id IN (${tasks.map(() => '?').join(', ')}) AND worker_id = ?`;
  const rows = yield* read(sql, [...tasks.map(({ id }) => id), workerId]);
  const held = new Map(rows.map((row) => [Number(row.id), Number(row.available_at)]));
  return tasks.filter(({ id, availableAt }) => held.get(id) === availableAt);
}

export function* externalTaskById(id: number): Work<ExternalTaskRow | null> {
  const [row] = yield* read(`SELECT ${COLUMNS.join(', ')} FROM external_task WHERE id = ?`, [id]);
  return row ? taskRow(row, '') : null;
}

/** Locks, prolongs or (with `workerId` null, `availableAt` 0) frees a task that was just read; the unit runs again when it changed meanwhile. */
export function setExternalTaskLock(writes: Writes, task: ExternalTaskRow, lock: { workerId: string | null; availableAt: number }): void {
  writes.update(
    'external_task',
    { id: task.id },
    { worker_id: lock.workerId, available_at: lock.availableAt },
    { available_at: task.availableAt, worker_id: task.workerId },
  );
}

/** Changes nothing; the unit runs again when the lock is no longer as in `found` (`LoadedRoot.found`). */
export function keepExternalTaskLock(writes: Writes, id: number, { worker_id, available_at }: Row): void {
  const lock = { worker_id: worker_id ?? null, available_at: available_at ?? null };
  writes.update('external_task', { id }, lock, lock);
}

/** Row of a query whose task columns carry `prefix`. */
export function taskRow(row: Row, prefix: string): ExternalTaskRow {
  const of = (name: string) => row[prefix + name] ?? null;
  return {
    id: Number(of('id')),
    instanceId: Number(of('instance_id')),
    definitionId: Number(of('definition_id')),
    element: String(of('element')),
    topic: String(of('topic')),
    workerId: of('worker_id') as string | null,
    availableAt: of('available_at') as number | null,
    retries: of('retries') as number | null,
    priority: Number(of('priority')),
    errorMessage: of('error_message') as string | null,
    errorDetails: of('error_details') as string | null,
    tenant: String(of('tenant')),
    area: String(of('area')),
    createdAt: Number(of('created_at')),
  };
}
