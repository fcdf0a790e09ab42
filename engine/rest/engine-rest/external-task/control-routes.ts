import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { errorDetailsOf, topicNames } from '#engine/store/read-models/failures-and-topics.ts';
import { externalTaskList } from '#engine/store/read-models/running-lists.ts';
import { batchOf } from '../batch-of.ts';
import { found, idsSchema, orNull, required, selectedInstances, selectionProperties, type WireSelection } from '../instance-selection.ts';
import { priorityBody, type PriorityBody } from '../job/control-routes.ts';
import { listParameters, type ListBody } from '../list-parameters.ts';
import { filterId, idOf } from '../wire-format.ts';
import { externalTaskFilters } from './schema.ts';

const PATH = '/engine-rest/external-task';
const taskQuery = listParameters(externalTaskFilters, externalTaskList);
const FLAG = { enum: ['true', 'false'] };

interface RetriesBody extends WireSelection {
  retries: number;
  externalTaskIds?: string[] | null;
  externalTaskQuery?: ListBody | null;
}
const retriesBody = {
  type: 'object',
  additionalProperties: false,
  required: ['retries'],
  properties: { ...selectionProperties, retries: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 }, externalTaskIds: idsSchema, externalTaskQuery: orNull(taskQuery.body) },
};

/** What an operator does to external tasks. */
export function externalTaskControlRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function open(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, 'external task');
    await context.requireVisible(principal, 'external_task', id);
    return id;
  }

  async function selected(principal: Principal, body: RetriesBody): Promise<number[]> {
    const ids = new Set((body.externalTaskIds ?? []).map(filterId));
    const query = (filter: ListBody) => found(context, principal, externalTaskList, taskQuery, filter);
    if (body.externalTaskQuery) for (const id of await query(body.externalTaskQuery)) ids.add(id);
    if (body.processInstanceIds || body.processInstanceQuery || body.historicProcessInstanceQuery) {
      const instances = await selectedInstances(context, principal, body);
      for (let at = 0; at < instances.length; at += 1000) for (const id of await query({ processInstanceIdIn: instances.slice(at, at + 1000).map(String) })) ids.add(id);
    }
    return required([...ids], 'external task');
  }

  return [
    route<RetriesBody>({
      id: 'external-task.retries-many',
      method: 'PUT',
      path: `${PATH}/retries`,
      summary: 'Set the retries of many external tasks now, one after the other.',
      body: retriesBody,
      async handler({ principal, body }) {
        const ids = await selected(principal, body);
        for (const id of ids) await context.requireVisible(principal, 'external_task', id);
        for (const id of ids) await engine.externalTasks.setRetries(id, body.retries, actorOf(principal));
        return {};
      },
    }),
    route<RetriesBody>({
      id: 'external-task.retries-async',
      method: 'POST',
      path: `${PATH}/retries-async`,
      summary: 'The same as a batch.',
      body: retriesBody,
      async handler({ principal, body }) {
        return batchOf(context, principal, { type: 'set-external-task-retries', items: await selected(principal, body), configuration: { retries: body.retries } });
      },
    }),
    route<PriorityBody>({
      id: 'external-task.priority',
      method: 'PUT',
      path: `${PATH}/:id/priority`,
      summary: 'Set the priority of an external task.',
      body: priorityBody,
      async handler({ principal, params, body }) {
        await engine.externalTasks.setPriority(await open(principal, params['id']), body.priority, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'external-task.error-details',
      method: 'GET',
      path: `${PATH}/:id/errorDetails`,
      summary: 'What the worker said of the last failure.',
      camundaStatus: { 404: 500 },
      async handler({ principal, params }) {
        const id = await open(principal, params['id']);
        const details = await store.query(errorDetailsOf('external_task', id));
        if (details === undefined) throw notFound('external task', id);
        return details === null ? {} : { body: Buffer.from(details), type: 'text/plain; charset=utf-8' };
      },
    }),
    route({
      id: 'external-task.topic-names',
      method: 'GET',
      path: `${PATH}/topic-names`,
      summary: 'Topics that have external tasks.',
      query: { type: 'object', additionalProperties: false, properties: { withLockedTasks: FLAG, withUnlockedTasks: FLAG, withRetriesLeft: FLAG } },
      async handler({ principal, query }) {
        const filter = { locked: query['withLockedTasks'] === 'true', unlocked: query['withUnlockedTasks'] === 'true', withRetries: query['withRetriesLeft'] === 'true' };
        return { body: await store.query(topicNames(scopeOf(principal), { ...filter, now: store.clock.now() })) };
      },
    }),
  ];
}
