import type { InstanceState } from '#engine/core/state.ts';
import { notFound, RequestError } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { canSee } from '#engine/identity/scope.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { processInstanceList } from '#engine/store/read-models/running-lists.ts';
import { instanceIn, processVariables } from '#engine/store/read-models/visible-variables.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { toTypedValue, toVariables, toWireValue, toWireVariables } from '../variable-values.ts';
import { variablesQuery } from '../task/schema.ts';
import { variableName } from '../variable-name.ts';
import { idOf } from '../wire-format.ts';
import { processInstanceControlRoutes } from './control-routes.ts';
import { presentProcessInstance } from './presenter.ts';
import {
  deleteQuery,
  modifyVariablesBody,
  processInstanceFilters,
  variableBody,
  type ModifyVariablesBody,
  type VariableBody,
} from './schema.ts';

const WHAT = 'process instance';
const PATH = '/engine-rest/process-instance';
/** Variables of an instance that is not there are Camunda's `NullValueException`, 500. */
const GONE = { 404: 500 } as const;

export function processInstanceRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function running(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, WHAT);
    await context.requireVisible(principal, 'process_instance', id);
    return id;
  }

  async function stateOf(principal: Principal, text: string | undefined): Promise<InstanceState> {
    const id = idOf(text, WHAT);
    const root = await store.query(loadByInstance(id));
    const state = root && instanceIn(root);
    if (!state || !canSee(principal, state)) throw notFound(WHAT, id);
    return state;
  }

  return [
    ...listRoutes(context, {
      id: 'process-instance',
      path: PATH,
      kinds: processInstanceFilters,
      model: processInstanceList,
      byPost: true,
      async present(rows) {
        const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
        return rows.map((row) => presentProcessInstance(row, definitions.get(Number(row.definition_id))));
      },
    }),
    route({
      id: 'process-instance.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One running instance.',
      async handler({ principal, params }) {
        const row = await rowOf(context, processInstanceList, 'processInstanceId', idOf(params['id'], WHAT), principal, WHAT);
        return { body: presentProcessInstance(row, await context.definition(Number(row.definition_id))) };
      },
    }),
    route({
      id: 'process-instance.delete',
      method: 'DELETE',
      path: `${PATH}/:id`,
      summary: 'End an instance from outside.',
      query: deleteQuery,
      async handler({ principal, params, query }) {
        const options = { skipListeners: query['skipCustomListeners'] === 'true', skipIoMappings: query['skipIoMappings'] === 'true' };
        const mayBeGone = query['failIfNotExists'] === 'false';
        try {
          await engine.runtime.delete(await running(principal, params['id']), null, actorOf(principal), options);
        } catch (error) {
          if (!mayBeGone || !(error instanceof RequestError) || error.status !== 404) throw error;
        }
        return {};
      },
    }),
    route({
      id: 'process-instance.variables',
      method: 'GET',
      path: `${PATH}/:id/variables`,
      summary: 'Process variables.',
      query: variablesQuery,
      camundaStatus: GONE,
      async handler({ principal, params, query }) {
        const state = await stateOf(principal, params['id']);
        return { body: toWireVariables(processVariables(state), (query['deserializeValues'] ?? query['deserializeValue']) !== 'false') };
      },
    }),
    route({
      id: 'process-instance.variable',
      method: 'GET',
      path: `${PATH}/:id/variables/:name`,
      summary: 'One process variable.',
      query: variablesQuery,
      async handler({ principal, params, query }) {
        const variables = processVariables(await stateOf(principal, params['id']));
        const name = params['name'] ?? '';
        const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
        if (!value) throw notFound('process variable', name.slice(0, 60));
        return { body: toWireValue(value, query['deserializeValue'] !== 'false') };
      },
    }),
    route<ModifyVariablesBody>({
      id: 'process-instance.variables.modify',
      method: 'POST',
      path: `${PATH}/:id/variables`,
      summary: 'Set and remove process variables.',
      body: modifyVariablesBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const id = await running(principal, params['id']);
        const changes = { set: toVariables(body.modifications), remove: body.deletions ?? [] };
        await engine.runtime.setVariables(id, changes, actorOf(principal));
        return {};
      },
    }),
    route<VariableBody>({
      id: 'process-instance.variable.put',
      method: 'PUT',
      path: `${PATH}/:id/variables/:name`,
      summary: 'Set one process variable.',
      body: variableBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const id = await running(principal, params['id']);
        const name = variableName(params['name']);
        await engine.runtime.setVariables(id, { set: { [name]: toTypedValue(name, body) }, remove: [] }, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'process-instance.variable.delete',
      method: 'DELETE',
      path: `${PATH}/:id/variables/:name`,
      summary: 'Remove one process variable.',
      camundaStatus: GONE,
      async handler({ principal, params }) {
        const id = await running(principal, params['id']);
        await engine.runtime.setVariables(id, { set: {}, remove: [variableName(params['name'])] }, actorOf(principal));
        return {};
      },
    }),
    ...processInstanceControlRoutes(context),
  ];
}
