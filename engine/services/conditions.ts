import { definitionsOf } from '#engine/core/behaviors/event-definitions-of.ts';
import { tryCondition } from '#engine/core/behaviors/try-condition.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput } from '#engine/errors.ts';
import { conditionalStarts } from '#engine/store/definition-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { EvaluateConditionsInput, StartedInstance } from './contract.ts';
import { start } from './start.ts';
import { startSubscriptionsOf } from './start-subscriptions.ts';

/**
 * Starts each process whose conditional start event is true for the given variables, all in one transaction as in Camunda 7.
 * @see https://docs.camunda.org/manual/7.24/reference/rest/condition/post-condition/
 */
export function* evaluateConditions(context: ServiceContext, writes: Writes, input: EvaluateConditionsInput): Work<StartedInstance[]> {
  const { tenant, area, businessKey, variables, actor } = input;
  const started: StartedInstance[] = [];
  for (const { definitionId, element, name } of yield* startsToEvaluate(context, input)) {
    const { row, model } = yield* context.definitions.byId(definitionId);
    if (row.isSuspended || !isTrueFor(context, { id: row.id, tenant, model }, element, Number(name), variables)) continue;
    started.push(
      yield* start(context, writes, {
        definition: { id: definitionId },
        tenant,
        area,
        businessKey,
        variables,
        actor,
        startElement: element,
      }),
    );
  }
  return started;
}

/** Those of one definition, of whatever version, or of the latest ones that the tenant sees. */
function* startsToEvaluate(
  context: ServiceContext,
  { tenant, definitionId }: EvaluateConditionsInput,
): Work<{ definitionId: number; element: string; name: string }[]> {
  const starts =
    definitionId === undefined || definitionId === null ? yield* conditionalStarts(tenant) : yield* startsOf(context, definitionId);
  if (starts.length === 0)
    throw invalidInput('CONDITIONAL_START_MISSING', 'Expected a process with a conditional start event, but there is none');
  return starts;
}

function* startsOf(context: ServiceContext, definitionId: number): Work<{ definitionId: number; element: string; name: string }[]> {
  const { model } = yield* context.definitions.byId(definitionId);
  const starts = startSubscriptionsOf(model).filter(({ kind }) => kind === 'conditional');
  return starts.map(({ element, name }) => ({ definitionId, element, name }));
}

function isTrueFor(
  { store, expressionsAt }: ServiceContext,
  definition: { id: number; tenant: string; model: ProcessModel },
  element: string,
  index: number,
  variables: Variables,
): boolean {
  const event = definition.model.elements[definition.model.indexById[element] ?? -1];
  const condition = event && 'event' in event ? definitionsOf(event.event, 'conditional')[index] : undefined;
  if (!condition) return false;
  if (condition.variableName !== undefined && !Object.hasOwn(variables, condition.variableName)) return false;
  return tryCondition({ ports: expressionsAt(store.clock.now()) }, condition, beforeStart(definition, variables));
}

/** There is no instance yet: the given variables are all there is to read. */
function beforeStart({ id, tenant, model }: { id: number; tenant: string; model: ProcessModel }, variables: Variables): EvaluationContext {
  return {
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    variableNames: () => Object.keys(variables),
    execution: {
      id: '0',
      processInstanceId: '0',
      processBusinessKey: null,
      processDefinitionId: String(id),
      processDefinitionKey: model.key,
      currentActivityId: null,
      currentActivityName: null,
      tenantId: tenant,
      areaPath: tenant,
      startUserId: null,
    },
  };
}
