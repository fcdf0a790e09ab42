import type { EngineEvent } from '#engine/core/events.ts';
import type { RootState } from '#engine/core/ports.ts';
import type { InstanceState, TaskState } from '#engine/core/state.ts';
import type { Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext, TaskChange } from './context.ts';

/** Tells this node, after COMMIT, what the events mean for it: jobs to run, polls to wake, screens to refresh. */
export function announce(context: ServiceContext, writes: Writes, events: readonly EngineEvent[], root: RootState): void {
  for (const event of events) {
    const effect = effectOf(context, event, root);
    if (effect) writes.afterCommit(effect);
  }
}

function effectOf(context: ServiceContext, event: EngineEvent, root: RootState): (() => void) | null {
  switch (event.type) {
    case 'JobCreated':
      return () => context.jobDue(event.job.dueAt);
    case 'JobRescheduled':
    case 'JobFailed':
    case 'JobRetriesSet':
    case 'JobDueDateSet':
      return () => context.jobDue(event.dueAt);
    case 'ExternalTaskCreated':
      return () => context.externalTaskReady(event.topic);
    case 'UserTaskCreated': {
      const change = taskChange('created', event.id, instanceOf(root, event.instance), event.task);
      return () => context.publishTask(change);
    }
    case 'UserTaskUpdated': {
      const instance = instanceOf(root, event.instance);
      const task = instance.elements.find((element) => element.id === event.id)?.task;
      const change = taskChange('updated', event.id, instance, task);
      return () => context.publishTask(change);
    }
    case 'UserTaskEnded': {
      const change = taskChange('ended', event.id, instanceOf(root, event.instance), undefined);
      return () => context.publishTask(change);
    }
    case 'InstanceEnded': {
      const instance = instanceOf(root, event.instance);
      const key = context.definitions.model(instance.definitionId).key;
      return () => context.instanceEnded({ id: instance.id, definitionKey: key, businessKey: instance.businessKey, tenant: instance.tenant });
    }
    default:
      return null;
  }
}

function instanceOf(root: RootState, id: number): InstanceState {
  const instance = root.instances.get(id);
  if (!instance) throw new Error(`Expected instance ${id} to be among the command's instances, but it is not`);
  return instance;
}

function taskChange(op: TaskChange['op'], id: number, instance: InstanceState, task: TaskState | undefined): TaskChange {
  return {
    op,
    id,
    instanceId: instance.id,
    tenant: instance.tenant,
    area: instance.area,
    assignee: task?.assignee ?? null,
    candidateGroups: task?.candidateGroups ?? [],
    candidateUsers: task?.candidateUsers ?? [],
  };
}
