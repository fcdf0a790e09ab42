import type { Logger } from '#engine/log.ts';

export interface JobExecutorOptions {
  /** Leases due jobs to this node, most urgent first. */
  acquire(limit: number): Promise<AcquiredJob[]>;
  /** Runs one leased job in its own transaction; a failure is recorded there (retry or incident), never thrown for the model's sake. */
  execute(job: AcquiredJob): Promise<void>;
  /** Prolongs the leases of jobs that still wait for their turn; returns when they end now, epoch ms. */
  renew(jobs: readonly AcquiredJob[]): Promise<number>;
  /** Gives back jobs that were leased and not begun: they are due again at once, on any node. */
  release(jobs: readonly AcquiredJob[]): Promise<void>;
  /** A third of a lease's length is right: two renewals may fail before anything is lost. */
  renewEveryMs: number;
  /** When the next job is due, epoch ms; null = none is waiting. */
  nextDueAt(): Promise<number | null>;
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

const BATCH = 50;
/** Other nodes' jobs, and those of nodes that died, are found by looking at least this often. */
const LOOK_EVERY_MS = 2_000;
/** `setTimeout` overflows beyond 2^31 ms; looking earlier costs nothing. */
const MIN_WAIT_MS = 1;

/** Runs due jobs: at once what this node made, by looking what others left. Timers are rows, so a restart loses none. */
export function createJobExecutor(options: JobExecutorOptions): JobExecutor {
  const { now, log } = options;
  let timer: NodeJS.Timeout | null = null;
  let wakeAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  let isStopped = true;

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
    for (;;) {
      if (isStopped) return;
      const jobs = await options.acquire(BATCH);
      await runAll(jobs);
      if (jobs.length < BATCH) break;
    }
    const next = await options.nextDueAt();
    if (next !== null) wakeIn(next);
  }

  /** Runs a batch; what has not begun keeps its lease meanwhile, and is given back when the executor is stopped. */
  async function runAll(jobs: AcquiredJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const waiting = new Set(jobs);
    let isRenewing = false;
    let renewal = Promise.resolve();
    const renewing = setInterval(() => {
      if (isRenewing) return;
      isRenewing = true;
      renewal = renew([...waiting]).finally(() => (isRenewing = false));
    }, options.renewEveryMs);
    const runInOrder = async (group: AcquiredJob[]): Promise<void> => {
      for (const job of group) {
        // A job that begins with the old end of its lease would be refused as lost.
        await renewal;
        if (isStopped) return;
        waiting.delete(job);
        await runOne(job);
      }
    };
    try {
      await Promise.all(byRoot(jobs).map(runInOrder));
    } finally {
      clearInterval(renewing);
    }
    await renewal;
    if (waiting.size > 0) await options.release([...waiting]);
  }

  async function runOne(job: AcquiredJob): Promise<void> {
    try {
      await options.execute(job);
    } catch (error) {
      log.error({ err: error, job: job.id, kind: job.kind }, 'a job could not be executed; its lease runs out and it comes again');
    }
  }

  async function renew(jobs: AcquiredJob[]): Promise<void> {
    if (jobs.length === 0) return;
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
