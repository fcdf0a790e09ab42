import { completeExternalTask } from '#engine/core/commands/complete-external-task.ts';
import { failExternalTask } from '#engine/core/commands/fail-external-task.ts';
import { setExternalTaskPriority } from '#engine/core/commands/set-external-task-priority.ts';
import { setExternalTaskRetries } from '#engine/core/commands/set-external-task-retries.ts';
import { throwExternalTaskError } from '#engine/core/commands/throw-external-task-error.ts';
import type { Actor } from '#engine/core/ports.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { externalTaskById, keepExternalTaskLock, setExternalTaskLock, type ExternalTaskRow } from '#engine/store/external-task-store.ts';
import { loadByExternalTask, type LoadedRoot } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { ExternalTaskService } from './contract.ts';
import { createFetchAndLock } from './fetch-and-lock.ts';
import { runCommand, type BoundCommand } from './run-command.ts';
import type { TopicWaiters } from './topic-waiters.ts';

/** Camunda's ExternalTaskService: workers fetch, lock and complete. @see https://docs.camunda.org/manual/7.24/reference/rest/external-task/ */
export function createExternalTaskService(context: ServiceContext, waiters: TopicWaiters): ExternalTaskService {
  const { batcher, clock } = context.store;

  function command<R>(id: number, workerId: string | null, operation: string, bound: BoundCommand<R>, actor: Actor): Promise<unknown> {
    return batcher.run({ key: `task:${id}`, name: `external-task.${operation}` }, function* (writes) {
      let isFenced = workerId === null;
      function* load(): Work<LoadedRoot> {
        const loaded = yield* loadByExternalTask(id);
        if (!loaded) throw notFound('external task', id);
        if (workerId !== null) requireLock(id, workerId, loaded.found['worker_id'], operation);
        // Who fetches the task before the COMMIT has it: the lock changes, the instance does not.
        if (!isFenced) keepExternalTaskLock(writes, id, loaded.found);
        isFenced = true;
        return loaded;
      }
      return yield* runCommand(context, writes, { load, command: bound, actor, operation });
    });
  }

  function onLock(id: number, name: string, change: (writes: Writes, task: ExternalTaskRow) => void): Promise<void> {
    return batcher.run({ key: `task:${id}`, name: `external-task.${name}` }, function* (writes) {
      const task = yield* externalTaskById(id);
      if (!task) throw notFound('external task', id);
      change(writes, task);
    });
  }

  return {
    fetchAndLock: createFetchAndLock(context, waiters),
    async complete(id, { workerId, variables, localVariables }, actor) {
      await command(id, workerId, 'complete', (root, ports, by) => completeExternalTask({ taskId: id, workerId, variables, localVariables }, root, ports, by), actor);
    },
    async failure(id, { workerId, errorMessage, errorDetails, ...rest }, actor) {
      const input = { taskId: id, workerId, message: errorMessage, details: errorDetails, ...rest };
      await command(id, workerId, 'failure', (root, ports, by) => failExternalTask(input, root, ports, by), actor);
    },
    async bpmnError(id, { workerId, errorCode, errorMessage, variables }, actor) {
      const input = { taskId: id, workerId, code: errorCode, message: errorMessage, variables };
      await command(id, workerId, 'bpmnError', (root, ports, by) => throwExternalTaskError(input, root, ports, by), actor);
    },
    lock: (id, { workerId, lockDurationMs }) =>
      onLock(id, 'lock', (writes, task) => {
        if (isLocked(task, clock.now()) && task.workerId !== workerId) throw lockedBy(id, workerId, 'lock', task.workerId);
        setExternalTaskLock(writes, task, { workerId, availableAt: clock.now() + lockDurationMs });
      }),
    extendLock: (id, { workerId, newDurationMs }) =>
      onLock(id, 'extendLock', (writes, task) => {
        requireLock(id, workerId, task.workerId, 'extendLock');
        if (!isLocked(task, clock.now())) throw invalidInput('LOCK_EXPIRED', `Cannot extend a lock that expired: external task ${id} of worker '${workerId}'`);
        setExternalTaskLock(writes, task, { workerId, availableAt: clock.now() + newDurationMs });
      }),
    unlock: (id) =>
      onLock(id, 'unlock', (writes, task) => {
        setExternalTaskLock(writes, task, { workerId: null, availableAt: 0 });
        writes.afterCommit(() => waiters.wake(task.topic));
      }),
    async setPriority(id, priority, actor) {
      await command(id, null, 'set-priority', (root, ports, by) => setExternalTaskPriority({ taskId: id, priority }, root, ports, by), actor);
    },
    async setRetries(id, retries, actor) {
      await command(id, null, 'set-retries', (root, ports, by) => setExternalTaskRetries({ taskId: id, retries }, root, ports, by), actor);
    },
  };
}

function isLocked(task: ExternalTaskRow, now: number): boolean {
  return task.workerId !== null && task.availableAt !== null && task.availableAt > now;
}

/** As in Camunda, an expired lock still belongs to its worker until another one fetches the task. */
function requireLock(id: number, workerId: string, owner: unknown, operation: string): void {
  if (owner !== workerId) throw lockedBy(id, workerId, operation, owner);
}

function lockedBy(id: number, workerId: string, operation: string, owner: unknown): Error {
  return invalidInput('EXTERNAL_TASK_LOCKED', `Cannot ${operation} external task ${id}: expected it to be locked by worker '${workerId}', but ${typeof owner === 'string' ? `'${owner}' holds it` : 'nobody does'}`);
}
