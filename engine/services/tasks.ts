import { assignTask } from '#engine/core/commands/assign-task.ts';
import { claimTask } from '#engine/core/commands/claim-task.ts';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { findTask } from '#engine/core/commands/find.ts';
import { throwTaskError } from '#engine/core/commands/throw-task-error.ts';
import { throwTaskEscalation } from '#engine/core/commands/throw-task-escalation.ts';
import { unclaimTask } from '#engine/core/commands/unclaim-task.ts';
import type { Actor } from '#engine/core/ports.ts';
import { conflict, notFound } from '#engine/errors.ts';
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
    async unclaim(taskId, actor, owner) {
      await run(taskId, 'unclaim', ownedBy(owner, taskId, (root, ports, by) => unclaimTask({ taskId }, root, ports, by)), actor);
    },
    async assign(taskId, userId, actor) {
      await run(taskId, 'assign', (root, ports, by) => assignTask({ taskId, userId }, root, ports, by), actor);
    },
    async bpmnError(taskId, { code, message, variables }, actor) {
      await run(taskId, 'bpmn-error', (root, ports, by) => throwTaskError({ taskId, code, message, variables }, root, ports, by), actor);
    },
    async bpmnEscalation(taskId, { code, variables }, actor) {
      await run(taskId, 'bpmn-escalation', (root, ports, by) => throwTaskEscalation({ taskId, code, variables }, root, ports, by), actor);
    },
    async complete(taskId, variables, actor, owner) {
      const command = ownedBy(owner, taskId, (state, ports, by) => completeTask({ taskId, variables }, state, ports, by));
      const { root, result } = await run(taskId, 'complete', command, actor);
      return { variables: root.instances.get(result.instanceId)?.elements[0]?.variables ?? {}, ended: result.ended };
    },
  };
}

/** Checked where the command decides: between a page's look at the task and its press somebody else may have taken it over. */
function ownedBy<R>(owner: string | undefined, taskId: number, command: BoundCommand<R>): BoundCommand<R> {
  if (owner === undefined) return command;
  return (root, ports, actor) => {
    if (findTask(root, taskId).found.task.assignee !== owner)
      throw conflict('TASK_NOT_YOURS', `Expected task ${taskId} to be assigned to ${owner}, but it is not`, { taskId: String(taskId) });
    return command(root, ports, actor);
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
