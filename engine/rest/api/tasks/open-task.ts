import type { Element, ProcessModel } from '#engine/core/model.ts';
import type { InstanceState, TaskState } from '#engine/core/state.ts';
import { conflict, notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { idOf } from '#engine/rest/engine-rest/wire-format.ts';
import { loadByTask } from '#engine/store/instance-store.ts';
import { taskById, type TaskListRow } from '#engine/store/read-models/task-queues.ts';
import { instanceIn } from '#engine/store/read-models/visible-variables.ts';

/** A task with the instance around it, as its page needs it. */
export interface OpenTask {
  id: number;
  row: TaskListRow;
  state: InstanceState;
  task: TaskState;
  element: Element;
  model: ProcessModel;
}

/** @throws RequestError 404 when it is not open, outside the caller's areas, or, for a provider, another's. */
export async function openTask({ store, modelOf }: RouteContext, principal: Principal, text: string | undefined): Promise<OpenTask> {
  const id = idOf(text, 'task');
  const row = await store.query(taskById(scopeOf(principal), id));
  const root = row && (await store.query(loadByTask(id)));
  const state = root && instanceIn(root);
  const at = state?.elements.find((element) => element.id === id);
  if (!row || !state || !at?.task) throw notFound('task', id);
  if (isProviderOnly(principal) && !isCandidate(principal, at.task) && at.task.assignee !== principal.id) throw notFound('task', id);
  const model = await modelOf(state.definitionId);
  const element = model.elements[at.element];
  if (!element) throw notFound('task', id);
  return { id, row, state, task: at.task, element, model };
}

/** Service organisations see what is offered to them, not the street's other work. */
export const isProviderOnly = ({ roles }: Principal): boolean => roles.length > 0 && roles.every((role) => role === 'provider');

export const isCandidate = ({ id, groups }: Principal, task: TaskState): boolean =>
  task.candidateUsers.includes(id) || task.candidateGroups.some((group) => groups.includes(group));

/** The district's administrator may step in anywhere below. */
export const canClaim = (principal: Principal, task: TaskState): boolean =>
  task.assignee === null && (isCandidate(principal, task) || principal.roles.includes('district-admin'));

/** @throws RequestError 409 when the caller looked at an older state. */
export function refuseOldRevision({ row }: OpenTask, rev: number | undefined): void {
  if (rev !== undefined && rev !== row.rev)
    throw conflict('REVISION_CONFLICT', `Expected revision ${rev} of task ${row.id}, but it is ${row.rev}`, { taskId: String(row.id) });
}
