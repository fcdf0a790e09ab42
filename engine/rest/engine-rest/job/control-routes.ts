import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { errorDetailsOf } from '#engine/store/read-models/failures-and-topics.ts';
import { jobList } from '#engine/store/read-models/running-lists.ts';
import { batchOf } from '../batch-of.ts';
import { found, idsSchema, orNull, required } from '../instance-selection.ts';
import { findJobDefinition } from '../job-definition/find-job-definition.ts';
import { listParameters, type ListBody } from '../list-parameters.ts';
import { requireOneOf, suspensionBody, suspensionBodyWith, type SuspensionBody } from '../suspension-body.ts';
import { filterId, idOf, timeOf } from '../wire-format.ts';
import { jobFilters } from './schema.ts';

const PATH = '/engine-rest/job';
const TIME = { type: ['string', 'null'], maxLength: 40 };
const object = (properties: object, names: string[] = []) => ({ type: 'object', additionalProperties: false, required: names, properties });
const jobQuery = listParameters(jobFilters, jobList);
/** `bigint` in Camunda; what a double holds exactly is enough. */
export const priorityBody = object({ priority: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } }, ['priority']);
export interface PriorityBody {
  priority: number;
}
interface SuspendManyBody extends SuspensionBody {
  jobDefinitionId?: string | null;
  processDefinitionId?: string | null;
  processInstanceId?: string | null;
  processDefinitionKey?: string | null;
}

/** What an operator does to jobs. */
export function jobControlRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function open(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, 'job');
    await context.requireVisible(principal, 'job', id);
    return id;
  }

  return [
    route<SuspensionBody>({
      id: 'job.suspend',
      method: 'PUT',
      path: `${PATH}/:id/suspended`,
      summary: 'Keep a job from being run, or let it run again.',
      body: suspensionBody,
      async handler({ principal, params, body }) {
        await engine.management.setJobSuspended(await open(principal, params['id']), body.suspended, actorOf(principal));
        return {};
      },
    }),
    route<SuspendManyBody>({
      id: 'job.suspend-many',
      method: 'PUT',
      path: `${PATH}/suspended`,
      summary: 'The same for the jobs of a job definition, a definition or an instance.',
      body: suspensionBodyWith(['jobDefinitionId', 'processDefinitionId', 'processInstanceId', 'processDefinitionKey']),
      async handler({ principal, body }) {
        requireOneOf(body, ['jobDefinitionId', 'processDefinitionId', 'processInstanceId', 'processDefinitionKey']);
        const { tenant } = principal;
        const actor = actorOf(principal);
        const { jobDefinitionId, processDefinitionId, processInstanceId, processDefinitionKey } = body;
        if (processInstanceId) {
          const instanceId = idOf(processInstanceId, 'process instance');
          await context.requireVisible(principal, 'process_instance', instanceId);
          await engine.management.setJobsSuspended({ instanceId, tenant }, body.suspended, actor);
        } else if (jobDefinitionId) {
          await engine.management.setJobsSuspended({ ...(await findJobDefinition(context, principal, jobDefinitionId)).key, tenant }, body.suspended, actor);
        } else {
          const query = processDefinitionId ? { processDefinitionId } : { processDefinitionKey };
          for (const id of await found(context, principal, jobList, jobQuery, query)) await engine.management.setJobSuspended(id, body.suspended, actor);
        }
        return {};
      },
    }),
    route<{ duedate?: string | null; cascade?: boolean | null }>({
      id: 'job.due-date',
      method: 'PUT',
      path: `${PATH}/:id/duedate`,
      summary: 'Move a job to another time; without one it is due now.',
      body: object({ duedate: TIME, cascade: { enum: [false, null] } }),
      async handler({ principal, params, body }) {
        const dueAt = body.duedate ? timeOf(body.duedate, 'duedate') : store.clock.now();
        await engine.management.setJobDueDate(await open(principal, params['id']), dueAt, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'job.recalculate',
      method: 'POST',
      path: `${PATH}/:id/duedate/recalculate`,
      summary: 'Evaluate the expression of a timer again, from now or from when its activity began.',
      query: object({ creationDateBased: { enum: ['true', 'false'] } }),
      async handler({ principal, params, query }) {
        const from = query['creationDateBased'] === 'false' ? 'from-now' : 'from-creation';
        await engine.management.recalculateJob(await open(principal, params['id']), from, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'job.delete',
      method: 'DELETE',
      path: `${PATH}/:id`,
      summary: 'Take a job away; what waits for it waits until somebody moves it.',
      async handler({ principal, params }) {
        await engine.management.deleteJob(await open(principal, params['id']), actorOf(principal));
        return {};
      },
    }),
    route<PriorityBody>({
      id: 'job.priority',
      method: 'PUT',
      path: `${PATH}/:id/priority`,
      summary: 'Set the priority of a job.',
      body: priorityBody,
      async handler({ principal, params, body }) {
        await engine.management.setJobPriority(await open(principal, params['id']), body.priority, actorOf(principal));
        return {};
      },
    }),
    route<{ retries: number; jobIds?: string[] | null; jobQuery?: ListBody | null; dueDate?: string | null }>({
      id: 'job.retries-async',
      method: 'POST',
      path: `${PATH}/retries`,
      summary: 'Set the retries of many jobs, as a batch.',
      body: object({ retries: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 }, jobIds: idsSchema, jobQuery: orNull(jobQuery.body), dueDate: TIME }, ['retries']),
      async handler({ principal, body }) {
        const ids = new Set((body.jobIds ?? []).map(filterId));
        if (body.jobQuery) for (const id of await found(context, principal, jobList, jobQuery, body.jobQuery)) ids.add(id);
        const configuration = { retries: body.retries, ...(body.dueDate && { dueAt: timeOf(body.dueDate, 'dueDate') }) };
        return batchOf(context, principal, { type: 'set-job-retries', items: required([...ids], 'job'), configuration });
      },
    }),
    route({
      id: 'job.stacktrace',
      method: 'GET',
      path: `${PATH}/:id/stacktrace`,
      summary: 'Where the last try of a job failed.',
      async handler({ principal, params }) {
        const id = await open(principal, params['id']);
        const details = await store.query(errorDetailsOf('job', id));
        if (details === undefined) throw notFound('job', id);
        return { body: Buffer.from(details ?? ''), type: 'text/plain; charset=utf-8' };
      },
    }),
  ];
}
