import { invalidInput } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { canSee } from '#engine/identity/scope.ts';
import { notFound } from '#engine/errors.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { jobIdsOf } from '#engine/store/job-settings.ts';
import { instanceIn } from '#engine/store/read-models/visible-variables.ts';
import { batchOf } from '../batch-of.ts';
import { orNull, required, selectedInstances, selectionProperties, type WireSelection } from '../instance-selection.ts';
import { modificationBody, toModification, type ModificationBody } from '../modification/instructions.ts';
import { requireOneOf, suspensionBody, suspensionBodyWith, type SuspensionBody } from '../suspension-body.ts';
import { toVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf, timeOf } from '../wire-format.ts';
import { activityInstanceTree } from './activity-instances.ts';

const WHAT = 'process instance';
const PATH = '/engine-rest/process-instance';
const FLAG = { type: ['boolean', 'null'] };
const object = (properties: object, required: string[] = []) => ({ type: 'object', additionalProperties: false, required, properties });

interface DeleteBody extends WireSelection {
  deleteReason?: string | null;
  skipCustomListeners?: boolean | null;
  skipIoMappings?: boolean | null;
}
interface SuspendManyBody extends WireSelection, SuspensionBody {
  processDefinitionId?: string | null;
  processDefinitionKey?: string | null;
}
interface RetriesBody extends WireSelection {
  processInstances?: string[] | null;
  retries: number;
  dueDate?: string | null;
}

const deleteBody = object({
  ...selectionProperties,
  deleteReason: { type: ['string', 'null'], maxLength: 4000 },
  skipCustomListeners: FLAG,
  skipIoMappings: FLAG,
  skipSubprocesses: { enum: [false, null] },
});

/** What an operator does to instances: look into them, move their tokens, stop them, end them. */
export function processInstanceControlRoutes(context: RouteContext): Route[] {
  const { engine, store, modelOf } = context;

  async function running(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, WHAT);
    await context.requireVisible(principal, 'process_instance', id);
    return id;
  }

  const deletion = (id: string, path: string) =>
    route<DeleteBody>({
      id,
      method: 'POST',
      path,
      summary: 'End many instances, as a batch.',
      body: deleteBody,
      async handler({ principal, body }) {
        const items = await selectedInstances(context, principal, body);
        const configuration = { reason: body.deleteReason ?? null, skipListeners: body.skipCustomListeners === true, skipIoMappings: body.skipIoMappings === true };
        return batchOf(context, principal, { type: 'instance-deletion', items, configuration });
      },
    });

  return [
    route({
      id: 'process-instance.activity-instances',
      method: 'GET',
      path: `${PATH}/:id/activity-instances`,
      summary: 'The tree of what is active in an instance.',
      camundaStatus: { 404: 500 },
      async handler({ principal, params }) {
        const id = idOf(params['id'], WHAT);
        const root = await store.query(loadByInstance(id));
        const state = root && instanceIn(root);
        if (!state || !canSee(principal, state)) throw notFound(WHAT, id);
        return { body: activityInstanceTree(state, await modelOf(state.definitionId)) };
      },
    }),
    route<ModificationBody>({
      id: 'process-instance.modification',
      method: 'POST',
      path: `${PATH}/:id/modification`,
      summary: 'Cancel and begin activities of an instance: all instructions or none.',
      body: modificationBody,
      async handler({ principal, params, body }) {
        const input = toModification(body);
        await engine.runtime.modify({ instanceId: await running(principal, params['id']), ...input }, actorOf(principal));
        return {};
      },
    }),
    route<ModificationBody>({
      id: 'process-instance.modification-async',
      method: 'POST',
      path: `${PATH}/:id/modification-async`,
      summary: 'The same as a batch.',
      body: modificationBody,
      async handler({ principal, params, body }) {
        const configuration = toModification(body);
        return batchOf(context, principal, { type: 'instance-modification', items: [await running(principal, params['id'])], configuration });
      },
    }),
    route<SuspensionBody>({
      id: 'process-instance.suspend',
      method: 'PUT',
      path: `${PATH}/:id/suspended`,
      summary: 'Suspend or activate an instance.',
      body: suspensionBody,
      async handler({ principal, params, body }) {
        await engine.runtime.setSuspended(await running(principal, params['id']), body.suspended, actorOf(principal));
        return {};
      },
    }),
    route<SuspendManyBody>({
      id: 'process-instance.suspend-many',
      method: 'PUT',
      path: `${PATH}/suspended`,
      summary: 'Suspend or activate the instances of a definition, or those that ids or queries name.',
      body: suspendManyBody,
      async handler({ principal, body }) {
        const actor = actorOf(principal);
        if (body.processInstanceIds || body.processInstanceQuery || body.historicProcessInstanceQuery) {
          const ids = await selectedInstances(context, principal, body);
          for (const id of ids) await context.requireVisible(principal, 'process_instance', id);
          for (const id of ids) await engine.runtime.setSuspended(id, body.suspended, actor);
          return {};
        }
        requireOneOf(body, ['processDefinitionId', 'processDefinitionKey']);
        const query = body.processDefinitionId ? { processDefinitionId: body.processDefinitionId } : { processDefinitionKey: body.processDefinitionKey };
        const none = (error: { code?: string }) => (error.code === 'QUERY_INVALID' ? [] : Promise.reject(error as Error));
        for (const id of await selectedInstances(context, principal, { processInstanceQuery: query }).catch(none)) await engine.runtime.setSuspended(id, body.suspended, actor);
        return {};
      },
    }),
    route<WireSelection & SuspensionBody>({
      id: 'process-instance.suspend-async',
      method: 'POST',
      path: `${PATH}/suspended-async`,
      summary: 'Suspend or activate many instances, as a batch.',
      body: object({ ...selectionProperties, suspended: { type: 'boolean' } }, ['suspended']),
      async handler({ principal, body }) {
        const items = await selectedInstances(context, principal, body);
        return batchOf(context, principal, { type: 'instance-update-suspension-state', items, configuration: { suspended: body.suspended } });
      },
    }),
    deletion('process-instance.delete-async', `${PATH}/delete`),
    deletion('process-instance.delete-async-historic', `${PATH}/delete-historic-query-based`),
    route<WireSelection & { variables: WireVariables }>({
      id: 'process-instance.variables-async',
      method: 'POST',
      path: `${PATH}/variables-async`,
      summary: 'Set process variables of many instances, as a batch.',
      body: object({ ...selectionProperties, variables: { ...wireVariablesSchema, type: 'object', minProperties: 1 } }, ['variables']),
      async handler({ principal, body }) {
        const configuration = { variables: toVariables(body.variables) };
        if (Object.values(configuration.variables).some(({ transient }) => transient))
          throw invalidInput('VALUE_INVALID', 'Expected variables that are stored, but one is transient', { name: 'variables', type: 'transient' });
        return batchOf(context, principal, { type: 'set-variables', items: await selectedInstances(context, principal, body), configuration });
      },
    }),
    route<WireSelection & { messageName: string; variables?: WireVariables | null }>({
      id: 'process-instance.message-async',
      method: 'POST',
      path: `${PATH}/message-async`,
      summary: 'Deliver a message to many instances, as a batch.',
      body: object({ ...selectionProperties, messageName: { type: 'string', minLength: 1, maxLength: 190 }, variables: wireVariablesSchema }, ['messageName']),
      async handler({ principal, body }) {
        const configuration = { message: body.messageName, variables: toVariables(body.variables) };
        return batchOf(context, principal, { type: 'correlate-message', items: await selectedInstances(context, principal, body), configuration });
      },
    }),
    ...['', '-historic-query-based'].map((suffix) =>
      route<RetriesBody>({
        id: `process-instance.job-retries${suffix}`,
        method: 'POST',
        path: `${PATH}/job-retries${suffix}`,
        summary: 'Set the retries of the failed jobs of many instances, as a batch.',
        body: object(
          {
            processInstances: selectionProperties.processInstanceIds,
            processInstanceQuery: orNull(selectionProperties.processInstanceQuery),
            historicProcessInstanceQuery: selectionProperties.historicProcessInstanceQuery,
            retries: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 },
            dueDate: { type: ['string', 'null'], maxLength: 40 },
          },
          ['retries'],
        ),
        async handler({ principal, body }) {
          const instances = await selectedInstances(context, principal, { ...body, processInstanceIds: body.processInstances ?? null });
          const items = required(await store.query(failedJobsOf(principal.tenant, instances)), 'failed job');
          const configuration = { retries: body.retries, ...(body.dueDate && { dueAt: timeOf(body.dueDate, 'dueDate') }) };
          return batchOf(context, principal, { type: 'set-job-retries', items, configuration });
        },
      }),
    ),
  ];
}

const suspendManyBody = {
  ...suspensionBodyWith(['processDefinitionId', 'processDefinitionKey']),
};
Object.assign((suspendManyBody as unknown as { properties: object }).properties, selectionProperties);

function* failedJobsOf(tenant: string, instances: readonly number[]) {
  const ids: number[] = [];
  for (const instanceId of instances) ids.push(...(yield* jobIdsOf({ instanceId, failed: true, tenant })));
  return ids;
}
