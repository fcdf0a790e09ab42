import type { TaskOperation } from '../events.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, type Run } from '../run.ts';
import type { ElementInstance, InstanceState, TaskState } from '../state.ts';
import { findTask } from './find.ts';

export interface UpdateTaskInput {
  taskId: number;
  change: Partial<TaskState>;
  /** Default `update`. */
  operation?: TaskOperation;
}

/** Sets fields of an open user task (priority, due date, candidates …). @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function updateTask(
  { taskId, change, operation = 'update' }: UpdateTaskInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; task: TaskState }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  changeTask(run, state, found, change, operation);
  return { events: run.events, result: { instanceId: state.id, task: found.task } };
}

/** Records only what is different; nothing different = no event. */
export function changeTask(
  run: Run,
  state: InstanceState,
  instance: ElementInstance & { task: TaskState },
  wanted: Partial<TaskState>,
  operation: TaskOperation,
): void {
  const names = (Object.keys(wanted) as (keyof TaskState)[]).filter((name) => !isSame(instance.task[name], wanted[name]));
  if (names.length === 0) return;
  const pick = (from: Partial<TaskState>): Partial<TaskState> => Object.fromEntries(names.map((name) => [name, from[name]]));
  const change = pick(wanted);
  emit(run, state, { instance: state.id, type: 'UserTaskUpdated', id: instance.id, change, old: pick(instance.task), operation });
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, index) => entry === b[index]);
  return a === b;
}
