import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { batchOf } from '../batch-of.ts';
import { toVariables, toWireVariables } from '../variable-values.ts';
import { presentInstruction, toPlan, toRequest, visibleDefinition } from './read-plan.ts';
import { presentReport, refuseFailed, refuseInvalidPlan } from './refusals.ts';
import { type ExecutionBody, executionBody, type GenerationBody, generationBody, planBody, type WirePlan } from './schema.ts';

/** As in Camunda a definition that is not there is a bad request. */
const BAD_REQUEST = { 404: 400 } as const;

/** Taking running instances to another version of their process. */
export function migrationRoutes(context: RouteContext): Route[] {
  const { engine } = context;
  return [
    route<GenerationBody>({
      id: 'migration.generate',
      method: 'POST',
      path: '/engine-rest/migration/generate',
      summary: 'A plan that maps equal activities of two versions.',
      body: generationBody,
      audited: false,
      camundaStatus: BAD_REQUEST,
      async handler({ principal, body }) {
        const source = await visibleDefinition(context, principal, body.sourceProcessDefinitionId);
        const target = await visibleDefinition(context, principal, body.targetProcessDefinitionId);
        const instructions = await engine.migration.generate(source, target, body.updateEventTriggers === true);
        return {
          body: {
            sourceProcessDefinitionId: String(source),
            targetProcessDefinitionId: String(target),
            instructions: instructions.map(presentInstruction),
            variables: body.variables ? toWireVariables(toVariables(body.variables), true) : null,
          },
        };
      },
    }),
    route<WirePlan>({
      id: 'migration.validate',
      method: 'POST',
      path: '/engine-rest/migration/validate',
      summary: 'What is wrong with a plan, by instruction.',
      body: planBody,
      audited: false,
      camundaStatus: BAD_REQUEST,
      async handler({ principal, body, locale }) {
        toVariables(body.variables);
        return { body: presentReport(await engine.migration.check(await toPlan(context, principal, body)), locale) };
      },
    }),
    route<ExecutionBody>({
      id: 'migration.execute',
      method: 'POST',
      path: '/engine-rest/migration/execute',
      summary: 'Migrate instances now; none when one of them cannot be migrated.',
      body: executionBody,
      camundaStatus: BAD_REQUEST,
      async handler({ principal, body, locale }) {
        const request = await toRequest(context, principal, body);
        refuseInvalidPlan(await engine.migration.check(request.plan), locale);
        refuseFailed(await engine.migration.dryRun(request), request.plan, locale);
        refuseFailed(await engine.migration.execute(request), request.plan, locale);
        return { audit: `${request.instanceIds.length} to definition ${request.plan.targetDefinitionId}` };
      },
    }),
    route<ExecutionBody>({
      id: 'migration.execute-async',
      method: 'POST',
      path: '/engine-rest/migration/executeAsync',
      summary: 'The same as a batch: each instance by itself.',
      body: executionBody,
      camundaStatus: BAD_REQUEST,
      async handler({ principal, body, locale }) {
        const { plan, variables, skipListeners, skipIoMappings, instanceIds } = await toRequest(context, principal, body);
        refuseInvalidPlan(await engine.migration.check(plan), locale);
        return batchOf(context, principal, {
          type: 'instance-migration',
          items: instanceIds,
          configuration: { plan, variables, skipListeners, skipIoMappings },
        });
      },
    }),
  ];
}
