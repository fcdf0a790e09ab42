import { migrateInstance, type MigrateInstanceInput } from '#engine/core/commands/migrate-instance.ts';
import type { MigrationEffects } from '#engine/core/migration/effects.ts';
import { loadByInstance, type LoadedRoot } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { BatchTask } from './batch-handlers.ts';
import type { ServiceContext } from './context.ts';
import { requireOwn } from './require-own.ts';
import { type BoundCommand, runCommand } from './run-command.ts';

/** What is to be done with an instance. */
export type MigrationConfiguration = Omit<MigrateInstanceInput, 'instanceId'>;

/** Of one instance; also as an item of a batch. @throws RequestError 400 `MIGRATION_REFUSED`, `MIGRATION_PLAN_INVALID`, 404 */
export function runMigration(context: ServiceContext, writes: Writes, task: BatchTask<MigrationConfiguration>) {
  return runCommand(context, writes, { ...migrationOf(context, task), actor: task.actor, operation: 'migrate' });
}

export function migrationOf(
  { settings }: ServiceContext,
  { item, tenant, areas, configuration }: Pick<BatchTask<MigrationConfiguration>, 'item' | 'tenant' | 'areas' | 'configuration'>,
): { load: () => Work<LoadedRoot>; command: BoundCommand<{ instanceId: number; effects: MigrationEffects }> } {
  const { plan, variables, skipListeners, skipIoMappings } = configuration;
  const input: MigrateInstanceInput = {
    instanceId: item,
    plan,
    ...(variables && { variables }),
    ...(skipListeners && { skipListeners }),
    ...(skipIoMappings && { skipIoMappings }),
  };
  return {
    *load() {
      yield* settings.ensure([plan.targetDefinitionId]);
      return requireOwn(yield* loadByInstance(item), { item, tenant, areas }, 'process instance');
    },
    command: (root, ports, actor) => migrateInstance(input, root, ports, actor),
  };
}
