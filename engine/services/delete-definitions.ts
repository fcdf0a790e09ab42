import { deleteInstance } from '#engine/core/commands/delete-instance.ts';
import { conflict, notAllowed, notFound } from '#engine/errors.ts';
import { definitionById, definitionOf, definitionsOfDeployment, deploymentById, replaceStartSubscriptions, SHARED, type DefinitionRow } from '#engine/store/definition-store.ts';
import { deleteDeploymentRows, endedInstancesOf, markDefinitionDeleted, runningInstancesOf } from '#engine/store/delete-definitions.ts';
import { deleteHistory } from '#engine/store/history-store.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { DeleteOptions } from './contract.ts';
import { forEachOf } from './for-each-of.ts';
import { runCommand } from './run-command.ts';
import { startSubscriptionsOf } from './start-subscriptions.ts';
import { openTimerStarts } from './timer-start.ts';

const PAGE = 200;

/** Removes one definition; the version before it, if any, starts by its events again. @throws RequestError 404, 403, 409 `INSTANCES_RUNNING` */
export async function deleteDefinition(context: ServiceContext, id: number, options: DeleteOptions): Promise<void> {
  const row = await context.store.query(definitionById(id));
  if (!row || row.isDeleted) throw notFound('process definition', id);
  requireOwn(row.tenant, options);
  await emptyDefinition(context, row, options);
  await context.store.batcher.run({ key: `deploy:${row.tenant}`, name: 'definition.delete' }, (writes) => removeDefinition(context, writes, id));
}

export async function deleteDeployment(context: ServiceContext, id: number, options: DeleteOptions): Promise<void> {
  const { store, decisions } = context;
  const deployment = await store.query(deploymentById(id));
  if (!deployment) throw notFound('deployment', id);
  requireOwn(deployment.tenant, options);
  const definitions = await store.query(definitionsOfDeployment(id));
  if (!options.cascade) for (const row of definitions) requireNoneRunning(row, await store.query(runningInstancesOf(row.id)));
  for (const row of definitions) await emptyDefinition(context, row, options);
  await store.batcher.run({ key: `deploy:${deployment.tenant}`, name: 'deployment.delete' }, function* (writes) {
    let isNamedByHistory = false;
    // The newest version first, so that none that goes as well is brought back.
    for (const row of (yield* definitionsOfDeployment(id)).toReversed()) isNamedByHistory = (yield* removeDefinition(context, writes, row.id, id)) || isNamedByHistory;
    deleteDeploymentRows(writes, id, { keepFiles: isNamedByHistory });
    writes.afterCommit(decisions.forgetLatest);
  });
}

/** With `cascade` every instance goes, running and ended. */
async function emptyDefinition(context: ServiceContext, row: DefinitionRow, options: DeleteOptions): Promise<void> {
  const { store } = context;
  const running = await store.query(runningInstancesOf(row.id));
  if (!options.cascade) return requireNoneRunning(row, running);
  await forEachOf(running, (id) => endInstance(context, id, options));
  for (let after = 0; ; ) {
    const ended = await store.query(endedInstancesOf(row.id, { after, limit: PAGE }));
    const last = ended.at(-1);
    if (last === undefined) return;
    after = last;
    // Those whose caller runs stay, and with them the row of the definition.
    await store.batcher.run({ key: `definition:${row.id}`, name: 'history.delete' }, (writes) => deleteHistory(writes, ended));
  }
}

function endInstance(context: ServiceContext, instanceId: number, { actor, skipListeners, skipIoMappings }: DeleteOptions): Promise<void> {
  return context.store.batcher.run({ key: instanceId, name: 'instance.delete' }, function* (writes) {
    const loaded = yield* loadByInstance(instanceId);
    // Ended meanwhile, e.g. with its caller.
    if (!loaded) return;
    const load = function* () {
      return (yield* loadByInstance(instanceId)) ?? loaded;
    };
    const input = { instanceId, reason: null, skipListeners, skipIoMappings };
    yield* runCommand(context, writes, { load, command: (root, ports, by) => deleteInstance(input, root, ports, by), actor, operation: 'delete' });
  });
}

/** Returns whether history still names it. Instances that began meanwhile refuse it. */
function* removeDefinition(context: ServiceContext, writes: Writes, id: number, deploymentId?: number): Work<boolean> {
  const { definitions, settings, store } = context;
  const row = yield* definitionById(id);
  if (!row || row.isDeleted) return false;
  requireNoneRunning(row, yield* runningInstancesOf(id));
  const isNamedByHistory = (yield* endedInstancesOf(id, { limit: 1 })).length > 0;
  const latest = yield* definitionOf(row.key, row.tenant, { kind: 'latest' });
  markDefinitionDeleted(writes, id, store.clock.now());
  if (latest?.id === id) yield* restorePrevious(context, writes, row, deploymentId);
  writes.afterCommit(() => {
    settings.forget(id);
    definitions.changed(id);
  });
  return isNamedByHistory;
}

/** As in Camunda 7, the version before begins by its messages, signals and timers again. */
function* restorePrevious(context: ServiceContext, writes: Writes, { key, tenant, version }: DefinitionRow, deploymentId: number | undefined): Work<void> {
  for (let before = version - 1; before > 0; before--) {
    const row = yield* definitionOf(key, tenant, { kind: 'version', version: before });
    if (!row || row.deploymentId === deploymentId) continue;
    const { model } = yield* context.definitions.byId(row.id);
    replaceStartSubscriptions(writes, null, startSubscriptionsOf(model).map((start) => ({ ...start, definitionId: row.id, tenant })));
    openTimerStarts(context, writes, { id: row.id, tenant, model }, null);
    return;
  }
}

function requireNoneRunning({ key, version }: DefinitionRow, running: readonly number[]): void {
  if (running.length > 0)
    throw conflict('INSTANCES_RUNNING', `Expected process definition ${key} version ${version} to have no running instances, but it has ${running.length}: delete with cascade=true`);
}

function requireOwn(tenant: string, options: DeleteOptions): void {
  if (tenant === options.tenant) return;
  if (tenant === SHARED) throw notAllowed('Expected something of the own district, but it is part of the shared standard', { userId: options.actor.id });
  throw notFound('definition', tenant);
}
