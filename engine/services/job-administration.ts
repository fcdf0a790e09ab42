import { deleteJob } from '#engine/core/commands/delete-job.ts';
import { setJobDueDate } from '#engine/core/commands/set-job-due-date.ts';
import { setJobPriority } from '#engine/core/commands/set-job-priority.ts';
import { setJobRetries } from '#engine/core/commands/set-job-retries.ts';
import { setJobSuspended } from '#engine/core/commands/set-job-suspended.ts';
import type { Actor } from '#engine/core/ports.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { loadByJob, type LoadedRoot } from '#engine/store/instance-store.ts';
import { jobIdsOf, jobSetting, saveJobSetting, type JobsQuery } from '#engine/store/job-settings.ts';
import { changeLooseJob, deleteLooseJob, JOB_SUSPENSION, looseJobById, openLaterJob, type LooseJobChange } from '#engine/store/loose-job-store.ts';
import { GIVEN_UP_SIGNAL } from '#engine/store/outbox-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { forEachOf } from './for-each-of.ts';
import { runCommand, type BoundCommand } from './run-command.ts';

/** One kind of jobs at one element of a definition. */
export interface JobDefinitionKey {
  definitionId: number;
  element: string;
  kind: string;
}

export interface SuspendJobDefinitions {
  definitions: readonly JobDefinitionKey[];
  tenant: string;
  suspended: boolean;
  /** Those that are there already, too. */
  includeJobs: boolean;
  /** Epoch ms; a job does it then. null = now. */
  at: number | null;
  actor: Actor;
}

/** Camunda's ManagementService: what an operator does to jobs. All @throws RequestError 404 when the job is gone. */
export interface JobAdministration {
  /** 0 makes an incident, more resolves it. */
  setJobRetries(jobId: number, retries: number, actor: Actor, dueAt?: number | null): Promise<void>;
  setJobDueDate(jobId: number, dueAt: number, actor: Actor): Promise<void>;
  /** A timer's expression is evaluated again. */
  recalculateJob(jobId: number, from: 'from-now' | 'from-creation', actor: Actor): Promise<void>;
  setJobPriority(jobId: number, priority: number, actor: Actor): Promise<void>;
  setJobSuspended(jobId: number, isSuspended: boolean, actor: Actor): Promise<void>;
  /** What waits for the job waits until somebody moves it. Jobs of batches and timer starts go with what they belong to; a signal that was given up is forgotten. */
  deleteJob(jobId: number, actor: Actor): Promise<void>;
  /** All jobs of an instance, a definition or a job definition. */
  setJobsSuspended(query: JobsQuery, isSuspended: boolean, actor: Actor): Promise<void>;
  /** New jobs of a suspended job definition are suspended. */
  suspendJobDefinitions(input: SuspendJobDefinitions): Promise<void>;
  /** Of the jobs that have no tries left. */
  setJobDefinitionRetries(definition: JobDefinitionKey, tenant: string, retries: number, actor: Actor, dueAt?: number | null): Promise<void>;
  /** Of new jobs, and of those that are there if they are included; null = what the model says again. */
  setJobDefinitionPriority(definition: JobDefinitionKey, tenant: string, priority: number | null, includeJobs: boolean, actor: Actor): Promise<void>;
}

export function createJobAdministration(context: ServiceContext): JobAdministration {
  const { store, settings, jobDue } = context;
  const { batcher } = store;

  /** Jobs of an instance are changed by a command, those of none in their row. */
  function change(jobId: number, operation: string, loose: LooseJobChange | null, command: BoundCommand<unknown>, actor: Actor): Promise<void> {
    return batcher.run({ key: `job:${jobId}`, name: `job.${operation}` }, function* (writes) {
      const row = yield* looseJobById(jobId);
      if (row && !loose) throw invalidInput('JOB_OF_NO_INSTANCE', `Expected a job of an instance, but job ${jobId} belongs to none`);
      if (row) {
        yield* changeLooseJob(writes, row, loose ?? {});
        writes.afterCommit(() => jobDue(loose?.dueAt ?? row.dueAt));
        return;
      }
      function* load(): Work<LoadedRoot> {
        const loaded = yield* loadByJob(jobId);
        if (!loaded) throw notFound('job', jobId);
        return loaded;
      }
      yield* runCommand(context, writes, { load, command, actor, operation });
    });
  }

  const setSuspended = (jobId: number, isSuspended: boolean, actor: Actor) =>
    change(jobId, isSuspended ? 'suspend-job' : 'activate-job', { suspended: isSuspended }, (root, ports, by) => setJobSuspended({ jobId, suspended: isSuspended }, root, ports, by), actor);
  const setPriority = (jobId: number, priority: number, actor: Actor) =>
    change(jobId, 'set-job-priority', { priority }, (root, ports, by) => setJobPriority({ jobId, priority }, root, ports, by), actor);
  function setRetries(jobId: number, retries: number, actor: Actor, dueAt?: number | null): Promise<void> {
    const input = { retries, ...(dueAt !== null && dueAt !== undefined && { dueAt }) };
    return change(jobId, 'set-job-retries', input, (root, ports, by) => setJobRetries({ jobId, ...input }, root, ports, by), actor);
  }
  const idsOf = (query: JobsQuery) => store.query(jobIdsOf(query));
  /** Jobs that are done meanwhile need nothing. */
  const forEachJob = async (query: JobsQuery, work: (id: number) => Promise<void>) => forEachOf(await idsOf(query), (id) => work(id).catch(ignoreGone));

  async function setDefinition(definition: JobDefinitionKey, set: { suspended?: boolean; priority?: number | null }): Promise<void> {
    const { definitionId, element, kind } = definition;
    await batcher.run({ key: `definition:${definitionId}`, name: 'job-definition.set' }, function* (writes) {
      const known = (yield* jobSetting(definitionId, element, kind)) ?? { suspended: false, priority: null };
      saveJobSetting(writes, definitionId, { ...known, ...set, element, kind });
      writes.afterCommit(() => settings.forget(definitionId));
    });
  }

  return {
    setJobRetries: setRetries,
    setJobDueDate: (jobId, dueAt, actor) => change(jobId, 'set-job-due-date', { dueAt }, (root, ports, by) => setJobDueDate({ jobId, dueAt }, root, ports, by), actor),
    recalculateJob: (jobId, recalculate, actor) => change(jobId, 'recalculate-job', null, (root, ports, by) => setJobDueDate({ jobId, recalculate }, root, ports, by), actor),
    async deleteJob(jobId, actor) {
      const row = await store.query(looseJobById(jobId));
      if (row?.kind === GIVEN_UP_SIGNAL) await batcher.run({ key: `job:${jobId}`, name: 'job.delete-job' }, (writes) => deleteLooseJob(writes, row));
      else await change(jobId, 'delete-job', null, (root, ports, by) => deleteJob({ jobId }, root, ports, by), actor);
    },
    setJobPriority: setPriority,
    setJobSuspended: setSuspended,
    setJobsSuspended: (query, isSuspended, actor) => forEachJob(query, (id) => setSuspended(id, isSuspended, actor)),
    async suspendJobDefinitions(input) {
      const { definitions, tenant, suspended, includeJobs, at, actor } = input;
      if (at !== null && at > store.clock.now()) {
        await batcher.run({ key: null, name: 'job-definition.suspend-later' }, function* (writes) {
          const definitionId = definitions[0]?.definitionId ?? 0;
          openLaterJob(writes, { id: store.ids.next(), kind: JOB_SUSPENSION, tenant, definitionId, dueAt: at, now: store.clock.now(), payload: { ...input, at: null } });
          writes.afterCommit(() => jobDue(at));
        });
        return;
      }
      for (const definition of definitions) {
        await setDefinition(definition, { suspended });
        if (includeJobs) await forEachJob({ ...definition, tenant }, (id) => setSuspended(id, suspended, actor));
      }
    },
    setJobDefinitionRetries: (definition, tenant, retries, actor, dueAt) =>
      forEachJob({ ...definition, failed: true, tenant }, (id) => setRetries(id, retries, actor, dueAt)),
    async setJobDefinitionPriority(definition, tenant, priority, includeJobs, actor) {
      await setDefinition(definition, { priority });
      if (includeJobs && priority !== null) await forEachJob({ ...definition, tenant }, (id) => setPriority(id, priority, actor));
    },
  };
}

function ignoreGone(error: Error & { status?: number }): void {
  if (error.status !== 404) throw error;
}
