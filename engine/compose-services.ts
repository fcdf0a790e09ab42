import { createExpressions } from './expressions/create-expressions.ts';
import { loadScripts } from './expressions/script.ts';
import type { ProcessModel } from './core/model.ts';
import { createCompiler } from './definitions/compiler.ts';
import type { Problem } from './definitions/problem.ts';
import type { FormsService } from './forms/forms-service.ts';
import type { Logger } from './log.ts';
import { slaTable, type SlaTable } from './registers/sla.ts';
import { COMPILER_VERSION } from './services/compiler-version.ts';
import type { ServiceContext } from './services/context.ts';
import { createDecisionCache } from './services/decision-cache.ts';
import { createDefinitionCache } from './services/definition-cache.ts';
import { createDefinitionSettings } from './services/definition-settings.ts';
import { createProcessEngine } from './services/process-engine.ts';
import type { JobService } from './services/jobs.ts';
import type { ProcessEngine } from './services/contract.ts';
import { createTopicWaiters } from './services/topic-waiters.ts';
import { recompileDecision, recompileProcess } from './services/recompile.ts';
import type { HistoryLevel } from './store/history-level.ts';
import type { Store } from './store/open-store.ts';

export interface ComposedServices {
  engine: ProcessEngine & { management: JobService };
  modelOf(definitionId: number): Promise<ProcessModel>;
  /** Reads the SLA classes again; also done every 10 s. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServicesInput {
  /** `full` when absent. */
  historyLevel?: HistoryLevel;
  store: Store;
  log: Logger;
  forms: FormsService;
  jobDue(dueAt: number): void;
  publishTask: ServiceContext['publishTask'];
  instanceEnded: ServiceContext['instanceEnded'];
  /** Deploy-time check of plugin tasks; without it every plugin is believed to be there. */
  checkPlugins?(model: ProcessModel): Problem[];
}

/** Another node may deploy on a shared database; on SQLite this process is the only one. */
const FRESH_MS = 1_000;
const SLA_REFRESH_MS = 10_000;

export async function composeServices({ store, log, forms, jobDue, publishTask, instanceEnded, checkPlugins = () => [], historyLevel = 'full' }: ServicesInput): Promise<ComposedServices> {
  await loadScripts();
  let sla: SlaTable = () => undefined;
  const refresh = async () => {
    sla = await store.query(slaTable());
  };
  const slaOf: SlaTable = (tenant, slaClass, step) => sla(tenant, slaClass, step);
  const timer = setInterval(() => void refresh().catch((error: unknown) => log.warn({ err: error }, 'SLA classes could not be read again')), SLA_REFRESH_MS).unref();

  const waiters = createTopicWaiters();
  const compiler = createCompiler();
  const freshMs = store.kind === 'sqlite' ? Number.POSITIVE_INFINITY : FRESH_MS;
  const compilers = { processes: compiler.compileProcesses, storedProcesses: compiler.recompileProcesses, decisions: compiler.compileDecisions, form: forms.prepare, plugins: checkPlugins };
  const context: ServiceContext = {
    store,
    historyLevel,
    definitions: createDefinitionCache({ freshMs, compilerVersion: COMPILER_VERSION, recompile: (row) => recompileProcess(store, compilers, row) }),
    settings: createDefinitionSettings(freshMs),
    decisions: createDecisionCache({ freshMs, compilerVersion: COMPILER_VERSION, recompile: (row) => recompileDecision(store, compilers, row) }),
    expressionsAt: (now) => createExpressions({ now: () => now, sla: slaOf }),
    log,
    jobDue,
    externalTaskReady: waiters.wake,
    publishTask,
    instanceEnded,
  };
  return {
    engine: createProcessEngine(context, compilers, waiters),
    modelOf: async (definitionId) => (await store.query(context.definitions.byId(definitionId))).model,
    refresh,
    async stop() {
      clearInterval(timer);
      waiters.close();
      await compiler.close();
    },
  };
}
