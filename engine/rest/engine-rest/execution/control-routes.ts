import { notFound } from '#engine/errors.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { executionList, subscriptionsOfExecution } from '#engine/store/read-models/executions.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { modifyVariablesBody, type ModifyVariablesBody } from '../process-instance/schema.ts';
import { variablesQuery } from '../task/schema.ts';
import { toTypedValue, toVariables, toWireValue, toWireVariables, wireValueSchema, wireVariablesSchema, type WireValue, type WireVariables } from '../variable-values.ts';
import { wireId, wireTenant, wireTime } from '../wire-format.ts';
import { variableName } from '../variable-name.ts';
import { executionOf } from './place.ts';

const PATH = '/engine-rest/execution';
const filters: FilterKinds = {
  businessKey: 'text',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  processInstanceId: 'id',
  activityId: 'text',
  messageEventSubscriptionName: 'text',
  signalEventSubscriptionName: 'text',
  active: 'flag',
  suspended: 'flag',
  incidentId: 'id',
  incidentType: 'text',
  tenantIdIn: 'texts',
  processVariables: 'variables',
};
const triggerBody = { type: 'object', additionalProperties: false, properties: { variables: wireVariablesSchema } };
interface TriggerBody {
  variables?: WireVariables | null;
}
/** Camunda answers 500 where the execution is gone. */
const GONE = { 404: 500 } as const;

export function executionControlRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  return [
    ...listRoutes(context, { id: 'execution', path: PATH, kinds: filters, model: executionList, byPost: true, present: (rows) => rows.map(presentRow) }),
    route({
      id: 'execution.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One execution: an instance, or something active inside it.',
      async handler({ principal, params }) {
        const { state, element } = await executionOf(context, principal, params['id']);
        return { body: { id: params['id'] ?? String(element.id), processInstanceId: String(state.id), ended: false, tenantId: wireTenant(state.tenant) } };
      },
    }),
    route({
      id: 'execution.message-subscription',
      method: 'GET',
      path: `${PATH}/:id/messageSubscriptions/:name`,
      summary: 'What an execution waits for by this name.',
      async handler({ principal, params }) {
        const { state, element } = await executionOf(context, principal, params['id']);
        const [found] = await store.query(subscriptionsOfExecution(element.id, 'message', params['name'] ?? ''));
        if (!found) throw notFound('message subscription', (params['name'] ?? '').slice(0, 60));
        return {
          body: {
            id: String(found.id),
            eventType: 'message',
            eventName: found.name,
            executionId: String(element.id),
            processInstanceId: String(state.id),
            activityId: found.element,
            createdDate: wireTime(found.createdAt),
            tenantId: wireTenant(state.tenant),
          },
        };
      },
    }),
    route<TriggerBody>({
      id: 'execution.message-trigger',
      method: 'POST',
      path: `${PATH}/:id/messageSubscriptions/:name/trigger`,
      summary: 'Deliver a message to one execution.',
      body: triggerBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const { element } = await executionOf(context, principal, params['id']);
        const [found] = await store.query(subscriptionsOfExecution(element.id, 'message', params['name'] ?? ''));
        if (!found) throw notFound('message subscription', (params['name'] ?? '').slice(0, 60));
        await engine.runtime.triggerSubscription(found.id, toVariables(body.variables), actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'execution.local-variables',
      method: 'GET',
      path: `${PATH}/:id/localVariables`,
      summary: 'The variables of an execution itself.',
      query: variablesQuery,
      camundaStatus: GONE,
      async handler({ principal, params, query }) {
        const { element } = await executionOf(context, principal, params['id']);
        return { body: toWireVariables(element.variables ?? {}, (query['deserializeValues'] ?? query['deserializeValue']) !== 'false') };
      },
    }),
    route<ModifyVariablesBody>({
      id: 'execution.local-variables.modify',
      method: 'POST',
      path: `${PATH}/:id/localVariables`,
      summary: 'Set and remove variables of an execution itself.',
      body: modifyVariablesBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const { state, element } = await executionOf(context, principal, params['id']);
        const changes = { set: toVariables(body.modifications), remove: body.deletions ?? [], scope: element.id };
        await engine.runtime.setVariables(state.id, changes, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'execution.local-variable',
      method: 'GET',
      path: `${PATH}/:id/localVariables/:name`,
      summary: 'One variable of an execution itself.',
      query: variablesQuery,
      async handler({ principal, params, query }) {
        const { element } = await executionOf(context, principal, params['id']);
        const { variables = {} } = element;
        const name = params['name'] ?? '';
        const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
        if (!value) throw notFound('execution variable', name.slice(0, 60));
        return { body: toWireValue(value, query['deserializeValue'] !== 'false') };
      },
    }),
    route<WireValue>({
      id: 'execution.local-variable.put',
      method: 'PUT',
      path: `${PATH}/:id/localVariables/:name`,
      summary: 'Set one variable of an execution itself.',
      body: wireValueSchema,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const { state, element } = await executionOf(context, principal, params['id']);
        const name = variableName(params['name']);
        await engine.runtime.setVariables(state.id, { set: { [name]: toTypedValue(name, body) }, remove: [], scope: element.id }, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'execution.local-variable.delete',
      method: 'DELETE',
      path: `${PATH}/:id/localVariables/:name`,
      summary: 'Remove one variable of an execution itself.',
      camundaStatus: GONE,
      async handler({ principal, params }) {
        const { state, element } = await executionOf(context, principal, params['id']);
        await engine.runtime.setVariables(state.id, { set: {}, remove: [variableName(params['name'])], scope: element.id }, actorOf(principal));
        return {};
      },
    }),
  ];
}

/** Camunda's ExecutionDto. */
function presentRow(row: Row) {
  return { id: wireId(row.id), processInstanceId: wireId(row.instance_id), ended: false, tenantId: wireTenant(row.tenant) };
}
