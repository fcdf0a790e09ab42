import { activateAdHocElements } from '#engine/core/commands/activate-ad-hoc-elements.ts';
import { completeAdHoc } from '#engine/core/commands/complete-ad-hoc.ts';
import { correlateMessage } from '#engine/core/commands/correlate-message.ts';
import { deleteInstance } from '#engine/core/commands/delete-instance.ts';
import { modifyInstance } from '#engine/core/commands/modify-instance.ts';
import { setVariables } from '#engine/core/commands/set-variables.ts';
import type { Actor } from '#engine/core/ports.ts';
import { notFound } from '#engine/errors.ts';
import { loadByInstance, loadBySubscription, type LoadedRoot } from '#engine/store/instance-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { evaluateConditions } from './conditions.ts';
import type { ServiceContext } from './context.ts';
import type { RuntimeService } from './contract.ts';
import { correlate } from './correlate.ts';
import { restart } from './restart.ts';
import { runCommand, type BoundCommand } from './run-command.ts';
import { sendSignal } from './send-signal.ts';
import { signalExecution } from './signal-execution.ts';
import { start } from './start.ts';
import { suspensionCommand } from './suspension.ts';

/** Camunda's RuntimeService: starts, messages, variables, deletion. */
export function createRuntimeService(context: ServiceContext): RuntimeService {
  const { batcher } = context.store;

  function onInstance<R>(instanceId: number, operation: string, command: BoundCommand<R>, actor: Actor): Promise<{ result: R }> {
    function* load(): Work<LoadedRoot> {
      const loaded = yield* loadByInstance(instanceId);
      if (!loaded) throw notFound('process instance', instanceId);
      return loaded;
    }
    return batcher.run({ key: instanceId, name: `instance.${operation}` }, (writes) => runCommand(context, writes, { load, command, actor, operation }));
  }

  return {
    start: (input) => batcher.run({ key: null, name: 'instance.start' }, (writes) => start(context, writes, input)),
    startWork: (writes, input) => start(context, writes, input),
    correlate: (input) => batcher.run({ key: null, name: 'message.correlate' }, (writes) => correlate(context, writes, input)),
    correlateWork: (writes, input) => correlate(context, writes, input),
    signalExecution: (input) =>
      batcher.run({ key: `execution:${input.executionId}`, name: 'execution.signal' }, (writes) => signalExecution(context, writes, input)),
    signal: (input) => sendSignal(context, input),
    evaluateConditions: (input) => batcher.run({ key: null, name: 'condition.evaluate' }, (writes) => evaluateConditions(context, writes, input)),
    async setVariables(instanceId, { set, remove, scope }, actor) {
      const where = scope === undefined ? {} : { scope, local: true };
      await onInstance(instanceId, 'set-variables', (root, ports, by) => setVariables({ instanceId, set, remove, ...where }, root, ports, by), actor);
    },
    async triggerSubscription(subscriptionId, variables, actor) {
      function* load(): Work<LoadedRoot> {
        const loaded = yield* loadBySubscription(subscriptionId);
        if (!loaded) throw notFound('event subscription', subscriptionId);
        return loaded;
      }
      const command: BoundCommand<unknown> = (root, ports, by) => correlateMessage({ subscriptionId, variables }, root, ports, by);
      await batcher.run({ key: `subscription:${subscriptionId}`, name: 'execution.trigger' }, (writes) => runCommand(context, writes, { load, command, actor, operation: 'trigger' }));
    },
    async delete(instanceId, reason, actor, options) {
      await onInstance(instanceId, 'delete', (root, ports, by) => deleteInstance({ instanceId, reason, ...options }, root, ports, by), actor);
    },
    async modify(input, actor) {
      const { result } = await onInstance(input.instanceId, 'modify', (root, ports, by) => modifyInstance(input, root, ports, by), actor);
      return { ended: result.ended };
    },
    async setSuspended(instanceId, isSuspended, actor) {
      await onInstance(instanceId, isSuspended ? 'suspend' : 'activate', suspensionCommand(instanceId, isSuspended), actor);
    },
    restart: (instanceId, configuration, { tenant, areas }, actor) =>
      batcher.run({ key: null, name: 'instance.restart' }, (writes) => restart(context, writes, { item: instanceId, configuration, tenant, areas, actor })),
    async activateAdHoc(input, actor) {
      const { result } = await onInstance(input.instanceId, 'activate-ad-hoc', (root, ports, by) => activateAdHocElements(input, root, ports, by), actor);
      return result;
    },
    async completeAdHoc(where, actor) {
      await onInstance(where.instanceId, 'complete-ad-hoc', (root, ports, by) => completeAdHoc(where, root, ports, by), actor);
    },
  };
}
