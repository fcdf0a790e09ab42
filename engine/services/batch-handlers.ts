import { modifyInstance } from '#engine/core/commands/modify-instance.ts';
import { deleteInstance } from '#engine/core/commands/delete-instance.ts';
import { setExternalTaskRetries } from '#engine/core/commands/set-external-task-retries.ts';
import { setJobRetries } from '#engine/core/commands/set-job-retries.ts';
import { setVariables } from '#engine/core/commands/set-variables.ts';
import type { ModificationInstruction } from '#engine/core/modification/instructions.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { loadByExternalTask, loadByInstance, loadByJob, type LoadedRoot } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { deleteInstanceHistory, setInstanceRemovalTime, type SetRemovalTime } from './history-batches.ts';
import { correlate } from './correlate.ts';
import { type MigrationConfiguration, runMigration } from './migrate.ts';
import { requireOwn } from './require-own.ts';
import { restart, type RestartConfiguration } from './restart.ts';
import { runCommand, type BoundCommand } from './run-command.ts';
import { suspensionCommand } from './suspension.ts';

/** What a batch does with one of its items, and what it was told; `areas`: whose things it may touch. */
export interface BatchTask<C = unknown> {
  item: number;
  configuration: C;
  tenant: string;
  areas: readonly string[];
  actor: Actor;
}
/** Runs in the transaction that also notes that the item is done. What it throws uses up a try of the batch job. */
export type BatchHandler<C = never> = (context: ServiceContext, writes: Writes, task: BatchTask<C>) => Work<void>;

interface Skips {
  skipListeners?: boolean;
  skipIoMappings?: boolean;
}

/** What each of Camunda's batch types does; the items are instance ids unless said otherwise. */
export const batchHandlers = {
  *'instance-deletion'(context: ServiceContext, writes: Writes, task: BatchTask<Skips & { reason: string | null }>): Work<void> {
    const { item: instanceId, configuration } = task;
    // Gone already, e.g. with its caller.
    if (!(yield* loadByInstance(instanceId))) return;
    yield* onRoot(context, writes, task, 'delete', loadByInstance, (root, ports, by) => deleteInstance({ instanceId, ...configuration }, root, ports, by));
  },
  *'instance-modification'(context: ServiceContext, writes: Writes, task: BatchTask<Skips & { instructions: ModificationInstruction[]; annotation: string | null }>): Work<void> {
    const { item: instanceId, configuration } = task;
    yield* onRoot(context, writes, task, 'modify', loadByInstance, (root, ports, by) => modifyInstance({ instanceId, ...configuration }, root, ports, by));
  },
  *'instance-migration'(context: ServiceContext, writes: Writes, task: BatchTask<MigrationConfiguration>): Work<void> {
    yield* runMigration(context, writes, task);
  },
  /** Items: ended instances. */
  'instance-restart': (context: ServiceContext, writes: Writes, task: BatchTask<RestartConfiguration>): Work<void> => restart(context, writes, task),
  *'instance-update-suspension-state'(context: ServiceContext, writes: Writes, task: BatchTask<{ suspended: boolean }>): Work<void> {
    const { suspended } = task.configuration;
    yield* onRoot(context, writes, task, suspended ? 'suspend' : 'activate', loadByInstance, suspensionCommand(task.item, suspended));
  },
  /** Items: jobs. */
  *'set-job-retries'(context: ServiceContext, writes: Writes, task: BatchTask<{ retries: number; dueAt?: number }>): Work<void> {
    const { item: jobId, configuration } = task;
    yield* onRoot(context, writes, task, 'set-job-retries', loadByJob, (root, ports, by) => setJobRetries({ jobId, ...configuration }, root, ports, by));
  },
  /** Items: external tasks. */
  *'set-external-task-retries'(context: ServiceContext, writes: Writes, task: BatchTask<{ retries: number }>): Work<void> {
    const { item: taskId, configuration } = task;
    yield* onRoot(context, writes, task, 'set-retries', loadByExternalTask, (root, ports, by) => setExternalTaskRetries({ taskId, ...configuration }, root, ports, by));
  },
  *'set-variables'(context: ServiceContext, writes: Writes, task: BatchTask<{ variables: Variables }>): Work<void> {
    const { item: instanceId, configuration } = task;
    yield* onRoot(context, writes, task, 'set-variables', loadByInstance, (root, ports, by) => setVariables({ instanceId, set: configuration.variables }, root, ports, by));
  },
  /** Instances that do not wait for the message are left alone. */
  *'correlate-message'(context: ServiceContext, writes: Writes, task: BatchTask<{ message: string; variables: Variables }>): Work<void> {
    const { item, configuration, tenant, actor } = task;
    requireOwn(yield* loadByInstance(item), task, 'process instance');
    yield* correlate(context, writes, { ...configuration, tenant, area: null, processInstanceId: item, all: true, mayMatchNone: true, actor });
  },
  /** Items: ended instances. */
  'historic-instance-deletion': (_: ServiceContext, writes: Writes, task: BatchTask): Work<void> => deleteInstanceHistory(writes, task),
  'process-set-removal-time': (_: ServiceContext, writes: Writes, task: BatchTask<SetRemovalTime>): Work<void> => setInstanceRemovalTime(writes, task),
} satisfies Record<string, BatchHandler>;

export type BatchType = keyof typeof batchHandlers;

function* onRoot<R>(
  context: ServiceContext,
  writes: Writes,
  task: BatchTask,
  operation: string,
  find: (id: number) => Work<LoadedRoot | null>,
  command: BoundCommand<R>,
): Work<void> {
  function* load(): Work<LoadedRoot> {
    return requireOwn(yield* find(task.item), task, operation);
  }
  yield* runCommand(context, writes, { load, command, actor: task.actor, operation });
}
