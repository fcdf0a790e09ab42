import { invalidInput } from '#engine/errors.ts';
import { actorOf, idempotencyKeyOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { CorrelateResult } from '#engine/services/contract.ts';
import { presentStarted } from '../process-definition/presenter.ts';
import { areaOf, requireOwnTenant } from '../tenant-of-body.ts';
import { toVariables, toWireVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf, wireTenant } from '../wire-format.ts';

const messageBody = {
  type: 'object',
  additionalProperties: false,
  required: ['messageName'],
  properties: {
    messageName: { type: 'string', minLength: 1, maxLength: 190 },
    businessKey: { type: ['string', 'null'], maxLength: 255 },
    tenantId: { type: ['string', 'null'], maxLength: 64 },
    withoutTenantId: { type: ['boolean', 'null'] },
    processInstanceId: { type: ['string', 'null'], maxLength: 20 },
    correlationKeys: wireVariablesSchema,
    localCorrelationKeys: wireVariablesSchema,
    processVariables: wireVariablesSchema,
    processVariablesLocal: wireVariablesSchema,
    processVariablesToTriggeredScope: wireVariablesSchema,
    all: { type: ['boolean', 'null'] },
    resultEnabled: { type: ['boolean', 'null'] },
    variablesInResultEnabled: { type: ['boolean', 'null'] },
  },
};
interface MessageBody {
  messageName: string;
  businessKey?: string | null;
  tenantId?: string | null;
  withoutTenantId?: boolean | null;
  processInstanceId?: string | null;
  correlationKeys?: WireVariables | null;
  localCorrelationKeys?: WireVariables | null;
  processVariables?: WireVariables | null;
  processVariablesLocal?: WireVariables | null;
  processVariablesToTriggeredScope?: WireVariables | null;
  all?: boolean | null;
  resultEnabled?: boolean | null;
  variablesInResultEnabled?: boolean | null;
}

export const messageRoutes = ({ engine, requireVisible, originFor }: RouteContext): Route[] => [
  route<MessageBody>({
    id: 'message.correlate',
    method: 'POST',
    path: '/engine-rest/message',
    summary: 'Deliver a message to one waiting execution or start event. `Idempotency-Key`: the same key is delivered once.',
    body: messageBody,
    async handler({ principal, body, koa }) {
      requireOwnTenant(principal, body);
      if (body.variablesInResultEnabled && !body.resultEnabled)
        throw invalidInput('QUERY_INVALID', "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.", { problem: 'variablesInResultEnabled' });
      const processInstanceId = body.processInstanceId ? idOf(body.processInstanceId, 'process instance') : null;
      if (processInstanceId !== null) await requireVisible(principal, 'process_instance', processInstanceId);
      const results = await engine.runtime.correlate({
        message: body.messageName,
        tenant: principal.tenant,
        area: areaOf(principal),
        businessKey: body.businessKey ?? null,
        processInstanceId,
        correlationKeys: toVariables(body.correlationKeys),
        localCorrelationKeys: toVariables(body.localCorrelationKeys),
        variables: toVariables(body.processVariables),
        variablesLocal: { ...toVariables(body.processVariablesLocal), ...toVariables(body.processVariablesToTriggeredScope) },
        all: body.all === true,
        mayMatchNone: body.all === true,
        actor: actorOf(principal),
        idempotencyKey: idempotencyKeyOf(koa.req),
      });
      if (!body.resultEnabled) return {};
      return {
        body: results.map((result) => presentResult(result, originFor(koa), principal.tenant, body.variablesInResultEnabled === true)),
      };
    },
  }),
];

/** Camunda's MessageCorrelationResultWithVariableDto. */
function presentResult(result: CorrelateResult, origin: string, tenant: string, withVariables: boolean) {
  if (result.kind === 'started') {
    return {
      resultType: 'ProcessDefinition',
      processInstance: presentStarted(result.instance, origin, false),
      execution: null,
      variables: withVariables ? toWireVariables(result.instance.variables) : null,
    };
  }
  return {
    resultType: 'Execution',
    processInstance: null,
    execution: {
      id: String(result.elementInstance),
      processInstanceId: String(result.instanceId),
      ended: false,
      tenantId: wireTenant(tenant),
    },
    variables: withVariables ? toWireVariables(result.variables) : null,
  };
}
