import type { EventOf } from '#engine/core/events.ts';
import type { TaskState } from '#engine/core/state.ts';
import { InvariantError } from '#engine/errors.ts';
import { shows } from './history-level.ts';
import type { InstanceChange } from './instance-store.ts';
import { ownedRow } from './owned-row.ts';
import type { Row, Writes } from './unit-of-work.ts';

/** What a command did to one user task, until all its events are seen. */
export interface TaskChange {
  id: number;
  element: number;
  createdAt: number;
  /** As its rows are now; null = created by this command. */
  before: TaskState | null;
  now: TaskState;
  ended: EventOf<'UserTaskEnded'>['reason'] | null;
}

/** Writes the rows of a task once, however many events it had in this command. */
export function writeTask(writes: Writes, change: InstanceChange, task: TaskChange): void {
  const { before, now, ended } = task;
  if (ended) {
    if (before) {
      writes.delete('task', { id: task.id });
      deleteCandidates(writes, task, before);
    }
    if (shows(change.historyLevel, 'activity')) writes.insert('history_task', historyRow(change, task, ended));
    return;
  }
  if (!before) {
    const part = change.partOf.get(task.id) ?? null;
    writes.insert('task', { ...ownedRow(change, task.id, task.element, task.createdAt), ...changingColumns(change, now), part });
    insertCandidates(writes, task, now);
    return;
  }
  writes.update('task', { id: task.id }, changingColumns(change, now));
  if (candidateKeys(before).join('\n') === candidateKeys(now).join('\n')) return;
  deleteCandidates(writes, task, before);
  insertCandidates(writes, task, now);
}

function changingColumns({ rev }: InstanceChange, task: TaskState): Row {
  const { name, assignee, owner, priority, dueAt, followUpAt, formKey, description } = task;
  return { name, assignee, owner, priority, due_at: dueAt, follow_up_at: followUpAt, form_key: formKey, description, rev };
}

/** Candidate rows are the queue of a group: a task that has an assignee is in no queue. */
export function candidateKeys(task: TaskState): string[] {
  if (task.assignee !== null) return [];
  return [...new Set([...task.candidateGroups.map((group) => `g:${group}`), ...task.candidateUsers.map((user) => `u:${user}`)])];
}

function insertCandidates(writes: Writes, task: TaskChange, state: TaskState): void {
  for (const grp of candidateKeys(state)) writes.insert('task_candidate', { grp, created_at: task.createdAt, task_id: task.id });
}

function deleteCandidates(writes: Writes, task: TaskChange, state: TaskState): void {
  for (const grp of candidateKeys(state)) writes.delete('task_candidate', { grp, created_at: task.createdAt, task_id: task.id });
}

function historyRow(change: InstanceChange, task: TaskChange, reason: string): Row {
  const { name, assignee, owner, priority, dueAt } = task.now;
  return {
    ...ownedRow(change, task.id, task.element, task.createdAt),
    name,
    assignee,
    owner,
    priority,
    due_at: dueAt,
    ended_at: change.at,
    reason,
  };
}

/** The task a later event speaks of. @throws InvariantError */
export function knownTask(tasks: Map<number, TaskChange>, change: InstanceChange, id: number, element: number): TaskChange {
  const known = tasks.get(id);
  if (known) return known;
  const before = change.loaded?.before.elements.get(id);
  if (!before?.task) throw new InvariantError(`Expected task ${id} in instance ${change.state.id}, but it was not loaded`);
  const task: TaskChange = { id, element, createdAt: before.startedAt, before: before.task, now: before.task, ended: null };
  tasks.set(id, task);
  return task;
}
