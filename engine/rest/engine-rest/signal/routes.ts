import { invalidInput } from '#engine/errors.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { areaOf, requireOwnTenant } from '../tenant-of-body.ts';
import { toVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf } from '../wire-format.ts';

const signalBody = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 190 },
    executionId: { type: ['string', 'null'], maxLength: 20 },
    variables: wireVariablesSchema,
    tenantId: { type: ['string', 'null'], maxLength: 64 },
    withoutTenantId: { type: ['boolean', 'null'] },
  },
};
interface SignalBody {
  name: string;
  executionId?: string | null;
  variables?: WireVariables | null;
  tenantId?: string | null;
  withoutTenantId?: boolean | null;
}

export const signalRoutes = ({ engine }: RouteContext): Route[] => [
  route<SignalBody>({
    id: 'signal.throw',
    method: 'POST',
    path: '/engine-rest/signal',
    summary: 'Throw a signal: to one execution, or to all who wait for it and to start events.',
    body: signalBody,
    // An execution that is not there or does not wait for the signal is 500 in Camunda.
    camundaStatus: { 404: 500 },
    async handler({ principal, body }) {
      if (body.executionId && (body.tenantId || body.withoutTenantId))
        throw invalidInput('QUERY_INVALID', 'Cannot specify a tenant-id when deliver a signal to a single execution.', {
          problem: 'tenantId',
        });
      requireOwnTenant(principal, body);
      await engine.runtime.signal({
        name: body.name,
        tenant: principal.tenant,
        area: areaOf(principal),
        variables: toVariables(body.variables),
        executionId: body.executionId ? idOf(body.executionId, 'execution') : null,
        actor: actorOf(principal),
      });
      return {};
    },
  }),
];
