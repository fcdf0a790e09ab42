import type { ElementInstance } from '#engine/core/state.ts';
import type { TypedValue } from '#engine/core/values.ts';
import { notFound } from '#engine/errors.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { areaOf } from '../tenant-of-body.ts';
import { contentOf } from '../variable-content.ts';
import { toVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf } from '../wire-format.ts';
import { executionControlRoutes } from './control-routes.ts';
import { executionOf } from './place.ts';

interface SignalBody {
  variables?: WireVariables | null;
}

export const executionRoutes = (context: RouteContext): Route[] => [
  ...executionControlRoutes(context),
  route<SignalBody>({
    id: 'execution.signal',
    method: 'POST',
    path: '/engine-rest/execution/:id/signal',
    summary: 'Let a receive task without a message go on; the id is that of its execution, or of its instance when it waits there only.',
    body: { type: 'object', additionalProperties: false, properties: { variables: wireVariablesSchema } },
    // An execution that is not there is 400 in Camunda.
    camundaStatus: { 404: 400 },
    async handler({ principal, params, body }) {
      const executionId = idOf(params['id'], 'execution');
      const { tenant } = principal;
      await context.engine.runtime.signalExecution({ executionId, tenant, area: areaOf(principal), variables: toVariables(body.variables), actor: actorOf(principal) });
      return {};
    },
  }),
  route({
    id: 'execution.local-variable-data',
    method: 'GET',
    path: '/engine-rest/execution/:id/localVariables/:name/data',
    summary: 'Content of a file or bytes variable; the id is that of an instance, a task or an external task.',
    async handler({ principal, params }) {
      const { element } = await executionOf(context, principal, params['id']);
      return contentOf(localVariable(element, params['name'] ?? ''));
    },
  }),
];

function localVariable({ variables = {} }: ElementInstance, name: string): TypedValue {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (!value) throw notFound('variable', name.slice(0, 60));
  return value;
}
