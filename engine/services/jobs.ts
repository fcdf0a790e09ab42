import { executeJob } from '#engine/core/commands/execute-job.ts';
import { failJob } from '#engine/core/commands/fail-job.ts';
import { findJob } from '#engine/core/commands/find.ts';
import { Failure } from '#engine/core/failure.ts';
import type { Actor, RootState } from '#engine/core/ports.ts';
import type { ThrownMessage } from '#engine/core/state.ts';
import { notFound, TransientError } from '#engine/errors.ts';
import { loadByJob, type LoadedRoot } from '#engine/store/instance-store.ts';
import { isLeaseMine, jobRowById, type AcquiredJob } from '#engine/store/job-store.ts';
import { leaseLooseJob, looseJobById, type LooseJob } from '#engine/store/loose-job-store.ts';
import { matchingSubscriptions } from '#engine/store/subscription-store.ts';
import { GIVEN_UP_SIGNAL, OUTBOX_SIGNAL } from '#engine/store/outbox-store.ts';
import { TIMER_START } from '#engine/store/timer-start-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { executeBatchJob, isBatchJob } from './batches.ts';
import type { ServiceContext } from './context.ts';
import type { ManagementService } from './contract.ts';
import { correlate, correlateEach } from './correlate.ts';
import { createJobAdministration } from './job-administration.ts';
import { executeSuspension, isSuspensionJob } from './suspension-jobs.ts';
import { runCommand, type BoundCommand } from './run-command.ts';
import { deliverSignal } from './deliver-signal.ts';
import { sendGivenUp } from './settle-signal.ts';
import { failTimerStart, fireTimerStart } from './timer-start.ts';

/** How long a job that an operator runs may take before another node tries it. */
const MANUAL_LEASE_MS = 60_000;
const ENGINE: Actor = { id: null, kind: 'engine' };

export interface JobService extends ManagementService {
  /** Runs a job that this node leased; what the model gets wrong uses up a try. @throws TransientError when the database does not answer */
  executeLeased(job: AcquiredJob): Promise<void>;
}

/** Camunda's ManagementService, and what the job executor does with a job. */
export function createJobService(context: ServiceContext): JobService {
  const { batcher, nodeId } = context.store;
  const administration = createJobAdministration(context);

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
    if (job.kind === GIVEN_UP_SIGNAL) return sendGivenUp(context, job);
    if (isBatchJob(job.kind)) return executeBatchJob(context, job);
    if (isSuspensionJob(job.kind)) return executeSuspension(context, administration, job);
    try {
      await batcher.run({ key: job.rootId, name: `job.${job.kind}` }, function* (writes) {
        const loaded = yield* leased(job);
        if (loaded) yield* executeOne(context, writes, job.id, loaded, ENGINE);
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

  /** For an operator who does not wait for its time. */
  async function leaseLoose(job: LooseJob): Promise<AcquiredJob> {
    const { clock } = context.store;
    const leasedUntil = clock.now() + MANUAL_LEASE_MS;
    await batcher.run({ key: `job:${job.id}`, name: 'job.lease' }, function* (writes) {
      const row = yield* looseJobById(job.id);
      if (!row) throw notFound('job', job.id);
      leaseLooseJob(writes, row, nodeId, leasedUntil);
    });
    const row = await context.store.query(jobRowById(job.id, leasedUntil));
    if (!row) throw notFound('job', job.id);
    return row;
  }

  return {
    executeLeased,
    ...administration,
    async executeJob(jobId, actor) {
      const loose = await context.store.query(looseJobById(jobId));
      if (loose) return executeLeased(await leaseLoose(loose));
      await batcher.run({ key: `job:${jobId}`, name: 'job.execute' }, function* (writes) {
        yield* executeOne(context, writes, jobId, yield* existing(jobId), actor);
      });
    },
  };
}

function* existing(jobId: number): Work<LoadedRoot> {
  const loaded = yield* loadByJob(jobId);
  if (!loaded) throw notFound('job', jobId);
  return loaded;
}

function* executeOne(context: ServiceContext, writes: Writes, jobId: number, loaded: LoadedRoot, actor: Actor): Work<void> {
  const { state, found: job } = findJob({ instances: new Map([...loaded.instances].map(([id, each]) => [id, each.state])) }, jobId);
  const own = job.message ? yield* sendMessage(context, writes, job.message, { tenant: state.tenant, rootId: loaded.rootId, stepsBefore: job.steps ?? 0 }) : [];
  yield* runCommand(context, writes, {
    load: onceThen(loaded, () => existing(jobId)),
    command(root, ports, by) {
      const delivered = own.length > 0 ? correlateEach(own, { variables: job.message?.variables ?? {}, localVariables: {} }, root, ports, by) : { events: [] };
      // The message may have interrupted its own sender: then the job is gone with it.
      if (!hasJob(root, jobId)) return { events: delivered.events, result: null };
      const executed = executeJob({ jobId }, root, ports, by);
      return { events: [...delivered.events, ...executed.events], result: executed.result };
    },
    actor,
    operation: job.kind,
    stepsBefore: job.steps ?? 0,
  });
}

/** What is loaded serves the first run of a command; one that runs again needs it as it was. */
function onceThen(loaded: LoadedRoot, load: () => Work<LoadedRoot>): () => Work<LoadedRoot> {
  let isUsed = false;
  return function* () {
    if (isUsed) return yield* load();
    isUsed = true;
    return loaded;
  };
}

function hasJob(root: RootState, jobId: number): boolean {
  for (const state of root.instances.values()) if (state.jobs.some(({ id }) => id === jobId)) return true;
  return false;
}

/**
 * Delivers a thrown message in the job's own transaction. Receivers in the sender's tree are returned instead: one root is
 * loaded and guarded once per transaction.
 */
function* sendMessage(context: ServiceContext, writes: Writes, message: ThrownMessage, sender: { tenant: string; rootId: number; stepsBefore: number }): Work<number[]> {
  const { name, businessKey, correlationKeys, variables } = message;
  const query = { name, tenant: sender.tenant, area: null, businessKey, correlationKeys };
  const waiting = yield* matchingSubscriptions(query);
  if (waiting.length > 1) throw new Failure('MISMATCHING_MESSAGE', `Expected one execution to wait for message ${name}, but ${waiting.length} do`);
  if (waiting[0]?.rootId === sender.rootId) return [waiting[0].id];
  yield* correlate(context, writes, { message: name, tenant: sender.tenant, area: null, businessKey, correlationKeys, variables, actor: ENGINE, stepsBefore: sender.stepsBefore });
  return [];
}
