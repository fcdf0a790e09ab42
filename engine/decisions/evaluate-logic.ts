import { Failure } from '#engine/core/failure.ts';
import { callFunction, feelFunction, spend } from '#engine/expressions/feel/function.ts';
import type { FeelFunction, Parameter } from '#engine/expressions/feel/function.ts';
import { iterable } from '#engine/expressions/feel/range.ts';
import { isContext, isFunction } from '#engine/expressions/feel/values.ts';
import { convert } from './convert-type.ts';
import { evaluateTable, tableValue } from './evaluate-table.ts';
import { evaluateIn, testIn, withValues } from './evaluation.ts';
import type { DecisionScope } from './evaluation.ts';
import type { FunctionLogic, Logic, ValueType } from './model.ts';

/** The FEEL value of a boxed expression. @throws Failure as its expressions and tables do */
export function evaluateLogic(logic: Logic, scope: DecisionScope): unknown {
  return typedIn(scope, rawValue(logic, scope), logic.kind === 'function' ? undefined : logic.type, logic.kind);
}

/** @throws Failure `DECISION_TYPE_MISMATCH` */
export const typedIn = (scope: DecisionScope, value: unknown, type: ValueType | undefined, name: string): unknown =>
  convert(value, type, name, (tests, candidate) => testIn(scope, tests, candidate) === true);

function rawValue(logic: Logic, scope: DecisionScope): unknown {
  switch (logic.kind) {
    case 'expression':
      return evaluateIn(scope, logic.expression);
    case 'table':
      return tableValue(logic, evaluateTable(logic, scope).results);
    case 'context':
      return contextValue(logic, scope);
    case 'list':
      return logic.items.map((item) => evaluateLogic(item, scope));
    case 'relation':
      return logic.rows.map((row) =>
        Object.fromEntries(row.map((cell, index) => [logic.columns[index] ?? '', evaluateLogic(cell, scope)])),
      );
    case 'function':
      return functionOf(logic, scope);
    case 'invocation':
      return invoke(logic, scope);
    case 'conditional':
      return choose(logic, scope);
    case 'filter':
      return filter(logic, scope);
    case 'for':
      return turns(logic, scope).map((turn) => evaluateLogic(logic.return, turn));
    case 'some':
    case 'every':
      return quantify(logic, scope);
  }
}

function contextValue({ entries }: Logic & { kind: 'context' }, scope: DecisionScope): unknown {
  const values: Record<string, unknown> = {};
  const inner = withValues(scope, values);
  for (const { name, type, logic } of entries) {
    const value = evaluateLogic(logic, inner);
    if (name === undefined) return value;
    values[name] = typedIn(inner, value, type, name);
  }
  return values;
}

/** A function that sees what is visible where it is written. */
export function functionOf({ parameters, body, type }: FunctionLogic, scope: DecisionScope): FeelFunction {
  const signature = parameters.map(({ name, type: wanted }): Parameter => ({
    name,
    ...(wanted && { coerce: (value) => coerced(scope, value, wanted) }),
  }));
  return feelFunction([signature], (values) => {
    if (!body) throw new Failure('EXPRESSION_FAILED', 'Expected a function written in FEEL, but it is written in another language');
    const given = Object.fromEntries(parameters.map(({ name }, index) => [name, values[index] ?? null]));
    return typedIn(scope, evaluateLogic(body, withValues(scope, given)), type, 'function');
  });
}

/** @returns undefined when the argument is of another type: then the function is not called */
export function coerced(scope: DecisionScope, value: unknown, type: ValueType | undefined): unknown {
  try {
    return typedIn(scope, value, type, 'parameter');
  } catch (error) {
    if (error instanceof Failure && error.code === 'DECISION_TYPE_MISMATCH') return undefined;
    throw error;
  }
}

function invoke({ callee, bindings }: Logic & { kind: 'invocation' }, scope: DecisionScope): unknown {
  const target = evaluateLogic(callee, scope);
  if (!isFunction(target)) throw new Failure('EXPRESSION_FAILED', 'Expected an invocation of a function, but what it names is none');
  return callFunction(target, new Map(bindings.map(({ name, logic }) => [name, evaluateLogic(logic, scope)])), scope.evaluation.feel.run);
}

/** Null when the condition is neither true nor false: never a silent else. */
function choose(logic: Logic & { kind: 'conditional' }, scope: DecisionScope): unknown {
  const condition = evaluateLogic(logic.condition, scope);
  return typeof condition === 'boolean' ? evaluateLogic(condition ? logic.yes : logic.no, scope) : null;
}

function filter(logic: Logic & { kind: 'filter' }, scope: DecisionScope): unknown {
  const list = evaluateLogic(logic.in, scope);
  if (list === null) return null;
  const items: unknown[] = Array.isArray(list) ? list : [list];
  const matches = items.map((item) => {
    spend(scope.evaluation.feel.run, 1);
    return evaluateLogic(logic.match, withValues(scope, { ...(isContext(item) && item), item }));
  });
  return matches.every((match) => typeof match === 'boolean') ? items.filter((_item, index) => matches[index]) : null;
}

/** One scope per item. */
function turns(logic: Logic & { kind: 'for' | 'some' | 'every' }, scope: DecisionScope): DecisionScope[] {
  const { run } = scope.evaluation.feel;
  const items = iterable(evaluateLogic(logic.in, scope), run);
  if (!items) throw new Failure('EXPRESSION_FAILED', 'Expected a list or range to iterate over, but there is none');
  spend(run, items.length);
  return items.map((item) => withValues(scope, { [logic.variable]: item }));
}

function quantify(logic: Logic & { kind: 'some' | 'every' }, scope: DecisionScope): boolean | null {
  const isSome = logic.kind === 'some';
  const results = turns(logic, scope).map((turn) => evaluateLogic(logic.satisfies, turn));
  if (!results.every((result) => typeof result === 'boolean')) return null;
  return isSome ? results.includes(true) : !results.includes(false);
}
