import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import { jobList } from '#engine/store/read-models/running-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { retriesBody, type RetriesBody } from '../external-task/schema.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { idOf, wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

const jobFilters: FilterKinds = {
  jobId: 'id',
  jobIds: 'ids',
  processInstanceId: 'id',
  processInstanceIds: 'ids',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  activityId: 'text',
  failedActivityId: 'text',
  withRetriesLeft: 'flag',
  noRetriesLeft: 'flag',
  executable: 'now',
  timers: 'flag',
  messages: 'flag',
  withException: 'flag',
  exceptionMessage: 'text',
  active: 'flag',
  suspended: 'flag',
  priorityHigherThanOrEquals: 'number',
  priorityLowerThanOrEquals: 'number',
  tenantIdIn: 'texts',
};

export function jobRoutes(context: RouteContext): Route[] {
  const { engine } = context;

  async function open(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, 'job');
    await context.requireVisible(principal, 'job', id);
    return id;
  }

  return [
    ...listRoutes(context, {
      id: 'job',
      path: '/engine-rest/job',
      kinds: jobFilters,
      model: jobList,
      byPost: true,
      async present(rows) {
        const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
        return rows.map((row) => presentJob(row, definitions.get(Number(row.definition_id))));
      },
    }),
    route({
      id: 'job.get',
      method: 'GET',
      path: '/engine-rest/job/:id',
      summary: 'One job.',
      async handler({ principal, params }) {
        const row = await rowOf(context, jobList, 'jobId', idOf(params['id'], 'job'), principal, 'job');
        return { body: presentJob(row, await context.definition(Number(row.definition_id))) };
      },
    }),
    route({
      id: 'job.execute',
      method: 'POST',
      path: '/engine-rest/job/:id/execute',
      summary: 'Run a job now.',
      async handler({ principal, params }) {
        await engine.management.executeJob(await open(principal, params['id']), actorOf(principal));
        return {};
      },
    }),
    route<RetriesBody>({
      id: 'job.retries',
      method: 'PUT',
      path: '/engine-rest/job/:id/retries',
      summary: 'Set the retries left; more than none resolves the incident.',
      body: retriesBody,
      async handler({ principal, params, body }) {
        await engine.management.setJobRetries(await open(principal, params['id']), body.retries, actorOf(principal));
        return {};
      },
    }),
  ];
}

/** Camunda's JobDto. */
function presentJob(row: Row, definition: DefinitionRow | undefined) {
  return {
    id: wireId(row.id),
    jobDefinitionId: null,
    dueDate: wireTime(row.due_at),
    processInstanceId: wireId(row.instance_id),
    executionId: wireId(row.id),
    processDefinitionId: wireId(row.definition_id),
    processDefinitionKey: definition?.key ?? null,
    retries: Number(row.retries),
    exceptionMessage: wireText(row.error),
    failedActivityId: row.error === null ? null : wireText(row.element),
    suspended: row.status === 'suspended',
    priority: Number(row.priority),
    tenantId: wireTenant(row.tenant),
    createTime: wireTime(row.created_at),
    batchId: null,
  };
}
