import { assignTask } from '#engine/core/commands/assign-task.ts';
import { claimTask } from '#engine/core/commands/claim-task.ts';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { unclaimTask } from '#engine/core/commands/unclaim-task.ts';
import type { Actor } from '#engine/core/ports.ts';
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
      const { root, result } = await run(taskId, 'complete', (state, ports, by) => completeTask({ taskId, variables }, state, ports, by), actor);
      return { variables: root.instances.get(result.instanceId)?.elements[0]?.variables ?? {}, ended: result.ended };
    },
  };
}

function* taskCommand<R>(context: ServiceContext, writes: Writes, taskId: number, operation: string, command: BoundCommand<R>, actor: Actor) {
  function* load(): Work<LoadedRoot> {
    const loaded = yield* loadByTask(taskId);
    if (!loaded) throw notFound('task', taskId);
    return loaded;
  }
  return yield* runCommand(context, writes, { load, command, actor, operation });
}
