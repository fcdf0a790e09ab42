import type { EvaluationContext, ExecutionView, TaskView } from '#engine/core/ports.ts';
import type { TypedValue } from '#engine/core/values.ts';
import { typed } from '#engine/core/values.ts';

/** A context for tests: plain values become typed variables; `written` collects what expressions set. */
export function aContext(
  values: Record<string, unknown> = {},
  given: { typedValues?: Record<string, TypedValue>; readOnly?: boolean; withTask?: boolean } = {},
) {
  const written: Record<string, TypedValue | undefined> = {};
  const changes: Record<string, unknown> = {};
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
    ...(!given.readOnly && {
      setVariable: (name: string, value: TypedValue) => void (written[name] = value),
      setVariableLocal: (name: string, value: TypedValue) => void (written[`local ${name}`] = value),
      removeVariable: (name: string) => void (written[name] = undefined),
    }),
  };
  const context: EvaluationContext = {
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    variableNames: () => Object.keys(variables),
    execution,
    ...(given.withTask && { task: aTask(changes) }),
    userId: 'li',
  };
  return { context, written, changes };
}

/** A task whose listener writes into `changes`. */
function aTask(changes: Record<string, unknown>): TaskView {
  return {
    id: '12',
    name: '派单',
    description: null,
    assignee: 'wang',
    owner: null,
    priority: 50,
    dueAt: Date.UTC(2026, 10, 23),
    followUpAt: null,
    createdAt: Date.UTC(2026, 10, 22),
    formKey: null,
    candidateUsers: [],
    candidateGroups: ['nurse'],
    taskDefinitionKey: 'dispatch',
    eventName: 'create',
    change: {
      set: (property, value) => void (changes[property] = value),
      addCandidates: (kind, names) => void (changes[kind] = names),
      deleteCandidate: (kind, name) => void (changes[kind] = `-${name}`),
    },
  };
}
