import { pino } from 'pino';
import { composeServices, type ComposedServices } from '#engine/compose-services.ts';
import { createFormsService, type FormsService } from '#engine/forms/forms-service.ts';
import { createJobExecutor, type JobExecutor } from '#engine/jobs/job-executor.ts';
import type { TaskChange } from '#engine/services/context.ts';
import { formByHash } from '#engine/store/definition-store.ts';
import { acquireDue, giveBack, nextDueAt, prolong } from '#engine/store/job-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { Actor } from '#engine/core/ports.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import type { StartedInstance } from '#engine/services/contract.ts';
import { temporaryFolder, type Dialect } from './dialects.ts';

export const TENANT = '120103';
export const AREA = '120103/120103008/120103008011';
export const ACTOR: Actor = { id: 'dispatcher', kind: 'user' };

/** Store, services and job executor without HTTP: what a district's server is made of, on a new database. */
export interface TestEngine {
  store: Store;
  engine: ComposedServices['engine'];
  modelOf: ComposedServices['modelOf'];
  jobs: JobExecutor;
  forms: FormsService;
  taskChanges: TaskChange[];
  refresh(): Promise<void>;
  deploy(...resources: { name: string; content: string | Uint8Array }[]): ReturnType<ComposedServices['engine']['repository']['deploy']>;
  start(key: string, variables?: Record<string, unknown>, businessKey?: string): Promise<StartedInstance>;
  /** Open tasks of an instance, oldest first. */
  tasks(instanceId: number): Promise<{ id: number; element: string; assignee: string | null; name: string }[]>;
  /** Leases and runs every job that is due now; returns how many. */
  runJobs(): Promise<number>;
  close(): Promise<void>;
}

export async function aTestEngine(dialect: Pick<Dialect, 'open'>, url?: string): Promise<TestEngine> {
  const log = pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' });
  const store = await dialect.open(url);
  await store.ids.ready(100);
  const forms = await createFormsService({ cacheDir: temporaryFolder(), find: (hash) => store.query(formByHash(hash)) });
  const taskChanges: TaskChange[] = [];
  const services = await composeServices({
    store,
    log,
    forms,
    jobDue: (dueAt) => jobs.due(dueAt),
    publishTask: (change) => void taskChanges.push(change),
    instanceEnded() {},
  });
  const { engine } = services;
  const acquire = (limit: number) => acquireDue(store, { limit, leaseMs: 30_000 });
  const execute = (job: Awaited<ReturnType<typeof acquire>>[number]) => engine.management.executeLeased(job);
  const jobs = createJobExecutor({ acquire, execute: (job) => execute(job as never), renew: (leased) => prolong(store, leased, 30_000), release: (leased) => giveBack(store, leased), renewEveryMs: 10_000, nextDueAt: () => store.query(nextDueAt()), now: () => store.clock.now(), log });

  return {
    store,
    engine,
    modelOf: services.modelOf,
    jobs,
    forms,
    taskChanges,
    refresh: services.refresh,
    deploy: (...resources) =>
      engine.repository.deploy({
        name: 'test',
        source: null,
        tenant: TENANT,
        actor: ACTOR,
        locale: 'en',
        resources: resources.map(({ name, content }) => ({ name, content: typeof content === 'string' ? Buffer.from(content) : content })),
      }),
    start: (key, variables = {}, businessKey) =>
      engine.runtime.start({ definition: { key }, tenant: TENANT, area: AREA, businessKey: businessKey ?? null, variables: variablesOf(variables), actor: ACTOR }),
    async tasks(instanceId) {
      const rows = await store.read('SELECT id, element, assignee, name FROM task WHERE instance_id = ? ORDER BY id', [instanceId]);
      return rows.map((row) => ({ id: Number(row['id']), element: String(row['element']), assignee: row['assignee'] as string | null, name: String(row['name']) }));
    },
    async runJobs() {
      let count = 0;
      for (;;) {
        const due = await acquire(50);
        if (due.length === 0) return count;
        count += due.length;
        for (const job of due) await execute(job);
      }
    },
    async close() {
      await jobs.stop();
      await services.stop();
      await forms.close();
      await store.close();
    },
  };
}

export function variablesOf(plain: Record<string, unknown>): Variables {
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, typed(value)]));
}
