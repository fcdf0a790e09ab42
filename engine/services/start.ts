import { startInstance } from '#engine/core/commands/start-instance.ts';
import type { Variables } from '#engine/core/values.ts';
import { conflict } from '#engine/errors.ts';
import { recall, remember } from '#engine/store/idempotency-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { StartedInstance, StartInput } from './contract.ts';
import { runCommand } from './run-command.ts';
import { startSubscriptionsOf } from './start-subscriptions.ts';

/** Starts an instance by definition id or by key; `startElement` is the message start event when a message does it. */
export function* start(context: ServiceContext, writes: Writes, input: StartInput & { startElement?: string; signalHops?: number; stepsBefore?: number }): Work<StartedInstance> {
  const { definition, tenant, area, businessKey, variables, actor, startMessage, instructions = [], skipListeners = false, skipIoMappings = false } = input;
  const idempotency = input.idempotencyKey ? { tenant, scope: 'start', key: input.idempotencyKey } : null;
  const now = context.store.clock.now();
  const earlier = idempotency ? yield* recall(idempotency, now) : null;
  if (earlier) return earlier.result as unknown as StartedInstance;

  const { row, model } = 'id' in definition ? yield* context.definitions.byId(definition.id) : yield* context.definitions.latest(definition.key, tenant);
  yield* context.settings.ensure([row.id]);
  if (context.settings.isSuspended(row.id)) throw conflict('DEFINITION_SUSPENDED', `Expected process definition ${row.key} version ${row.version} to be active, but it is suspended`);

  const startElement = input.startElement ?? startSubscriptionsOf(model).find(({ kind, name }) => kind === 'message' && name === startMessage)?.element;
  const { result, root } = yield* runCommand(context, writes, {
    load: null,
    command: (state, ports, by) =>
      startInstance(
        { definitionId: row.id, businessKey, variables, tenant, area, instructions, skipListeners, skipIoMappings, ...(startElement !== undefined && { startElement }) },
        state,
        ports,
        by,
      ),
    actor,
    operation: 'start',
    ...(input.signalHops !== undefined && { signalHops: input.signalHops }),
    ...(input.stepsBefore !== undefined && { stepsBefore: input.stepsBefore }),
  });
  const started: StartedInstance = {
    id: result.instanceId,
    definitionId: row.id,
    definitionKey: row.key,
    businessKey,
    tenant,
    ended: result.ended,
    variables: root.instances.get(result.instanceId)?.elements[0]?.variables ?? ({} satisfies Variables),
  };
  if (idempotency) remember(writes, idempotency, now, { ...started, variables: {} } as never);
  return started;
}
