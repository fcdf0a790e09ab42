import type { EngineEvent, TaskOperation } from '#engine/core/events.ts';
import type { TaskState } from '#engine/core/state.ts';
import { entryBase, type Log, type LogEntry, type LogPlace } from './log.ts';

export interface UserOperation extends LogEntry {
  user: string;
  /** Entries of one command have the same. */
  operationId: string;
  /** Camunda's `operationType`, e.g. `Claim`. */
  type: string;
  entity: 'ProcessInstance' | 'Task' | 'Variable' | 'Job' | 'ExternalTask';
  category: 'TaskWorker' | 'Operator';
  property: string | null;
  before: string | null;
  now: string | null;
  task: number | null;
  job: number | null;
  externalTask: number | null;
}

type Operation = Partial<UserOperation> & Pick<UserOperation, 'type' | 'entity'>;

/**
 * What people and programs did to an instance, from the actor and the events of each command: Camunda's user operation log.
 * What concerns no instance (deployments, accounts) is in the audit log.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/history/user-operation-log/
 */
export const userOperationLog: Log<UserOperation> = {
  codes: [],
  level: 'full',
  reader() {
    const variables = new Set<string>();
    return (event, place) => {
      const { actor } = place.command;
      const isNew = event.type === 'VariableSet' && !variables.has(`${event.scope} ${event.name}`);
      if (event.type === 'VariableSet') variables.add(`${event.scope} ${event.name}`);
      if (actor === null) return [];
      return [...whole(place), ...operationsOf(event, place, isNew)].map((operation, nth) => {
        const base = entryBase(place, null);
        return {
          ...base,
          id: `${base.id}:${nth}`,
          user: actor,
          operationId: `${place.instance.id}:${place.command.seq}`,
          category: operation.entity === 'Task' ? 'TaskWorker' : 'Operator',
          property: null,
          before: null,
          now: null,
          task: null,
          job: null,
          externalTask: null,
          ...operation,
        };
      });
    };
  },
};

const TASK_TYPES: Readonly<Record<TaskOperation, string>> = {
  claim: 'Claim',
  unclaim: 'Claim',
  assign: 'Assign',
  delegate: 'Delegate',
  resolve: 'Resolve',
  update: 'Update',
};

/** The one event of a command that says what the caller wanted; what followed from it is no operation. */
function operationsOf(event: EngineEvent, { command, instance }: LogPlace, isNew: boolean): Operation[] {
  switch (event.type) {
    case 'InstanceStarted':
      // Called instances are started by the process, not by the caller.
      if (event.header.superId !== undefined) return [];
      return [{ type: 'Create', entity: 'ProcessInstance', property: 'processDefinitionId', now: String(event.header.definitionId) }];
    case 'InstanceEnded':
      if (event.outcome === 'COMPLETED' || command.operation !== 'delete') return [];
      return [{ type: 'Delete', entity: 'ProcessInstance', property: 'deleteReason', now: event.reason }];
    case 'InstanceSuspended':
      return [{ type: 'Suspend', entity: 'ProcessInstance', property: 'suspensionState', before: 'active', now: 'suspended' }];
    case 'InstanceActivated':
      return [{ type: 'Activate', entity: 'ProcessInstance', property: 'suspensionState', before: 'suspended', now: 'active' }];
    case 'UserTaskEnded':
      if (event.reason !== 'completed' || command.events.find(({ type }) => type === 'UserTaskEnded') !== event) return [];
      return [{ type: 'Complete', entity: 'Task', property: 'delete', before: 'false', now: 'true', task: event.id }];
    case 'UserTaskUpdated':
      return changesOf(event.change, event.old).map((change) => ({ type: TASK_TYPES[event.operation], entity: 'Task', task: event.id, ...change }));
    case 'VariableSet':
      if (!command.operation.includes('variable') || event.scope !== instance.id) return [];
      return [{ type: isNew ? 'SetVariable' : 'ModifyVariable', entity: 'Variable', property: 'name', now: event.name }];
    case 'VariableRemoved':
      if (!command.operation.includes('variable')) return [];
      return [{ type: 'RemoveVariable', entity: 'Variable', property: 'name', now: event.name }];
    case 'JobRetriesSet':
      return [{ type: 'SetJobRetries', entity: 'Job', property: 'retries', now: String(event.retries), job: event.job }];
    case 'JobDueDateSet':
      return [{ type: 'SetDueDate', entity: 'Job', property: 'duedate', now: String(event.dueAt), job: event.job }];
    case 'JobPrioritySet':
      return [{ type: 'SetPriority', entity: 'Job', property: 'priority', now: String(event.priority), job: event.job }];
    case 'JobSuspended':
    case 'JobActivated':
      return [{ type: event.type === 'JobSuspended' ? 'SuspendJob' : 'ActivateJob', entity: 'Job', property: 'suspensionState', now: event.type === 'JobSuspended' ? 'suspended' : 'active', job: event.job }];
    case 'JobExecuted':
      return [{ type: 'Execute', entity: 'Job', job: event.job }];
    case 'ExternalTaskRetriesSet':
      return [{ type: 'SetExternalTaskRetries', entity: 'ExternalTask', property: 'retries', now: String(event.retries), externalTask: event.id }];
    case 'ExternalTaskPrioritySet':
      return [{ type: 'SetPriority', entity: 'ExternalTask', property: 'priority', now: String(event.priority), externalTask: event.id }];
    default:
      return [];
  }
}

/** Operations without an event of their own: named by the command, told once. */
function whole({ command, index }: LogPlace): Operation[] {
  const type = index === 0 ? WHOLE[command.operation] : undefined;
  return type ? [{ type, entity: 'ProcessInstance' }] : [];
}

const WHOLE: Readonly<Record<string, string>> = { modify: 'ModifyProcessInstance', migrate: 'Migrate', restart: 'RestartProcessInstance', correlate: 'CorrelateMessage', signal: 'Signal', 'signal-execution': 'Signal' };

const PROPERTIES: readonly (keyof TaskState)[] = ['assignee', 'owner', 'name', 'description', 'priority', 'dueAt', 'followUpAt'];
const WIRE: Partial<Record<keyof TaskState, string>> = { dueAt: 'dueDate', followUpAt: 'followUpDate' };

function changesOf(now: Partial<TaskState>, before: Partial<TaskState>): Pick<UserOperation, 'property' | 'before' | 'now'>[] {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value as string | number));
  return PROPERTIES.filter((name) => name in now).map((name) => ({ property: WIRE[name] ?? name, before: text(before[name]), now: text(now[name]) }));
}
