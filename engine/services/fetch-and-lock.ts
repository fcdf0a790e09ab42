import type { InstanceState } from '#engine/core/state.ts';
import { findElementInstance, processScope } from '#engine/core/instance-tree.ts';
import type { Variables } from '#engine/core/values.ts';
import { lockExternalTasks, type LockableTask } from '#engine/store/external-task-store.ts';
import type { ServiceContext } from './context.ts';
import type { ExternalTaskService, FetchTopic, LockedTask } from './contract.ts';
import type { TopicWaiters } from './topic-waiters.ts';

/** A long poll looks again at least this often: tasks of other nodes, and locks that ran out, wake nobody here. */
const LOOK_EVERY_MS = 1_000;

export function createFetchAndLock(context: ServiceContext, waiters: TopicWaiters): ExternalTaskService['fetchAndLock'] {
  const { store } = context;

  return async function fetchAndLock({ workerId, maxTasks, topics, tenant, waitMs = 0, signal }) {
    const deadline = performance.now() + waitMs;
    for (;;) {
      // It listens before it looks: a task that is created while it looks must wake it.
      const looked = new AbortController();
      const woken = waiters.wait(topics.map(({ topicName }) => topicName), Math.min(deadline - performance.now(), LOOK_EVERY_MS), AbortSignal.any(signal ? [signal, looked.signal] : [looked.signal]));
      const tasks = topics.length === 0 || maxTasks <= 0 ? [] : await lockExternalTasks(store, { workerId, maxTasks, topics: topics.map(topicQuery), tenants: [tenant], now: store.clock.now() });
      if (tasks.length > 0 || deadline <= performance.now() || signal?.aborted) {
        looked.abort();
        return Promise.all(tasks.map((task) => lockedTask(task, topics.find(({ topicName }) => topicName === task.topic))));
      }
      await woken;
    }
  };

  async function lockedTask(task: LockableTask & { workerId: string; availableAt: number }, topic: FetchTopic | undefined): Promise<LockedTask> {
    const { row, model } = await store.query(context.definitions.byId(task.definitionId));
    const index = model.indexById[task.element];
    return {
      id: task.id,
      instanceId: task.instanceId,
      definitionId: task.definitionId,
      definitionKey: row.key,
      definitionVersionTag: row.versionTag,
      businessKey: task.instance.businessKey,
      elementId: task.element,
      topic: task.topic,
      workerId: task.workerId,
      lockExpiresAt: task.availableAt,
      createdAt: task.createdAt,
      retries: task.retries,
      priority: task.priority,
      errorMessage: task.errorMessage,
      errorDetails: task.errorDetails,
      tenant: task.tenant,
      variables: visibleVariables(task.instance, task.id, topic),
      extensionProperties: topic?.includeExtensionProperties && index !== undefined ? camundaProperties(model.elements[index]?.properties ?? {}) : null,
    };
  }
}

function topicQuery(topic: FetchTopic): Parameters<typeof lockExternalTasks>[1]['topics'][number] {
  return {
    topic: topic.topicName,
    lockMs: topic.lockDurationMs,
    ...(topic.businessKey !== undefined && { businessKey: topic.businessKey }),
    ...(topic.processDefinitionIdIn && { definitionIds: topic.processDefinitionIdIn }),
    ...(topic.processDefinitionKeyIn && { definitionKeys: topic.processDefinitionKeyIn }),
    ...(topic.processDefinitionVersionTag !== undefined && { versionTag: topic.processDefinitionVersionTag }),
  };
}

/** From the task's scope outwards; with `localVariables` the task's own only. */
function visibleVariables(instance: InstanceState, taskId: number, topic: FetchTopic | undefined): Variables {
  const all: Variables = {};
  let scope = findElementInstance(instance, taskId);
  while (scope) {
    for (const [name, value] of Object.entries(scope.variables ?? {})) if (!Object.hasOwn(all, name)) all[name] = value;
    if (topic?.localVariables || scope === processScope(instance)) break;
    scope = findElementInstance(instance, scope.scope);
  }
  const wanted = topic?.variables;
  if (!wanted) return all;
  return Object.fromEntries(wanted.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

function camundaProperties(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith('songbai:')));
}
