import { invalidInput, notAllowed } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { definitionList } from '#engine/store/read-models/definition-lists.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import { PAGING } from '../list-parameters.ts';
import { executionTime, requireOneOf, suspensionBodyWith, type SuspensionBody } from '../suspension-body.ts';
import { filterId, wireTenant } from '../wire-format.ts';
import { findJobDefinition, jobDefinitionsIn, type FoundJobDefinition } from './find-job-definition.ts';

const PATH = '/engine-rest/job-definition';

interface Filter {
  jobDefinitionId?: string | null;
  activityIdIn?: string[] | null;
  processDefinitionId?: string | null;
  processDefinitionKey?: string | null;
  jobType?: string | null;
  jobConfiguration?: string | null;
  active?: boolean | null;
  suspended?: boolean | null;
  withOverridingJobPriority?: boolean | null;
}
interface SuspendBody extends SuspensionBody {
  includeJobs?: boolean | null;
  executionDate?: string | null;
  processDefinitionId?: string | null;
  processDefinitionKey?: string | null;
}

const TEXTS = ['jobDefinitionId', 'processDefinitionId', 'processDefinitionKey', 'jobType', 'jobConfiguration'] as const;
const FLAGS = ['active', 'suspended', 'withOverridingJobPriority'] as const;
const schema = (text: object, flag: object, list: object, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  properties: { ...Object.fromEntries(TEXTS.map((name) => [name, text])), ...Object.fromEntries(FLAGS.map((name) => [name, flag])), activityIdIn: list, ...more },
});
const query = schema({ type: 'string', maxLength: 255 }, { enum: ['true', 'false'] }, { type: 'string', maxLength: 4000 }, PAGING);
const body = schema({ type: ['string', 'null'], maxLength: 255 }, { type: ['boolean', 'null'] }, { type: ['array', 'null'], maxItems: 1000, items: { type: 'string', maxLength: 255 } });
const retries = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 };

/** Camunda's job definitions: what in a process makes jobs. They are worked out from the models. */
export function jobDefinitionRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function matching(principal: Principal, filter: Filter): Promise<FoundJobDefinition[]> {
    if (filter.jobDefinitionId) {
      const one = await findJobDefinition(context, principal, filter.jobDefinitionId).catch(() => null);
      return one && isMatch(one, filter) ? [one] : [];
    }
    const named = {
      ...(filter.processDefinitionId && { processDefinitionId: filterId(filter.processDefinitionId) }),
      ...(filter.processDefinitionKey && { key: filter.processDefinitionKey }),
    };
    const rows = await store.query(listRows(definitionList, { scope: scopeOf(principal), filter: named, sort: [], offset: 0, limit: 10_000 }));
    const found: FoundJobDefinition[] = [];
    for (const { id } of rows) found.push(...(await jobDefinitionsIn(context, await context.definition(Number(id)))));
    return found.filter((one) => isMatch(one, filter));
  }

  /** @throws RequestError 404; 403 for a job definition of the shared standard */
  async function own(principal: Principal, id: string | undefined): Promise<FoundJobDefinition> {
    const one = await findJobDefinition(context, principal, id ?? '');
    if (one.of.tenant !== principal.tenant) throw notAllowed('Expected something of the own district, but it is part of the shared standard', { userId: principal.id });
    return one;
  }

  const suspend = async (principal: Principal, found: readonly FoundJobDefinition[], { suspended, includeJobs, executionDate }: SuspendBody): Promise<Reply> => {
    const definitions = found.map(({ key }) => key);
    await engine.management.suspendJobDefinitions({ definitions, tenant: principal.tenant, suspended, includeJobs: includeJobs === true, at: executionTime(executionDate), actor: actorOf(principal) });
    return {};
  };

  return [
    route({
      id: 'job-definition.list',
      method: 'GET',
      path: PATH,
      summary: 'List by query parameters.',
      query,
      async handler({ principal, query: asked }) {
        const found = await matching(principal, fromQuery(asked));
        const first = Number(asked['firstResult'] ?? 0);
        return { body: found.slice(first, asked['maxResults'] === undefined ? undefined : first + Number(asked['maxResults'])).map(present) };
      },
    }),
    route({
      id: 'job-definition.count',
      method: 'GET',
      path: `${PATH}/count`,
      summary: 'Count by query parameters.',
      query,
      handler: async ({ principal, query: asked }) => ({ body: { count: (await matching(principal, fromQuery(asked))).length } }),
    }),
    route<Filter>({
      id: 'job-definition.query',
      method: 'POST',
      path: PATH,
      summary: 'List by a body.',
      body,
      audited: false,
      handler: async ({ principal, body: filter }) => ({ body: (await matching(principal, filter)).map(present) }),
    }),
    route<Filter>({
      id: 'job-definition.query-count',
      method: 'POST',
      path: `${PATH}/count`,
      summary: 'Count by a body.',
      body,
      audited: false,
      handler: async ({ principal, body: filter }) => ({ body: { count: (await matching(principal, filter)).length } }),
    }),
    route({
      id: 'job-definition.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One job definition.',
      handler: async ({ principal, params }) => ({ body: present(await findJobDefinition(context, principal, params['id'] ?? '')) }),
    }),
    route<SuspendBody>({
      id: 'job-definition.suspend',
      method: 'PUT',
      path: `${PATH}/:id/suspended`,
      summary: 'New jobs of a suspended job definition are suspended; those that are there, if they are included.',
      body: suspensionBodyWith(['executionDate'], ['includeJobs']),
      handler: async ({ principal, params, body: input }) => suspend(principal, [await own(principal, params['id'])], input),
    }),
    route<SuspendBody>({
      id: 'job-definition.suspend-many',
      method: 'PUT',
      path: `${PATH}/suspended`,
      summary: 'The same for all job definitions of a process definition.',
      body: suspensionBodyWith(['executionDate', 'processDefinitionId', 'processDefinitionKey'], ['includeJobs']),
      async handler({ principal, body: input }) {
        requireOneOf(input, ['processDefinitionId', 'processDefinitionKey']);
        const found = await matching(principal, { processDefinitionId: input.processDefinitionId ?? null, processDefinitionKey: input.processDefinitionKey ?? null });
        return suspend(principal, found.filter(({ of }) => of.tenant === principal.tenant), input);
      },
    }),
    route<{ retries: number; dueDate?: null }>({
      id: 'job-definition.retries',
      method: 'PUT',
      path: `${PATH}/:id/retries`,
      summary: 'Set the retries of the jobs that have none left.',
      body: { type: 'object', additionalProperties: false, required: ['retries'], properties: { retries } },
      async handler({ principal, params, body: input }) {
        const { key } = await own(principal, params['id']);
        await engine.management.setJobDefinitionRetries(key, principal.tenant, input.retries, actorOf(principal));
        return {};
      },
    }),
    route<{ priority?: number | null; includeJobs?: boolean | null }>({
      id: 'job-definition.priority',
      method: 'PUT',
      path: `${PATH}/:id/jobPriority`,
      summary: 'Set the priority of new jobs, and of those that are there; null = what the model says.',
      body: {
        type: 'object',
        additionalProperties: false,
        properties: { priority: { type: ['integer', 'null'], minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, includeJobs: { type: ['boolean', 'null'] } },
      },
      async handler({ principal, params, body: { priority = null, includeJobs } }) {
        if (priority === null && includeJobs)
          throw invalidInput('QUERY_INVALID', 'Cannot reset priority for job definition with includeJobs=true', { problem: 'includeJobs' });
        const { key } = await own(principal, params['id']);
        await engine.management.setJobDefinitionPriority(key, principal.tenant, priority, includeJobs === true, actorOf(principal));
        return {};
      },
    }),
  ];
}

function isMatch({ job, setting }: FoundJobDefinition, { activityIdIn, jobType, jobConfiguration, active, suspended, withOverridingJobPriority }: Filter): boolean {
  const isSuspended = setting?.suspended ?? false;
  return (
    (!activityIdIn || activityIdIn.includes(job.element)) &&
    (!jobType || jobType === job.type) &&
    (!jobConfiguration || jobConfiguration === job.configuration) &&
    !(active && isSuspended) &&
    !(suspended && !isSuspended) &&
    !(withOverridingJobPriority && (setting?.priority ?? null) === null)
  );
}

function fromQuery(asked: Record<string, string | undefined>): Filter {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, asked[name] ?? null]));
  const flags = Object.fromEntries(FLAGS.map((name) => [name, asked[name] === 'true']));
  return { ...texts, ...flags, activityIdIn: asked['activityIdIn']?.split(',') ?? null };
}

/** Camunda's JobDefinitionDto. */
function present({ id, of, job, setting }: FoundJobDefinition) {
  return {
    id,
    processDefinitionId: String(of.id),
    processDefinitionKey: of.key,
    activityId: job.element,
    jobType: job.type,
    jobConfiguration: job.configuration,
    overridingJobPriority: setting?.priority ?? null,
    suspended: setting?.suspended ?? false,
    tenantId: wireTenant(of.tenant),
    deploymentId: String(of.deploymentId),
  };
}
