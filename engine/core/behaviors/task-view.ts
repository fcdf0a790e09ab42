import { Failure } from '../failure.ts';
import type { TaskView, WritableTask } from '../ports.ts';
import { elementAt, type Place } from '../run.ts';
import type { TaskState } from '../state.ts';
import { recordTaskChange } from './record-task-change.ts';

/** The user task of a place as expressions read it. `listener` = event of the task listener that asks, which may also write. */
export function taskView(place: Place, task: TaskState, listener: string | null): TaskView {
  const { run, state, instance } = place;
  const { name, description, assignee, owner, priority, dueAt, followUpAt, formKey, candidateUsers, candidateGroups } = task;
  return {
    id: String(instance.id),
    name,
    description,
    assignee,
    owner,
    priority,
    dueAt,
    followUpAt,
    formKey,
    candidateUsers,
    candidateGroups,
    createdAt: instance.startedAt,
    taskDefinitionKey: elementAt(run.ports.model(state.definitionId), instance.element).id,
    eventName: listener,
    ...(listener !== null && { change: writableTask(place) }),
  };
}

function writableTask(place: Place): WritableTask {
  const { run, instance } = place;
  const record = (change: Partial<TaskState>) => void recordTaskChange(place, change, 'assignee' in change ? 'assign' : 'update');
  const list = (kind: 'candidateUsers' | 'candidateGroups') => instance.task?.[kind] ?? [];
  return {
    set(property, value) {
      if (property === 'dueDate') record({ dueAt: run.ports.dueDate(value, run.ports.now) });
      else if (property === 'followUpDate') record({ followUpAt: run.ports.dueDate(value, run.ports.now) });
      else if (property === 'priority') record({ priority: integer(value) });
      else record({ [property]: value === null || value === undefined ? null : text(value) });
    },
    addCandidates: (kind, names) => record({ [kind]: [...new Set([...list(kind), ...names])] }),
    deleteCandidate: (kind, name) => record({ [kind]: list(kind).filter((each) => each !== name) }),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** @throws Failure `NUMBER_INVALID` */
function integer(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new Failure('NUMBER_INVALID', 'Expected an integer for the task priority, but a listener sets something else');
}
