import type { ProcessModel } from '#engine/core/model.ts';
import { InvariantError, TransientError } from '#engine/errors.ts';
import { defaultTimeZone } from '#engine/expressions/time-zone.ts';
import type { Logger } from '#engine/log.ts';
import { cleanupFailed, cleanupJob, NOT_DUE, openCleanupJob, scheduleCleanup, type CleanupJob } from '#engine/store/history-cleanup-store.ts';
import { collectPayloads } from '#engine/store/history-payloads.ts';
import { definitionsWithHistory, deleteHistory, dueForRemoval, endedBefore, type Removable } from '#engine/store/history-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { windowAt, type CleanupWindow } from './cleanup-window.ts';
import { DAY_MS, loadRetention } from './retention.ts';

export interface CleanupOptions {
  store: Store;
  modelOf(definitionId: number): Promise<ProcessModel> | ProcessModel;
  /** null = only when somebody asks for it. */
  window: CleanupWindow | null;
  timeZone?: string;
  /** Of definitions without a time to live; null = for ever. */
  defaultDays: number | null;
  /** Wakes the job executor. */
  jobDue(dueAt: number): void;
  log: Logger;
}

/** Camunda's history cleanup: instances go whose time is over, by process and district, and values that nobody uses any more. */
export interface HistoryCleanup {
  /** The window that is open, or the next one; null = none. */
  nextWindow(): { from: number; to: number } | null;
  /** Makes the job, unless it is there, and gives it the time of its next window. */
  ensureJob(): Promise<void>;
  job(): Promise<CleanupJob | null>;
  /** At once, until nothing is left; or with the next window. */
  schedule(immediatelyDue: boolean): Promise<CleanupJob>;
  /** Runs the leased job for a few seconds, then it is due again or waits for its next window. */
  execute(lease: { leasedUntil: number }): Promise<void>;
  /** One batch: returns how many instances are gone. */
  removeSome(): Promise<number>;
}

/** A batch is one transaction: at most so many instances, and about so many commands of them. */
const INSTANCES = 100;
const COMMANDS = 2_000;
/** Well below the lease of a job, which is not renewed while it runs. */
const RUN_MS = 5_000;
const RETRY_MS = 60_000;
const VALUES = 500;

export function createHistoryCleanup({ store, modelOf, window, timeZone = defaultTimeZone, defaultDays, jobDue, log }: CleanupOptions): HistoryCleanup {
  const { batcher, clock } = store;
  const change = <T>(name: string, unit: Parameters<typeof batcher.run<T>>[1]) => batcher.run({ key: 'history-cleanup', name: `history-cleanup.${name}` }, unit);
  const nextWindow = () => (window ? windowAt(window, clock.now(), timeZone) : null);

  /** The next window, or this one while it is open. */
  const dueByWindow = (): number => Math.max(clock.now(), nextWindow()?.from ?? NOT_DUE);
  /** The one after the window that is open. */
  function dueAfterThis(): number {
    const open = nextWindow();
    if (!window || !open) return NOT_DUE;
    return open.from > clock.now() ? open.from : windowAt(window, open.to, timeZone).from;
  }

  /** What may go now: what was set by hand, then process by process, in each district by district where it decided for itself. */
  async function removable(): Promise<Removable[]> {
    const now = clock.now();
    const byHand = await store.query(dueForRemoval(now, INSTANCES));
    if (byHand.length > 0) return byHand;
    const rules = await loadRetention(store, defaultDays);
    for (const { id, key } of await store.query(definitionsWithHistory())) {
      const districts = rules.ofDistricts(key);
      const groups = [
        { days: rules.ofModel(await modelOf(id)), tenants: { not: [...districts.keys()] } },
        ...[...districts].map(([tenant, days]) => ({ days, tenants: { only: [tenant] } })),
      ];
      for (const { days, tenants } of groups) {
        if (days === null) continue;
        const found = await store.query(endedBefore({ definitionId: id, before: now - days * DAY_MS, tenants, limit: INSTANCES }));
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  async function removeSome(): Promise<number> {
    const ids = batchOf(await removable());
    if (ids.length === 0) return 0;
    return change('remove', (writes) => deleteHistory(writes, ids));
  }

  async function collectValues(until: number): Promise<boolean> {
    let after: string | null = '';
    while (after !== null) {
      if (clock.now() >= until) return false;
      const from: string = after;
      ({ next: after } = await change('collect', (writes) => collectPayloads(writes, { now: clock.now(), after: from, limit: VALUES })));
    }
    return true;
  }

  function* leased(lease: { leasedUntil: number }): Work<CleanupJob | null> {
    const job = yield* cleanupJob();
    return job && job.lockOwner === store.nodeId && job.availableAt === lease.leasedUntil ? job : null;
  }

  /** Whether all is done; false = time is up. */
  async function work(job: CleanupJob): Promise<boolean> {
    const open = nextWindow();
    const until = Math.min(clock.now() + RUN_MS, job.byHand ? Number.POSITIVE_INFINITY : (open?.to ?? 0));
    while ((await removeSome()) > 0) if (clock.now() >= until) return false;
    return collectValues(until);
  }

  return {
    nextWindow,
    removeSome,
    job: () => store.query(cleanupJob()),
    async ensureJob() {
      const id = store.ids.next();
      await store.alone('history-cleanup', () =>
        change('ensure', function* (writes) {
          const job = yield* cleanupJob();
          const dueAt = dueByWindow();
          if (!job) openCleanupJob(writes, { id, dueAt, now: clock.now(), byHand: false });
          // What somebody asked for, and what another node runs, goes on as it is.
          else if (!job.byHand && job.lockOwner === null) scheduleCleanup(writes, job, { dueAt, byHand: false });
        }),
      );
      jobDue(dueByWindow());
    },
    async schedule(immediatelyDue) {
      const dueAt = immediatelyDue ? clock.now() : dueByWindow();
      await change('schedule', function* (writes) {
        const job = yield* cleanupJob();
        if (!job) openCleanupJob(writes, { id: store.ids.next(), dueAt, now: clock.now(), byHand: immediatelyDue });
        else if (job.lockOwner === null) scheduleCleanup(writes, job, { dueAt, byHand: immediatelyDue });
      });
      jobDue(dueAt);
      const job = await store.query(cleanupJob());
      if (!job) throw new InvariantError('Expected the job of the history clean-up to be there, but it is not');
      return job;
    },
    async execute(lease) {
      const job = await store.query(leased(lease));
      if (!job) return;
      try {
        const isDone = await work(job);
        const isOpen = job.byHand || (nextWindow()?.from ?? NOT_DUE) <= clock.now();
        const dueAt = !isDone && isOpen ? clock.now() : dueAfterThis();
        await change('again', function* (writes) {
          const mine = yield* leased(lease);
          if (mine) scheduleCleanup(writes, mine, { dueAt, byHand: job.byHand && !isDone });
        });
        jobDue(dueAt);
      } catch (error) {
        if (error instanceof TransientError) throw error;
        log.error({ err: error }, 'the history clean-up failed; it is tried again in a minute');
        await change('fail', function* (writes) {
          const mine = yield* leased(lease);
          if (mine) cleanupFailed(writes, mine, { message: (error as Error).message, again: clock.now() + RETRY_MS });
        });
      }
    },
  };
}

/** An instance with very many commands is a batch of its own. */
function batchOf(found: readonly Removable[]): number[] {
  const ids: number[] = [];
  let commands = 0;
  for (const instance of found) {
    if (ids.length > 0 && commands + instance.commands > COMMANDS) break;
    ids.push(instance.id);
    commands += instance.commands;
  }
  return ids;
}
