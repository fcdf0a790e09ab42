import { invalidInput, notAllowed, TransientError } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { FetchTopic } from '#engine/services/contract.ts';
import { externalTaskList } from '#engine/store/read-models/running-lists.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { toVariables } from '../variable-values.ts';
import { filterId, idOf } from '../wire-format.ts';
import { externalTaskControlRoutes } from './control-routes.ts';
import { presentExternalTask, presentLockedTask } from './presenter.ts';
import {
  bpmnErrorBody,
  completeBody,
  extendLockBody,
  externalTaskFilters,
  failureBody,
  fetchAndLockBody,
  lockBody,
  retriesBody,
  type BpmnErrorBody,
  type CompleteBody,
  type ExtendLockBody,
  type FailureBody,
  type FetchAndLockBody,
  type LockBody,
  type RetriesBody,
  type WireTopic,
} from './schema.ts';

const PATH = '/engine-rest/external-task';
const WHAT = 'external task';
/** Camunda's limit for long polling, half an hour. */
const LONGEST_WAIT_MS = 1_800_000;
/** Camunda holds at most this many polls open. */
const MAX_WAITING = 200;

export function externalTaskRoutes(context: RouteContext): Route[] {
  const { engine } = context;
  let waiting = 0;

  async function open(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, WHAT);
    await context.requireVisible(principal, 'external_task', id);
    return id;
  }

  const fetchAndLock = route<FetchAndLockBody>({
    id: 'external-task.fetch-and-lock',
    method: 'POST',
    path: `${PATH}/fetchAndLock`,
    summary: 'Lock tasks of some topics for a worker; waits up to asyncResponseTimeout ms for the first.',
    body: fetchAndLockBody,
    audited: false,
    async handler({ principal, body, koa }) {
      refusePartOfDistrict(principal);
      const waitMs = body.asyncResponseTimeout ?? 0;
      if (waitMs > LONGEST_WAIT_MS)
        throw invalidInput(
          'QUERY_INVALID',
          `The asynchronous response timeout cannot be set to a value greater than ${LONGEST_WAIT_MS} milliseconds`,
          { problem: 'asyncResponseTimeout' },
        );
      if (waitMs > 0 && waiting >= MAX_WAITING)
        throw new TransientError('TOO_MANY_POLLS', `Expected at most ${MAX_WAITING} polls to wait, but more came`);
      const abort = new AbortController();
      // A worker that went away must not be given tasks.
      const gone = () => abort.abort();
      koa.res.once('close', gone);
      waiting += 1;
      try {
        const tasks = await engine.externalTasks.fetchAndLock({
          workerId: body.workerId,
          maxTasks: body.maxTasks,
          usePriority: body.usePriority === true,
          topics: (body.topics ?? []).map(toTopic),
          tenant: principal.tenant,
          waitMs,
          signal: abort.signal,
        });
        const deserialize = body.topics?.some((topic) => topic.deserializeValues === true) ?? false;
        return { body: tasks.map((task) => presentLockedTask(task, deserialize)) };
      } finally {
        waiting -= 1;
        koa.res.off('close', gone);
      }
    },
  });

  return [
    fetchAndLock,
    ...listRoutes(context, {
      id: 'external-task',
      path: PATH,
      kinds: externalTaskFilters,
      model: externalTaskList,
      byPost: true,
      async present(rows) {
        const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
        return rows.map((row) => presentExternalTask(row, definitions.get(Number(row.definition_id))));
      },
    }),
    route({
      id: 'external-task.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One external task.',
      async handler({ principal, params }) {
        const row = await rowOf(context, externalTaskList, 'externalTaskId', idOf(params['id'], WHAT), principal, WHAT);
        return { body: presentExternalTask(row, await context.definition(Number(row.definition_id))) };
      },
    }),
    route<CompleteBody>({
      id: 'external-task.complete',
      method: 'POST',
      path: `${PATH}/:id/complete`,
      summary: 'Complete a locked task.',
      body: completeBody,
      async handler({ principal, params, body }) {
        const input = { workerId: body.workerId, variables: toVariables(body.variables), localVariables: toVariables(body.localVariables) };
        await engine.externalTasks.complete(await open(principal, params['id']), input, actorOf(principal));
        return {};
      },
    }),
    route<FailureBody>({
      id: 'external-task.failure',
      method: 'POST',
      path: `${PATH}/:id/failure`,
      summary: 'Report that a locked task failed.',
      body: failureBody,
      async handler({ principal, params, body }) {
        const input = {
          workerId: body.workerId,
          errorMessage: body.errorMessage ?? null,
          errorDetails: body.errorDetails ?? null,
          retries: body.retries ?? 0,
          retryTimeoutMs: body.retryTimeout ?? 0,
          variables: toVariables(body.variables),
          localVariables: toVariables(body.localVariables),
        };
        await engine.externalTasks.failure(await open(principal, params['id']), input, actorOf(principal));
        return {};
      },
    }),
    route<BpmnErrorBody>({
      id: 'external-task.bpmn-error',
      method: 'POST',
      path: `${PATH}/:id/bpmnError`,
      summary: 'Throw a BPMN error from a locked task.',
      body: bpmnErrorBody,
      async handler({ principal, params, body }) {
        const { workerId, errorCode } = body;
        const input = { workerId, errorCode, errorMessage: body.errorMessage ?? null, variables: toVariables(body.variables) };
        await engine.externalTasks.bpmnError(await open(principal, params['id']), input, actorOf(principal));
        return {};
      },
    }),
    route<LockBody>({
      id: 'external-task.lock',
      method: 'POST',
      path: `${PATH}/:id/lock`,
      summary: 'Lock one task.',
      body: lockBody,
      async handler({ principal, params, body }) {
        await engine.externalTasks.lock(await open(principal, params['id']), {
          workerId: body.workerId,
          lockDurationMs: body.lockDuration,
        });
        return {};
      },
    }),
    route<ExtendLockBody>({
      id: 'external-task.extend-lock',
      method: 'POST',
      path: `${PATH}/:id/extendLock`,
      summary: 'Keep a lock longer, from now.',
      body: extendLockBody,
      async handler({ principal, params, body }) {
        await engine.externalTasks.extendLock(await open(principal, params['id']), {
          workerId: body.workerId,
          newDurationMs: body.newDuration,
        });
        return {};
      },
    }),
    route({
      id: 'external-task.unlock',
      method: 'POST',
      path: `${PATH}/:id/unlock`,
      summary: 'Give a lock up.',
      async handler({ principal, params }) {
        await engine.externalTasks.unlock(await open(principal, params['id']));
        return {};
      },
    }),
    route<RetriesBody>({
      id: 'external-task.retries',
      method: 'PUT',
      path: `${PATH}/:id/retries`,
      summary: 'Set the retries left; more than none resolves the incident.',
      body: retriesBody,
      async handler({ principal, params, body }) {
        await engine.externalTasks.setRetries(await open(principal, params['id']), body.retries, actorOf(principal));
        return {};
      },
    }),
    ...externalTaskControlRoutes(context),
  ];
}

/** Work is handed out per district: a client of one street would be given the other streets' tasks. @throws RequestError 403 */
function refusePartOfDistrict({ id, areas, tenant }: Principal): void {
  if (areas.includes(tenant)) return;
  throw notAllowed(`Expected a client of the whole district ${tenant}, but ${id} is limited to a part of it`, { userId: id });
}

/** Absent, null and empty are the same to Camunda's client: no condition. */
function toTopic(wire: WireTopic): FetchTopic {
  const ids = wire.processDefinitionIdIn ?? (wire.processDefinitionId ? [wire.processDefinitionId] : null);
  const keys = wire.processDefinitionKeyIn ?? (wire.processDefinitionKey ? [wire.processDefinitionKey] : null);
  return {
    topicName: wire.topicName,
    lockDurationMs: wire.lockDuration,
    variables: wire.variables ?? null,
    localVariables: wire.localVariables === true,
    ...(wire.businessKey && { businessKey: wire.businessKey }),
    ...(ids && { processDefinitionIdIn: ids.map(filterId) }),
    ...(keys && { processDefinitionKeyIn: keys }),
    ...(wire.processDefinitionVersionTag && { processDefinitionVersionTag: wire.processDefinitionVersionTag }),
    ...(wire.processVariables && { processVariables: wire.processVariables }),
    ...(wire.tenantIdIn && { tenantIdIn: wire.tenantIdIn }),
    ...(wire.withoutTenantId && { withoutTenantId: true }),
    includeExtensionProperties: wire.includeExtensionProperties === true,
  };
}
