import type { EvaluationContext, ExecutionView } from '#engine/core/ports.ts';
import type { TypedValue } from '#engine/core/values.ts';
import { typed } from '#engine/core/values.ts';

/** A context for tests: plain values become typed variables; `written` collects what expressions set. */
export function aContext(
  values: Record<string, unknown> = {},
  given: { typedValues?: Record<string, TypedValue>; readOnly?: boolean; withTask?: boolean } = {},
) {
  const written: Record<string, unknown> = {};
  const variables: Record<string, TypedValue> = {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)])),
    ...given.typedValues,
  };
  const execution: ExecutionView = {
    id: '11',
    processInstanceId: '10',
    processBusinessKey: '120103-GD-1',
    processDefinitionId: '5',
    processDefinitionKey: 'work-order',
    currentActivityId: 'dispatch',
    currentActivityName: '派单',
    tenantId: '120103',
    areaPath: '120103/120103008',
    startUserId: 'li',
    ...(!given.readOnly && { setVariable: (name: string, value: unknown) => void (written[name] = value) }),
  };
  const context: EvaluationContext = {
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    variableNames: () => Object.keys(variables),
    execution,
    ...(given.withTask && { task: { id: '12', name: '派单', assignee: 'wang' } }),
  };
  return { context, written };
}
