import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { presentStarted } from '../process-definition/presenter.ts';
import { areaOf, requireOwnTenant } from '../tenant-of-body.ts';
import { toVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf } from '../wire-format.ts';

const conditionBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    variables: wireVariablesSchema,
    businessKey: { type: ['string', 'null'], maxLength: 255 },
    tenantId: { type: ['string', 'null'], maxLength: 64 },
    withoutTenantId: { type: ['boolean', 'null'] },
    processDefinitionId: { type: ['string', 'null'], maxLength: 20 },
  },
};
interface ConditionBody {
  variables?: WireVariables | null;
  businessKey?: string | null;
  tenantId?: string | null;
  withoutTenantId?: boolean | null;
  processDefinitionId?: string | null;
}

export const conditionRoutes = ({ engine, originFor, definition }: RouteContext): Route[] => [
  route<ConditionBody>({
    id: 'condition.evaluate',
    method: 'POST',
    path: '/engine-rest/condition',
    summary: 'Start each process whose conditional start event is true for the variables.',
    body: conditionBody,
    async handler({ principal, body, koa }) {
      requireOwnTenant(principal, body);
      const definitionId = body.processDefinitionId ? idOf(body.processDefinitionId, 'process definition') : null;
      if (definitionId !== null) {
        const { tenant } = await definition(definitionId);
        if (tenant !== '') requireOwnTenant(principal, { tenantId: tenant });
      }
      const started = await engine.runtime.evaluateConditions({
        tenant: principal.tenant,
        area: areaOf(principal) ?? principal.tenant,
        businessKey: body.businessKey ?? null,
        variables: toVariables(body.variables),
        definitionId,
        actor: actorOf(principal),
      });
      return { body: started.map((instance) => presentStarted(instance, originFor(koa), false)) };
    },
  }),
];
