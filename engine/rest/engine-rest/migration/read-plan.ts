import type { MigrationInstruction, MigrationPlan } from '#engine/core/migration/plan.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { notFound } from '#engine/errors.ts';
import { actorOf, seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import type { MigrationRequest } from '#engine/services/migration.ts';
import { selectedInstances } from '../instance-selection.ts';
import { toVariables } from '../variable-values.ts';
import { idOf } from '../wire-format.ts';
import type { ExecutionBody, WireMigrationInstruction, WirePlan } from './schema.ts';

/** A definition that the caller may see. @throws RequestError 404 */
export async function visibleDefinition({ definition }: RouteContext, principal: Principal, text: string): Promise<number> {
  const row = await definition(idOf(text, 'process definition'));
  if (!seesDefinition(principal, row)) throw notFound('process definition', text);
  return row.id;
}

/** @throws RequestError 404 */
export async function toPlan(context: RouteContext, principal: Principal, wire: WirePlan): Promise<MigrationPlan> {
  return {
    sourceDefinitionId: await visibleDefinition(context, principal, wire.sourceProcessDefinitionId),
    targetDefinitionId: await visibleDefinition(context, principal, wire.targetProcessDefinitionId),
    instructions: wire.instructions.map(toInstruction),
  };
}

function toInstruction({
  sourceActivityIds: [source],
  targetActivityIds: [target],
  updateEventTrigger,
}: WireMigrationInstruction): MigrationInstruction {
  return { source, target, updateEventTrigger: updateEventTrigger === true };
}

export function presentInstruction({ source, target, updateEventTrigger }: MigrationInstruction) {
  return { sourceActivityIds: [source], targetActivityIds: [target], updateEventTrigger };
}

/** What is asked for, of instances in the caller's areas; others are not found when their turn comes. @throws RequestError 400, 404 */
export async function toRequest(context: RouteContext, principal: Principal, body: ExecutionBody): Promise<MigrationRequest> {
  const { processInstanceIds, processInstanceQuery, migrationPlan, skipCustomListeners, skipIoMappings } = body;
  return {
    plan: await toPlan(context, principal, migrationPlan),
    variables: toVariables(migrationPlan.variables),
    skipListeners: skipCustomListeners === true,
    skipIoMappings: skipIoMappings === true,
    instanceIds: await selectedInstances(context, principal, {
      processInstanceIds: processInstanceIds ?? null,
      processInstanceQuery: processInstanceQuery ?? null,
    }),
    tenant: principal.tenant,
    areas: principal.areas,
    actor: actorOf(principal),
  };
}
