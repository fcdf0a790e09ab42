import { assignTask } from '#engine/core/commands/assign-task.ts';
import { claimTask } from '#engine/core/commands/claim-task.ts';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { unclaimTask } from '#engine/core/commands/unclaim-task.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { notFound } from '#engine/errors.ts';
import { loadByTask, type LoadedRoot } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { TaskService } from './contract.ts';
import { runCommand, type BoundCommand } from './run-command.ts';

/** Camunda's TaskService: what people do with their tasks. */
export function createTaskService(context: ServiceContext): TaskService {
  const run = <R>(taskId: number, operation: string, command: BoundCommand<R>, actor: Actor) =>
    context.store.batcher.run({ key: `task:${taskId}`, name: `task.${operation}` }, (writes) => taskCommand(context, writes, taskId, operation, command, actor));

  return {
    async claim(taskId, userId, actor) {
      await run(taskId, 'claim', (root, ports, by) => claimTask({ taskId, userId }, root, ports, by), actor);
    },
    async unclaim(taskId, actor) {
      await run(taskId, 'unclaim', (root, ports, by) => unclaimTask({ taskId }, root, ports, by), actor);
    },
    async assign(taskId, userId, actor) {
      await run(taskId, 'assign', (root, ports, by) => assignTask({ taskId, userId }, root, ports, by), actor);
    },
    async complete(taskId, variables, actor) {
      const { root, loaded } = await run(taskId, 'complete', (state, ports, by) => completeTask({ taskId, variables }, state, ports, by), actor);
      const instance = root.instances.get(instanceOfTask(loaded, taskId));
      return { variables: processVariables(instance), ended: !instance || instance.status === 'ended' };
    },
  };
}

function* taskCommand<R>(context: ServiceContext, writes: Writes, taskId: number, operation: string, command: BoundCommand<R>, actor: Actor) {
  let loaded: LoadedRoot | undefined;
  function* load(): Work<LoadedRoot> {
    const found = yield* loadByTask(taskId);
    if (!found) throw notFound('task', taskId);
    loaded = found;
    return found;
  }
  const outcome = yield* runCommand(context, writes, { load, command, actor, operation });
  return { ...outcome, loaded };
}

function instanceOfTask(loaded: LoadedRoot | undefined, taskId: number): number {
  for (const [id, { state }] of loaded?.instances ?? []) if (state.elements.some((element) => element.id === taskId)) return id;
  return loaded?.rootId ?? 0;
}

function processVariables(instance: { elements: { variables?: Variables }[] } | undefined): Variables {
  return instance?.elements[0]?.variables ?? {};
}
