import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '#engine/errors.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { Logger } from '#engine/log.ts';
import type { ExternalTaskService, LockedTask } from '#engine/services/contract.ts';
import { callPlugin } from './call-plugin.ts';
import { pluginImplementation } from './check-plugin-tasks.ts';
import type { ActivePlugin } from './load-plugins.ts';
import { reportOutcome } from './report-outcome.ts';

export interface PluginHostInput {
  plugins: readonly ActivePlugin[];
  externalTasks: ExternalTaskService;
  modelOf(definitionId: number): Promise<ProcessModel>;
  /** Unique on the database: it is in the name under which tasks are locked. */
  nodeId: string;
  log: Logger;
  /** Tasks of one plugin at a time on this node; default 10. */
  concurrency?: number;
  /** A lock is renewed after a third of this; so long the tasks of a node that died wait. Default 30 s. */
  lockDurationMs?: number;
  /** Longest call of a plugin; default 5 min. */
  timeLimitMs?: number;
}

export interface PluginHost {
  start(): void;
  /** Fetches no more, waits up to `graceMs` (default 3 s) for what runs, aborts the rest and frees its tasks for another try. */
  stop(graceMs?: number): Promise<void>;
}

const LONG_POLL_MS = 60_000;
const PAUSE_AFTER_ERROR_MS = 1_000;

/**
 * Works the external tasks of the topics `plugin:<id>`, by the same services and locks as any other worker, so several nodes
 * share the work. Each plugin has its own loop: a slow one delays nobody else.
 */
export function createPluginHost({
  plugins,
  nodeId,
  log,
  concurrency = 10,
  lockDurationMs = 30_000,
  timeLimitMs = 300_000,
  ...services
}: PluginHostInput): PluginHost {
  const workerId = `plugin@${nodeId}`;
  const stopping = new AbortController();
  const aborting = new AbortController();
  let loops: Promise<void>[] = [];
  const working = new Set<Promise<void>>();

  async function serve(plugin: ActivePlugin): Promise<void> {
    const running = new Set<Promise<void>>();
    while (!stopping.signal.aborted) {
      try {
        const tasks = await fetch(plugin, concurrency - running.size);
        for (const task of tasks) {
          const work = workOn(plugin, task).finally(() => {
            running.delete(work);
            working.delete(work);
          });
          running.add(work);
          working.add(work);
        }
        if (running.size >= concurrency) await oneOf(running, stopping.signal);
      } catch (error) {
        log.warn({ err: error, plugin: plugin.manifest.id }, 'tasks of a plugin could not be fetched; the next try follows');
        await pause(PAUSE_AFTER_ERROR_MS, stopping.signal);
      }
    }
  }

  const fetch = (plugin: ActivePlugin, maxTasks: number): Promise<LockedTask[]> =>
    services.externalTasks.fetchAndLock({
      workerId,
      maxTasks,
      usePriority: true,
      topics: [{ topicName: `plugin:${plugin.manifest.id}`, lockDurationMs }],
      tenant: '',
      waitMs: LONG_POLL_MS,
      signal: stopping.signal,
    });

  async function workOn(plugin: ActivePlugin, task: LockedTask): Promise<void> {
    const about = { plugin: plugin.manifest.id, task: task.id, instance: task.instanceId };
    const lost = new AbortController();
    const renewing = setInterval(() => void renew(task, lost), lockDurationMs / 3);
    const overdue = new AbortController();
    const limit = setTimeout(
      () => overdue.abort(new Error(`Expected plugin ${about.plugin} to be done within ${timeLimitMs} ms, but it was not`)),
      timeLimitMs,
    );
    try {
      const model = await services.modelOf(task.definitionId);
      const element = model.elements[model.indexById[task.elementId] ?? -1];
      const waits = element?.retryWaitsMs ?? DEFAULT_RETRY_WAITS_MS;
      const attempt = attemptOf(task, waits);
      const signal = AbortSignal.any([aborting.signal, lost.signal, overdue.signal]);
      const outcome = await callPlugin(plugin, task, attempt, signal);
      if (lost.signal.aborted) return log.info(about, 'a task of a plugin was cancelled, or its lock lost, while the plugin worked');
      if (aborting.signal.aborted && outcome.kind === 'failed') return await services.externalTasks.unlock(task.id);
      if (outcome.kind === 'failed') log.warn({ ...about, attempt, problem: outcome.message }, 'a plugin failed');
      await reportOutcome({ ...services, log, workerId, pluginId: about.plugin, signal: lost.signal }, task, {
        outcome,
        waits,
        attempt,
        resultVariable: pluginImplementation(element)?.resultVariable,
      });
    } catch (error) {
      log.error({ err: error, ...about }, 'what a plugin did could not be recorded; the task comes again when its lock runs out');
    } finally {
      clearInterval(renewing);
      clearTimeout(limit);
    }
  }

  /** What is refused for good is somebody else's task, or nobody's. */
  async function renew({ id }: LockedTask, lost: AbortController): Promise<void> {
    try {
      await services.externalTasks.extendLock(id, { workerId, newDurationMs: lockDurationMs });
    } catch (error) {
      if (error instanceof TransientError) log.warn({ err: error, task: id }, 'the lock of a task was not renewed; the next try follows');
      else lost.abort(error);
    }
  }

  return {
    start() {
      loops = plugins.filter(({ serviceTask }) => serviceTask).map(serve);
    },
    async stop(graceMs = 3_000) {
      stopping.abort(new Error('the engine stops'));
      await Promise.all(loops);
      await Promise.race([Promise.allSettled(working), pause(graceMs, aborting.signal)]);
      aborting.abort(new Error('the engine stops'));
      await Promise.allSettled(working);
    },
  };
}

/** Unlike a job, a plugin speaks with other systems, which need a moment to come back. */
const DEFAULT_RETRY_WAITS_MS: readonly number[] = [10_000, 60_000];

/** 1 for the first; retries that an operator added do not make it smaller. */
function attemptOf({ retries }: LockedTask, waits: readonly number[]): number {
  return retries === null ? 1 : Math.max(1, waits.length + 2 - retries);
}

/** Resolves when one of them is done, or at the abort. */
function oneOf(running: ReadonlySet<Promise<void>>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    signal.addEventListener('abort', finish, { once: true });
    for (const work of running) void work.then(finish);
  });
}

/** Resolves after the time, or at the abort. */
const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
