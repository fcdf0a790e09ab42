import { executeJob } from '#engine/core/commands/execute-job.ts';
import { failJob } from '#engine/core/commands/fail-job.ts';
import { findJob } from '#engine/core/commands/find.ts';
import { setJobRetries } from '#engine/core/commands/set-job-retries.ts';
import { Failure } from '#engine/core/failure.ts';
import type { Actor, RootState } from '#engine/core/ports.ts';
import type { ThrownMessage } from '#engine/core/state.ts';
import { notFound, TransientError } from '#engine/errors.ts';
import { loadByJob, type LoadedRoot } from '#engine/store/instance-store.ts';
import { isLeaseMine, type AcquiredJob } from '#engine/store/job-store.ts';
import { matchingSubscriptions } from '#engine/store/subscription-store.ts';
import { OUTBOX_SIGNAL } from '#engine/store/outbox-store.ts';
import { TIMER_START } from '#engine/store/timer-start-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { ManagementService } from './contract.ts';
import { correlate, correlateEach } from './correlate.ts';
import { runCommand, type BoundCommand } from './run-command.ts';
import { deliverSignal } from './deliver-signal.ts';
import { failTimerStart, fireTimerStart } from './timer-start.ts';

const ENGINE: Actor = { id: null, kind: 'engine' };

export interface JobService extends ManagementService {
  /** Runs a job that this node leased; what the model gets wrong uses up a try. @throws TransientError when the database does not answer */
  executeLeased(job: AcquiredJob): Promise<void>;
}

/** Camunda's ManagementService, and what the job executor does with a job. */
export function createJobService(context: ServiceContext): JobService {
  const { batcher, nodeId } = context.store;

  /** null = the lease ran out and another node has the job, or it is gone: not ours any more. */
  function* leased(job: AcquiredJob): Work<LoadedRoot | null> {
    const loaded = yield* loadByJob(job.id);
    return loaded && isLeaseMine(loaded.found, job, nodeId) ? loaded : null;
  }

  function* runLeased(writes: Writes, job: AcquiredJob, operation: string, command: BoundCommand<unknown>): Work<void> {
    if (!(yield* leased(job))) return;
    yield* runCommand(context, writes, { load: () => existing(job.id), command, actor: ENGINE, operation });
  }

  async function executeTimerStart(job: AcquiredJob): Promise<void> {
    try {
      await batcher.run({ key: job.rootId, name: 'job.timer-start' }, (writes) => fireTimerStart(context, writes, job));
    } catch (error) {
      if (error instanceof TransientError) throw error;
      context.log.warn({ job: job.id, element: job.element, definition: job.definitionId, err: error }, 'a timer start failed');
      await batcher.run({ key: job.rootId, name: 'job.timer-start-fail' }, (writes) => failTimerStart(context, writes, job, (error as Error).message));
    }
  }

  async function executeLeased(job: AcquiredJob): Promise<void> {
    if (job.kind === TIMER_START) return executeTimerStart(job);
    if (job.kind === OUTBOX_SIGNAL) return deliverSignal(context, job);
    try {
      await batcher.run({ key: job.rootId, name: `job.${job.kind}` }, function* (writes) {
        if (!(yield* leased(job))) return;
        yield* executeOne(context, writes, job.id, ENGINE);
      });
    } catch (error) {
      if (error instanceof TransientError) throw error;
      const { message, stack = null } = error as Error;
      context.log.warn({ job: job.id, element: job.element, instance: job.instanceId, err: error }, 'a job failed');
      await batcher.run({ key: job.rootId, name: 'job.fail' }, (writes) =>
        runLeased(writes, job, 'job-failed', (root, ports, actor) => failJob({ jobId: job.id, message, details: stack }, root, ports, actor)),
      );
    }
  }

  return {
    executeLeased,
    executeJob: (jobId, actor) => batcher.run({ key: `job:${jobId}`, name: 'job.execute' }, (writes) => executeOne(context, writes, jobId, actor)),
    async setJobRetries(jobId, retries, actor) {
      await batcher.run({ key: `job:${jobId}`, name: 'job.set-retries' }, (writes) =>
        runCommand(context, writes, { load: () => existing(jobId), command: (root, ports, by) => setJobRetries({ jobId, retries }, root, ports, by), actor, operation: 'set-job-retries' }),
      );
    },
  };
}

function* existing(jobId: number): Work<LoadedRoot> {
  const loaded = yield* loadByJob(jobId);
  if (!loaded) throw notFound('job', jobId);
  return loaded;
}

function* executeOne(context: ServiceContext, writes: Writes, jobId: number, actor: Actor): Work<void> {
  const loaded = yield* existing(jobId);
  const { state, found: job } = findJob({ instances: new Map([...loaded.instances].map(([id, each]) => [id, each.state])) }, jobId);
  const own = job.message ? yield* sendMessage(context, writes, job.message, { tenant: state.tenant, rootId: loaded.rootId }) : [];
  yield* runCommand(context, writes, {
    load: () => existing(jobId),
    command(root, ports, by) {
      const delivered = own.length > 0 ? correlateEach(own, { variables: job.message?.variables ?? {}, localVariables: {} }, root, ports, by) : { events: [] };
      // The message may have interrupted its own sender: then the job is gone with it.
      if (!hasJob(root, jobId)) return { events: delivered.events, result: null };
      const executed = executeJob({ jobId }, root, ports, by);
      return { events: [...delivered.events, ...executed.events], result: executed.result };
    },
    actor,
    operation: job.kind,
  });
}

function hasJob(root: RootState, jobId: number): boolean {
  for (const state of root.instances.values()) if (state.jobs.some(({ id }) => id === jobId)) return true;
  return false;
}

/**
 * Delivers a thrown message in the job's own transaction. Receivers in the sender's tree are returned instead: one root is
 * loaded and guarded once per transaction.
 */
function* sendMessage(context: ServiceContext, writes: Writes, message: ThrownMessage, sender: { tenant: string; rootId: number }): Work<number[]> {
  const { name, businessKey, correlationKeys, variables } = message;
  const query = { name, tenant: sender.tenant, area: null, businessKey, correlationKeys };
  const waiting = yield* matchingSubscriptions(query);
  if (waiting.length > 1) throw new Failure('MISMATCHING_MESSAGE', `Expected one execution to wait for message ${name}, but ${waiting.length} do`);
  if (waiting[0]?.rootId === sender.rootId) return [waiting[0].id];
  yield* correlate(context, writes, { message: name, tenant: sender.tenant, area: null, businessKey, correlationKeys, variables, actor: ENGINE });
  return [];
}
