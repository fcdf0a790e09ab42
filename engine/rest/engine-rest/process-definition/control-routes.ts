import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Request, type Route } from '#engine/rest/route.ts';
import { definitionList } from '#engine/store/read-models/definition-lists.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import { batchOf } from '../batch-of.ts';
import { selectedInstances, selectionProperties, type WireSelection } from '../instance-selection.ts';
import { startInstructionsSchema, toStartInstructions, type WireInstruction } from '../modification/instructions.ts';
import { executionTime, requireOneOf, suspensionBodyWith, type SuspensionBody } from '../suspension-body.ts';
import { idOf } from '../wire-format.ts';
import { namedDefinition, WAYS } from './named-definition.ts';

const PATH = '/engine-rest/process-definition';
const FLAG = { type: ['boolean', 'null'] };

interface RestartBody extends Pick<WireSelection, 'processInstanceIds' | 'historicProcessInstanceQuery'> {
  skipCustomListeners?: boolean | null;
  skipIoMappings?: boolean | null;
  initialVariables?: boolean | null;
  withoutBusinessKey?: boolean | null;
  instructions: WireInstruction[];
}
interface SuspendBody extends SuspensionBody {
  processDefinitionId?: string | null;
  processDefinitionKey?: string | null;
  includeProcessInstances?: boolean | null;
  executionDate?: string | null;
}

const restartBody = {
  type: 'object',
  additionalProperties: false,
  required: ['instructions'],
  properties: {
    processInstanceIds: selectionProperties.processInstanceIds,
    historicProcessInstanceQuery: selectionProperties.historicProcessInstanceQuery,
    skipCustomListeners: FLAG,
    skipIoMappings: FLAG,
    initialVariables: FLAG,
    withoutBusinessKey: FLAG,
    instructions: { ...startInstructionsSchema, type: 'array', minItems: 1 },
  },
};
const FLAG_TEXT = { enum: ['true', 'false'] };
export const deleteQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { cascade: FLAG_TEXT, skipCustomListeners: FLAG_TEXT, skipIoMappings: FLAG_TEXT },
};

/** What an operator does to definitions: restart what ended, stop and start them, delete them. */
export function processDefinitionControlRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function restartInput({ principal, params, body }: Request<RestartBody>) {
    const { id: definitionId } = await namedDefinition(context, { principal, params } as Request<unknown>);
    const items = await selectedInstances(context, principal, body);
    const { skipCustomListeners, skipIoMappings, initialVariables, withoutBusinessKey, instructions } = body;
    const configuration = {
      definitionId,
      instructions: toStartInstructions(instructions),
      initialVariables: initialVariables === true,
      withoutBusinessKey: withoutBusinessKey === true,
      skipListeners: skipCustomListeners === true,
      skipIoMappings: skipIoMappings === true,
    };
    return { items, configuration };
  }

  /** All versions of a key that are the district's own. @throws RequestError 404 when there is none */
  async function versionsOf(principal: Principal, key: string): Promise<number[]> {
    const scope = { tenant: principal.tenant, areas: principal.areas };
    const rows = await store.query(listRows(definitionList, { scope, filter: { key, tenantIdIn: [principal.tenant] }, sort: [], offset: 0, limit: 100_000 }));
    if (rows.length === 0) throw notFound('process definition with key', key);
    return rows.map(({ id }) => Number(id));
  }

  const suspend = (principal: Principal, ids: readonly number[], body: SuspendBody) =>
    engine.repository.suspend({
      ids,
      tenant: principal.tenant,
      areas: principal.areas,
      suspended: body.suspended,
      includeInstances: body.includeProcessInstances === true,
      at: executionTime(body.executionDate),
      actor: actorOf(principal),
    });

  /** By id one version, by key all of them. */
  async function idsOf(request: Request<unknown>): Promise<number[]> {
    const { id } = await namedDefinition(context, request);
    const { key } = request.params;
    return key === undefined ? [id] : versionsOf(request.principal, key);
  }

  const perWay = WAYS.flatMap(({ suffix, path }) => [
    route<SuspendBody>({
      id: `process-definition.suspend${suffix}`,
      method: 'PUT',
      path: `${PATH}${path}/suspended`,
      summary: 'Suspend or activate a definition: now, or at `executionDate`.',
      body: suspensionBodyWith(['executionDate'], ['includeProcessInstances']),
      async handler(request) {
        await suspend(request.principal, await idsOf(request as Request<unknown>), request.body);
        return {};
      },
    }),
    route({
      id: `process-definition.delete${suffix}`,
      method: 'DELETE',
      path: `${PATH}${path}`,
      summary: 'Delete a definition; by key all its versions. With `cascade` its instances and their history go too.',
      query: deleteQuery,
      async handler(request) {
        const { principal, query } = request;
        const options = deleteOptions(principal, query);
        for (const id of (await idsOf(request)).toSorted((a, b) => b - a)) await engine.repository.deleteDefinition(id, options);
        return {};
      },
    }),
  ]);

  return [
    ...perWay,
    route<SuspendBody>({
      id: 'process-definition.suspend-many',
      method: 'PUT',
      path: `${PATH}/suspended`,
      summary: 'Suspend or activate all versions of a key, or one definition.',
      body: suspensionBodyWith(['executionDate', 'processDefinitionId', 'processDefinitionKey'], ['includeProcessInstances']),
      async handler({ principal, body }) {
        requireOneOf(body, ['processDefinitionId', 'processDefinitionKey']);
        const { processDefinitionId, processDefinitionKey } = body;
        const ids = processDefinitionId ? [idOf(processDefinitionId, 'process definition')] : await versionsOf(principal, processDefinitionKey ?? '');
        await suspend(principal, ids, body);
        return {};
      },
    }),
    route<RestartBody>({
      id: 'process-definition.restart',
      method: 'POST',
      path: `${PATH}/:id/restart`,
      summary: 'Begin ended instances anew, as new ones.',
      body: restartBody,
      async handler(request) {
        const { items, configuration } = await restartInput(request);
        const { principal } = request;
        for (const id of items) await engine.runtime.restart(id, configuration, principal, actorOf(principal));
        return {};
      },
    }),
    route<RestartBody>({
      id: 'process-definition.restart-async',
      method: 'POST',
      path: `${PATH}/:id/restart-async`,
      summary: 'The same as a batch.',
      body: restartBody,
      async handler(request) {
        return batchOf(context, request.principal, { type: 'instance-restart', ...(await restartInput(request)) });
      },
    }),
  ];
}

export function deleteOptions(principal: Principal, query: Record<string, string | undefined>) {
  return {
    tenant: principal.tenant,
    actor: actorOf(principal),
    cascade: query['cascade'] === 'true',
    skipListeners: query['skipCustomListeners'] === 'true',
    skipIoMappings: query['skipIoMappings'] === 'true',
  };
}
