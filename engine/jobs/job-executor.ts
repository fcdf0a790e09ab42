import type { Logger } from '#engine/log.ts';
import { createFairShare } from './fair-share.ts';

export interface JobExecutorOptions {
  /** Leases due jobs to this node, most urgent first, none of the instance trees in `except`. */
  acquire(limit: number, except: readonly number[]): Promise<AcquiredJob[]>;
  /** Runs one leased job in its own transaction; a failure is recorded there (retry or incident), never thrown for the model's sake. */
  execute(job: AcquiredJob): Promise<void>;
  /** Prolongs the leases of jobs that still wait for their turn; returns when they end now, epoch ms. */
  renew(jobs: readonly AcquiredJob[]): Promise<number>;
  /** Gives back jobs that were leased and not begun: they are due again at once, on any node. */
  release(jobs: readonly AcquiredJob[]): Promise<void>;
  /** A third of a lease's length is right: two renewals may fail before anything is lost. */
  renewEveryMs: number;
  /** When the next job is due, epoch ms; null = none is waiting. */
  nextDueAt(except: readonly number[]): Promise<number | null>;
  /** Whether somebody else wants something: then an instance tree that has had more than its share rests. Absent = never. */
  othersWait?(): boolean;
  now(): number;
  log: Logger;
}
export interface AcquiredJob {
  id: number;
  rootId: number | null;
  kind: string;
  /** Epoch ms. */
  dueAt: number;
  /** End of the lease, epoch ms; moves with each renewal. */
  leasedUntil: number;
}
export interface JobExecutor {
  start(): void;
  /** A job of this node is due at `dueAt` (epoch ms). */
  due(dueAt: number): void;
  /** Stops acquiring, waits for what is running and gives back what is not. */
  stop(): Promise<void>;
}

const BATCH = 100;
/** Other nodes' jobs, and those of nodes that died, are found by looking at least this often. */
const LOOK_EVERY_MS = 2_000;
/** `setTimeout` overflows beyond 2^31 ms; looking earlier costs nothing. */
const MIN_WAIT_MS = 1;

/** Runs due jobs: at once what this node made, by looking what others left. Timers are rows, so a restart loses none. */
export function createJobExecutor(options: JobExecutorOptions): JobExecutor {
  const { now, log } = options;
  const share = createFairShare({ now, othersWait: options.othersWait ?? (() => false) });
  let timer: NodeJS.Timeout | null = null;
  let wakeAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  let isStopped = true;
  /** Leased by this node and not begun. */
  const held = new Set<AcquiredJob>();
  let isRenewing = false;
  let renewal = Promise.resolve();

  function wakeIn(dueAt: number): void {
    if (isStopped || dueAt >= wakeAt) return;
    if (timer) clearTimeout(timer);
    wakeAt = dueAt;
    timer = setTimeout(work, Math.min(Math.max(MIN_WAIT_MS, dueAt - now()), LOOK_EVERY_MS));
  }

  function work(): void {
    timer = null;
    wakeAt = Number.POSITIVE_INFINITY;
    if (isStopped) return;
    if (running) {
      isAskedAgain = true;
      return;
    }
    isAskedAgain = false;
    running = drain()
      .catch((error: unknown) => log.error({ err: error }, 'looking for due jobs failed'))
      .finally(() => {
        running = null;
        if (isAskedAgain) work();
        else wakeIn(now() + LOOK_EVERY_MS);
      });
  }

  async function drain(): Promise<void> {
    const renewing = setInterval(renewHeld, options.renewEveryMs);
    try {
      let next = take();
      for (;;) {
        const jobs = await next;
        const isMore = jobs.length === BATCH && !isStopped;
        // Leased while these run: both go into one COMMIT.
        if (isMore) next = take();
        next.catch(() => undefined);
        await runAll(jobs);
        if (!isMore) break;
      }
    } finally {
      clearInterval(renewing);
    }
    if (isStopped) return;
    const due = await options.nextDueAt(share.resting());
    if (due !== null) wakeIn(due);
    const rested = share.nextEnd();
    if (rested !== null) wakeIn(rested);
  }

  async function take(): Promise<AcquiredJob[]> {
    const jobs = await options.acquire(BATCH, share.resting());
    for (const job of jobs) held.add(job);
    return jobs;
  }

  /** Runs a batch; what has not begun because it rests, or because the executor is stopped, is given back. */
  async function runAll(jobs: AcquiredJob[]): Promise<void> {
    const runInOrder = async (group: AcquiredJob[]): Promise<void> => {
      for (const job of group) {
        // A job that begins with the old end of its lease would be refused as lost.
        await renewal;
        if (isStopped || (job.rootId !== null && share.isResting(job.rootId))) return;
        held.delete(job);
        await runOne(job);
      }
    };
    await Promise.all(byRoot(jobs).map(runInOrder));
    await renewal;
    const left = jobs.filter((job) => held.delete(job));
    if (left.length > 0) await options.release(left);
  }

  async function runOne(job: AcquiredJob): Promise<void> {
    const before = process.threadCpuUsage();
    try {
      await options.execute(job);
    } catch (error) {
      log.error({ err: error, job: job.id, kind: job.kind }, 'a job could not be executed; its lease runs out and it comes again');
    }
    // What others did meanwhile is in it, too; over many jobs only who really works comes beyond its share.
    const { user, system } = process.threadCpuUsage(before);
    if (job.rootId !== null) share.charge(job.rootId, (user + system) / 1_000);
  }

  function renewHeld(): void {
    if (isRenewing || held.size === 0) return;
    isRenewing = true;
    renewal = renew([...held]).finally(() => (isRenewing = false));
  }

  async function renew(jobs: AcquiredJob[]): Promise<void> {
    try {
      const until = await options.renew(jobs);
      for (const job of jobs) job.leasedUntil = until;
    } catch (error) {
      log.warn({ err: error, jobs: jobs.length }, 'leases of jobs were not renewed; the next try follows');
    }
  }

  return {
    start() {
      isStopped = false;
      wakeIn(now());
    },
    due: wakeIn,
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

/** Jobs of one instance tree run one after the other: they would only undo each other's compare-and-set. */
function byRoot(jobs: AcquiredJob[]): AcquiredJob[][] {
  const groups = new Map<number, AcquiredJob[]>();
  for (const job of jobs) {
    const key = job.rootId ?? job.id;
    const group = groups.get(key);
    if (group) group.push(job);
    else groups.set(key, [job]);
  }
  return [...groups.values()];
}
