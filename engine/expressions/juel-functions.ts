import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { toText } from './juel-operators.ts';
import { plainValue, variableFor } from './plain-value.ts';
import { slaDuration } from './sla.ts';
import { defaultTimeZone, toLocal } from './time-zone.ts';

type ScopeFunction = (scope: ExpressionScope, ...args: unknown[]) => unknown;

/** Functions of `${…}`: the names of Camunda 7 (`now`, `dateTime`, `currentUser`) and ours (`today`, `sla`). */
export const functions: Readonly<Record<string, ScopeFunction>> = {
  now: ({ environment }) => new Date(environment.now()),
  dateTime: ({ environment }) => new Date(environment.now()),
  /** The local day as `2026-01-31`. */
  today: ({ environment }) => today(environment.now(), environment.timeZone),
  sla: (scope, ...args) => slaDuration(scope, args.map(toText)),
  currentUser: ({ context }) => context.userId ?? null,
};

export function today(now: number, zone = defaultTimeZone): string {
  const { year, month, day } = toLocal(now, zone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Members of `execution`; Camunda's getters are spelled out so that both `execution.x` and `execution.getX()` read. */
export const executionProperties: Readonly<Record<string, (scope: ExpressionScope) => unknown>> = {
  id: ({ context }) => context.execution.id,
  processInstanceId: ({ context }) => context.execution.processInstanceId,
  processBusinessKey: ({ context }) => context.execution.processBusinessKey,
  businessKey: ({ context }) => context.execution.processBusinessKey,
  processDefinitionId: ({ context }) => context.execution.processDefinitionId,
  processDefinitionKey: ({ context }) => context.execution.processDefinitionKey,
  currentActivityId: ({ context }) => context.execution.currentActivityId,
  currentActivityName: ({ context }) => context.execution.currentActivityName,
  tenantId: ({ context }) => context.execution.tenantId,
  areaPath: ({ context }) => context.execution.areaPath,
  startUserId: ({ context }) => context.execution.startUserId,
  eventName: ({ context }) => context.execution.eventName ?? null,
  currentTransitionId: ({ context }) => context.execution.currentTransitionId ?? null,
  variables: (scope) => allVariables(scope),
};

/** Methods that `execution` and `task` have besides the getters. */
export const variableMethods: Readonly<Record<string, ScopeFunction>> = {
  getVariable: ({ context }, name) => {
    const variable = context.variable(toText(name));
    return variable === undefined ? null : plainValue(variable, toText(name));
  },
  hasVariable: ({ context }, name) => context.variable(toText(name)) !== undefined,
  getVariables: (scope) => allVariables(scope),
  setVariable: ({ context }, name, value) => {
    const { setVariable } = context.execution;
    if (!setVariable) throw readsOnly('setVariable');
    setVariable(toText(name), variableFor(value));
    return null;
  },
  setVariableLocal: ({ context }, name, value) => {
    const { setVariableLocal } = context.execution;
    if (!setVariableLocal) throw readsOnly('setVariableLocal');
    setVariableLocal(toText(name), variableFor(value));
    return null;
  },
  removeVariable: ({ context }, name) => {
    const { removeVariable } = context.execution;
    if (!removeVariable) throw readsOnly('removeVariable');
    removeVariable(toText(name));
    return null;
  },
};

export const readsOnly = (method: string) =>
  new Failure(
    'EXPRESSION_FAILED',
    `Expected an expression that only reads, but it calls ${method}, which service tasks, scripts and listeners may do`,
  );

function allVariables({ context }: ExpressionScope): Record<string, unknown> {
  return Object.fromEntries(
    context.variableNames().flatMap((name): [string, unknown][] => {
      const variable = context.variable(name);
      return variable ? [[name, plainValue(variable, name)]] : [];
    }),
  );
}
