import { DAY_MS, loadRetention } from '#engine/history/retention.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { NOT_DUE, type CleanupJob } from '#engine/store/history-cleanup-store.ts';
import { countsOfHistory, definitionsWithHistory } from '#engine/store/history-store.ts';
import { wireId, wireTenant, wireTime } from '../wire-format.ts';

const PATH = '/engine-rest/history/cleanup';
const REPORT = '/engine-rest/history/process-definition/cleanable-process-instance-report';
const FLAG = { enum: ['true', 'false'] };

/** Camunda's history cleanup. It serves all districts at once, and removes nothing whose time is not over. */
export function historyCleanupRoutes(context: RouteContext): Route[] {
  const { store, history } = context;
  const job = async (): Promise<CleanupJob | null> => (await history?.cleanup.job()) ?? null;

  async function report(principal: Principal): Promise<object[]> {
    const { tenant } = principal;
    const rules = await loadRetention(store, history?.defaultDays ?? null);
    const now = store.clock.now();
    const rows: object[] = [];
    for (const { id } of await store.query(definitionsWithHistory())) {
      const definition = await context.definition(id);
      const days = rules.of(await context.modelOf(id), tenant);
      const { finished, cleanable } = await store.query(countsOfHistory(id, scopeOf(principal), days === null ? null : now - days * DAY_MS, now));
      if (finished === 0) continue;
      rows.push({
        processDefinitionId: wireId(id),
        processDefinitionKey: definition.key,
        processDefinitionName: definition.name,
        processDefinitionVersion: definition.version,
        historyTimeToLive: days,
        finishedProcessInstanceCount: finished,
        cleanableProcessInstanceCount: cleanable,
        tenantId: wireTenant(tenant),
      });
    }
    return rows;
  }

  return [
    route({
      id: 'history.cleanup.run',
      method: 'POST',
      path: PATH,
      summary: 'Clean history up now, or with the next window.',
      query: { type: 'object', additionalProperties: false, properties: { immediatelyDue: FLAG } },
      async handler({ query }): Promise<Reply> {
        if (!history) throw notFound('job', 'history-cleanup');
        return { body: presentJob(await history.cleanup.schedule(query['immediatelyDue'] !== 'false')) };
      },
    }),
    route({
      id: 'history.cleanup.jobs',
      method: 'GET',
      path: `${PATH}/jobs`,
      summary: 'The job of the clean-up.',
      async handler() {
        const found = await job();
        if (!found) throw notFound('job', 'history-cleanup');
        return { body: [presentJob(found)] };
      },
    }),
    route({
      id: 'history.cleanup.job',
      method: 'GET',
      path: `${PATH}/job`,
      summary: 'The same alone; deprecated in Camunda.',
      async handler() {
        const found = await job();
        if (!found) throw notFound('job', 'history-cleanup');
        return { body: presentJob(found) };
      },
    }),
    route({
      id: 'history.cleanup.configuration',
      method: 'GET',
      path: `${PATH}/configuration`,
      summary: 'The window of the clean-up that is open, or the next one.',
      handler() {
        const open = history?.cleanup.nextWindow() ?? null;
        return { body: { batchWindowStartTime: wireTime(open?.from ?? null), batchWindowEndTime: wireTime(open?.to ?? null), enabled: history !== undefined } };
      },
    }),
    route({
      id: 'history.cleanable-report.list',
      method: 'GET',
      path: REPORT,
      summary: 'How many ended instances of each process the caller sees, and how many of them may go.',
      handler: async ({ principal }) => ({ body: await report(principal) }),
    }),
    route({
      id: 'history.cleanable-report.count',
      method: 'GET',
      path: `${REPORT}/count`,
      summary: 'How many processes have ended instances that the caller sees.',
      handler: async ({ principal }) => ({ body: { count: (await report(principal)).length } }),
    }),
  ];
}

/** Camunda's JobDto. What went wrong is in the log: it may concern another district. */
function presentJob({ id, dueAt, retries, createdAt }: CleanupJob) {
  return {
    id: wireId(id),
    jobDefinitionId: null,
    dueDate: dueAt === NOT_DUE ? null : wireTime(dueAt),
    processInstanceId: null,
    executionId: null,
    processDefinitionId: null,
    processDefinitionKey: null,
    retries,
    exceptionMessage: null,
    failedActivityId: null,
    suspended: false,
    priority: 0,
    tenantId: null,
    createTime: wireTime(createdAt),
    batchId: null,
  };
}
