import type { TypedValue } from '#engine/core/values.ts';
import { invalidInput } from '#engine/errors.ts';
import { canSee } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { instanceVariables, type InstanceVariables } from '#engine/store/read-models/historic-variables.ts';
import { toWireValue } from '../variable-values.ts';
import { filterId, wireTenant, wireTime } from '../wire-format.ts';
import { PAGING } from '../list-parameters.ts';

const PATH = '/engine-rest/history/variable-instance';
const MAX_INSTANCES = 50;

const WORDS = {
  processInstanceId: { type: 'string', maxLength: 20 },
  variableName: { type: 'string', maxLength: 190 },
  variableNameLike: { type: 'string', maxLength: 190 },
};
const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...WORDS,
    ...PAGING,
    processInstanceIdIn: { type: 'string', maxLength: 2000 },
    variableNameIn: { type: 'string', maxLength: 4000 },
    deserializeValues: { enum: ['true', 'false'] },
  },
};
const TEXTS = { type: 'array', maxItems: 1000, items: { type: 'string', maxLength: 190 } };
const body = { type: 'object', additionalProperties: false, properties: { ...WORDS, processInstanceIdIn: TEXTS, variableNameIn: TEXTS } };

interface Wanted {
  processInstanceId?: string | undefined;
  processInstanceIdIn?: string[] | undefined;
  variableName?: string | undefined;
  variableNameIn?: string[] | undefined;
  variableNameLike?: string | undefined;
}

/** Process variables live with their instance, so this list is asked per instance. */
export function historicVariableRoutes({ store, definitionsOf }: RouteContext): Route[] {
  async function rows(principal: Principal, wanted: Wanted, deserialize: boolean) {
    const ids = idsOf(wanted);
    const found: InstanceVariables[] = [];
    for (const id of ids) {
      const instance = await store.query(instanceVariables(id));
      if (instance && canSee(principal, instance)) found.push(instance);
    }
    const definitions = await definitionsOf(found.map(({ definitionId }) => definitionId));
    return found.flatMap((instance) =>
      Object.entries(instance.variables)
        .filter(([name]) => isWanted(name, wanted))
        .map(([name, value]) => present(instance, name, value, definitions.get(instance.definitionId)?.key ?? null, deserialize)),
    );
  }
  const page = <T>(list: T[], from: string | undefined, max: string | undefined): T[] => {
    const first = Number(from ?? 0);
    return list.slice(first, max === undefined ? undefined : first + Number(max));
  };
  const ofQuery = (values: Record<string, string | undefined>): Wanted => ({
    processInstanceId: values['processInstanceId'],
    processInstanceIdIn: values['processInstanceIdIn']?.split(','),
    variableName: values['variableName'],
    variableNameIn: values['variableNameIn']?.split(','),
    variableNameLike: values['variableNameLike'],
  });

  return [
    route({
      id: 'history.variable-instance.list',
      method: 'GET',
      path: PATH,
      summary: 'Process variables of instances, running or ended.',
      query,
      async handler({ principal, query: values }) {
        const list = await rows(principal, ofQuery(values), values['deserializeValues'] !== 'false');
        return { body: page(list, values['firstResult'], values['maxResults']) };
      },
    }),
    route({
      id: 'history.variable-instance.count',
      method: 'GET',
      path: `${PATH}/count`,
      summary: 'Count by query parameters.',
      query,
      handler: async ({ principal, query: values }) => ({ body: { count: (await rows(principal, ofQuery(values), false)).length } }),
    }),
    route<Wanted>({
      id: 'history.variable-instance.query',
      method: 'POST',
      path: PATH,
      summary: 'List by a body.',
      query: { type: 'object', additionalProperties: false, properties: { ...PAGING, deserializeValues: { enum: ['true', 'false'] } } },
      body,
      audited: false,
      async handler({ principal, query: values, body: wanted }) {
        return {
          body: page(await rows(principal, wanted, values['deserializeValues'] !== 'false'), values['firstResult'], values['maxResults']),
        };
      },
    }),
    route<Wanted>({
      id: 'history.variable-instance.query-count',
      method: 'POST',
      path: `${PATH}/count`,
      summary: 'Count by a body.',
      body,
      audited: false,
      handler: async ({ principal, body: wanted }) => ({ body: { count: (await rows(principal, wanted, false)).length } }),
    }),
  ];
}

function idsOf({ processInstanceId, processInstanceIdIn }: Wanted): number[] {
  const texts = processInstanceId === undefined ? (processInstanceIdIn ?? []) : [processInstanceId];
  if (texts.length === 0 || texts.length > MAX_INSTANCES)
    throw invalidInput(
      'QUERY_INVALID',
      `Expected processInstanceId, or processInstanceIdIn with 1 to ${MAX_INSTANCES} ids, but it is missing`,
      { problem: 'processInstanceId' },
    );
  return texts.map(filterId);
}

function isWanted(name: string, { variableName, variableNameIn, variableNameLike }: Wanted): boolean {
  if (variableName !== undefined && name !== variableName) return false;
  if (variableNameIn !== undefined && !variableNameIn.includes(name)) return false;
  return variableNameLike === undefined || isLike(name, variableNameLike);
}

/** `%` at the ends, as Camunda's like is used; elsewhere it is a character. */
function isLike(name: string, pattern: string): boolean {
  const text = pattern.replace(/^%|%$/g, '');
  if (pattern.startsWith('%') && pattern.endsWith('%')) return name.includes(text);
  if (pattern.startsWith('%')) return name.endsWith(text);
  return pattern.endsWith('%') ? name.startsWith(text) : name === text;
}

/** Camunda's HistoricVariableInstanceDto. */
function present(instance: InstanceVariables, name: string, value: TypedValue, definitionKey: string | null, deserialize: boolean) {
  return {
    id: `${instance.instanceId}:${name}`,
    name,
    ...toWireValue(value, deserialize),
    processDefinitionKey: definitionKey,
    processDefinitionId: String(instance.definitionId),
    processInstanceId: String(instance.instanceId),
    executionId: String(instance.instanceId),
    activityInstanceId: String(instance.instanceId),
    caseDefinitionKey: null,
    caseDefinitionId: null,
    caseInstanceId: null,
    caseExecutionId: null,
    taskId: null,
    errorMessage: null,
    tenantId: wireTenant(instance.tenant),
    state: 'CREATED',
    createTime: wireTime(instance.startedAt),
    removalTime: null,
    rootProcessInstanceId: String(instance.rootId),
  };
}
