import { historicVariables, parseVariableId, variableId, type HistoricVariable } from '#engine/history/variables.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import type { FilterValue, ListRequest } from '#engine/store/read-models/filtered-list.ts';
import { INSTANCE_FILTERS } from '#engine/store/read-models/history-commands.ts';
import { listParameters, PAGING, wholePage, type FilterKinds, type ListBody } from '../list-parameters.ts';
import { contentOf } from '../variable-content.ts';
import { toWireValue } from '../variable-values.ts';
import { wireId, wireTenant, wireTime } from '../wire-format.ts';
import { logContext, matchesLike } from './log-list.ts';
import { sortedRows } from './sorted-rows.ts';

const PATH = '/engine-rest/history/variable-instance';
const SHOWN = { deserializeValues: { enum: ['true', 'false'] } };
const kinds: FilterKinds = {
  processInstanceId: 'id',
  processInstanceIdIn: 'ids',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  variableName: 'text',
  variableNameIn: 'texts',
  variableNameLike: 'text',
  variableTypeIn: 'texts',
  executionIdIn: 'ids',
  activityInstanceIdIn: 'ids',
  includeDeleted: 'flag',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
};
const sorts: Readonly<Record<string, (variable: HistoricVariable) => string | number>> = {
  instanceId: ({ instance }) => instance.id,
  variableName: ({ name }) => name,
  tenantId: ({ instance }) => instance.tenant,
};
const tests: Readonly<Record<string, (variable: HistoricVariable, value: FilterValue) => boolean>> = {
  variableName: ({ name }, value) => name === value,
  variableNameIn: ({ name }, value) => (value as readonly string[]).includes(name),
  variableNameLike: ({ name }, value) => matchesLike(name, value as string),
  variableTypeIn: ({ value: { type } }, value) => (value as readonly string[]).some((wanted) => wanted.toLowerCase() === type.toLowerCase()),
  executionIdIn: ({ scope }, value) => (value as readonly number[]).includes(scope),
  activityInstanceIdIn: ({ scope }, value) => (value as readonly number[]).includes(scope),
  includeDeleted: () => true,
};

/** Variables of instances and of their parts, running or ended, each with its last value; every value is in `/history/detail`. */
export function historicVariableRoutes(context: RouteContext): Route[] {
  const { store } = context;
  const parameters = listParameters(kinds, { sorts });
  const now = () => store.clock.now();

  function find({ scope, filter }: Pick<ListRequest, 'scope' | 'filter'>, enough: number | null): Promise<HistoricVariable[]> {
    const instances: Record<string, FilterValue> = {};
    const wanted: ((variable: HistoricVariable) => boolean)[] = filter['includeDeleted'] ? [] : [({ removed }) => !removed];
    for (const [name, value] of Object.entries(filter)) {
      if (name in INSTANCE_FILTERS) instances[name] = value;
      else wanted.push((variable) => tests[name]?.(variable, value) ?? false);
    }
    return historicVariables(logContext(context), { scope, instances, enough, keeps: (variable) => wanted.every((test) => test(variable)) });
  }
  async function list(request: ListRequest, query: Record<string, string | undefined>): Promise<Reply> {
    const all = await find(request, request.sort.length === 0 ? request.offset + request.limit : null);
    const page = wholePage(sortedRows(all, request.sort, sorts).slice(request.offset, request.offset + request.limit), request);
    const definitions = await context.definitionsOf(page.map(({ instance }) => instance.definitionId));
    return { body: page.map((variable) => present(variable, definitions.get(variable.instance.definitionId)?.key ?? null, query['deserializeValues'] !== 'false')) };
  }
  const count = async (request: ListRequest): Promise<Reply> => ({ body: { count: (await find(request, null)).length } });
  async function one(id: string, principal: Principal): Promise<HistoricVariable> {
    const place = parseVariableId(id);
    const filter = { processInstanceId: place?.instance ?? -1, includeDeleted: true };
    const variable = place ? (await find({ scope: scopeOf(principal), filter }, null)).find(({ scope, name }) => scope === place.scope && name === place.name) : undefined;
    if (!variable) throw notFound('variable instance', id.slice(0, 60));
    return variable;
  }
  const own = (query: Record<string, string | undefined>) => ({ ...query, deserializeValues: undefined });
  const withShown = (schema: object) => ({ ...schema, properties: { ...(schema as { properties: object }).properties, ...SHOWN } });

  return [
    route({
      id: 'history.variable-instance.list',
      method: 'GET',
      path: PATH,
      summary: 'Variables of instances, running or ended.',
      query: withShown(parameters.query),
      handler: ({ principal, query }) => list(parameters.ofQuery(own(query), scopeOf(principal), now()), query),
    }),
    route({
      id: 'history.variable-instance.count',
      method: 'GET',
      path: `${PATH}/count`,
      summary: 'Count by query parameters.',
      query: withShown(parameters.countQuery),
      handler: ({ principal, query }) => count(parameters.ofQuery(own(query), scopeOf(principal), now())),
    }),
    route<ListBody>({
      id: 'history.variable-instance.query',
      method: 'POST',
      path: PATH,
      summary: 'List by a body.',
      query: { type: 'object', additionalProperties: false, properties: { ...PAGING, ...SHOWN } },
      body: parameters.body,
      audited: false,
      handler: ({ principal, query, body }) => list(parameters.ofBody(body, query, scopeOf(principal), now()), query),
    }),
    route<ListBody>({
      id: 'history.variable-instance.query-count',
      method: 'POST',
      path: `${PATH}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      handler: ({ principal, body }) => count(parameters.ofBody(body, {}, scopeOf(principal), now())),
    }),
    route({
      id: 'history.variable-instance.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One variable.',
      query: { type: 'object', additionalProperties: false, properties: SHOWN },
      async handler({ principal, params, query }) {
        const variable = await one(params['id'] ?? '', principal);
        const { key } = await context.definition(variable.instance.definitionId);
        return { body: present(variable, key, query['deserializeValues'] !== 'false') };
      },
    }),
    route({
      id: 'history.variable-instance.data',
      method: 'GET',
      path: `${PATH}/:id/data`,
      summary: 'Content of a variable that is a file or bytes.',
      handler: async ({ principal, params }) => contentOf((await one(params['id'] ?? '', principal)).value),
    }),
  ];
}

/** Camunda's HistoricVariableInstanceDto. */
function present({ instance, name, scope, value, createdAt, removed }: HistoricVariable, definitionKey: string | null, deserialize: boolean) {
  return {
    id: variableId(instance.id, scope, name),
    name,
    ...toWireValue(value, deserialize),
    processDefinitionKey: definitionKey,
    processDefinitionId: wireId(instance.definitionId),
    processInstanceId: wireId(instance.id),
    executionId: wireId(scope),
    activityInstanceId: wireId(scope),
    caseDefinitionKey: null,
    caseDefinitionId: null,
    caseInstanceId: null,
    caseExecutionId: null,
    taskId: null,
    errorMessage: null,
    tenantId: wireTenant(instance.tenant),
    state: removed ? 'DELETED' : 'CREATED',
    createTime: wireTime(createdAt),
    removalTime: null,
    rootProcessInstanceId: wireId(instance.rootId),
  };
}
