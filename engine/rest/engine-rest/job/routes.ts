import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import { jobList } from '#engine/store/read-models/running-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { retriesBody, type RetriesBody } from '../external-task/schema.ts';
import { jobDefinitionId } from '../job-definition/find-job-definition.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { idOf, timeOf, wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';
import { jobControlRoutes } from './control-routes.ts';
import { jobFilters } from './schema.ts';

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
        // A job of a batch has no definition.
        const definitions = await context.definitionsOf(rows.flatMap((row) => Number(row.definition_id) || []));
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
        return { body: presentJob(row, Number(row.definition_id) ? await context.definition(Number(row.definition_id)) : undefined) };
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
        const dueAt = body.dueDate ? timeOf(body.dueDate, 'dueDate') : null;
        await engine.management.setJobRetries(await open(principal, params['id']), body.retries, actorOf(principal), dueAt);
        return {};
      },
    }),
    ...jobControlRoutes(context),
  ];
}

/** Camunda's JobDto. */
function presentJob(row: Row, definition: DefinitionRow | undefined) {
  const [id, instanceId, definitionId] = [Number(row.id), Number(row.instance_id), Number(row.definition_id)];
  const kind = String(row.kind);
  return {
    id: wireId(id),
    jobDefinitionId: row.batch_id === null ? (definition ? jobDefinitionId({ definitionId, kind, element: String(row.element) }) : null) : `${kind}:${Number(row.batch_id)}`,
    dueDate: wireTime(row.due_at),
    processInstanceId: wireId(instanceId || null),
    executionId: wireId(instanceId ? id : null),
    processDefinitionId: wireId(definitionId || null),
    processDefinitionKey: definition?.key ?? null,
    retries: Number(row.retries),
    exceptionMessage: wireText(row.error),
    failedActivityId: row.error === null || row.element === '' ? null : wireText(row.element),
    suspended: row.status === 'suspended' || Number(row.suspended ?? 0) === 1,
    priority: Number(row.priority),
    tenantId: wireTenant(row.tenant),
    createTime: wireTime(row.created_at),
    batchId: wireId(row.batch_id),
  };
}
