import { setTimeout as sleep } from 'node:timers/promises';
import { typed, type Variables } from '#engine/core/values.ts';
import { RequestError, TransientError } from '#engine/errors.ts';
import type { Logger } from '#engine/log.ts';
import type { ExternalTaskService, LockedTask } from '#engine/services/contract.ts';
import type { ServiceTaskFailure, ServiceTaskOutcome } from '#plugins/api.ts';

interface Reporter {
  externalTasks: ExternalTaskService;
  log: Logger;
  workerId: string;
  pluginId: string;
  /** Aborts when the lock is lost. */
  signal: AbortSignal;
}

interface Report {
  outcome: ServiceTaskOutcome;
  /** Before try 2, 3, … in ms; there is one try more than waits. */
  waits: readonly number[];
  attempt: number;
  resultVariable: string | undefined;
}

/** Somebody else has the task, nobody needs it any more, or its instance is suspended and the task will come again. */
const NOT_OURS = new Set(['NOT_FOUND', 'EXTERNAL_TASK_NOT_FOUND', 'EXTERNAL_TASK_LOCKED', 'INSTANCE_SUSPENDED']);
const MAX_RETRY_WAIT_MS = 3_600_000;
/** A database that is away for a moment must not make the plugin do its work twice. */
const DATABASE_WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Records what a plugin did: completes the task, throws the BPMN error, or uses up a retry. */
export async function reportOutcome(reporter: Reporter, task: LockedTask, report: Report): Promise<void> {
  const { log, pluginId } = reporter;
  try {
    await throughTroubles(() => record(reporter, task, report), reporter.signal);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (NOT_OURS.has(error.code))
      return log.info(
        { plugin: pluginId, task: task.id, code: error.code },
        'the answer of a plugin came for a task that is not there any more',
      );
    // What follows the task in the model failed: nothing was changed, so the task fails in the place of that step.
    const outcome: ServiceTaskFailure = { kind: 'failed', message: error.message };
    await throughTroubles(() => record(reporter, task, { ...report, outcome }), reporter.signal);
  }
}

async function record(
  { externalTasks, workerId, pluginId }: Reporter,
  { id, retries }: LockedTask,
  { outcome, waits, attempt, resultVariable }: Report,
): Promise<void> {
  const actor = { id: `plugin:${pluginId}`, kind: 'client' } as const;
  if (outcome.kind === 'completed') {
    const output: Variables = outcome.output === undefined ? {} : { [resultVariable ?? 'pluginResult']: typed(outcome.output) };
    const isLocal = resultVariable === undefined;
    return externalTasks.complete(id, { workerId, variables: isLocal ? {} : output, localVariables: isLocal ? output : {} }, actor);
  }
  if (outcome.kind === 'bpmnError') {
    const variables = Object.fromEntries(Object.entries(outcome.variables ?? {}).map(([name, value]) => [name, typed(value)]));
    return externalTasks.bpmnError(id, { workerId, errorCode: outcome.code, errorMessage: outcome.message ?? null, variables }, actor);
  }
  const left = outcome.retry === false ? 0 : (retries ?? waits.length + 1) - 1;
  const wait = Math.max(waits[attempt - 1] ?? 0, outcome.retryAfterMs ?? 0);
  return externalTasks.failure(
    id,
    {
      workerId,
      errorMessage: outcome.message.slice(0, 600),
      errorDetails: outcome.details?.slice(0, 4_000) ?? null,
      retries: left,
      retryTimeoutMs: Math.min(wait, Math.max(MAX_RETRY_WAIT_MS, waits[attempt - 1] ?? 0)),
      variables: {},
      localVariables: {},
    },
    actor,
  );
}

async function throughTroubles(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (const wait of DATABASE_WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      await sleep(wait, undefined, { signal });
    }
  }
  return work();
}
