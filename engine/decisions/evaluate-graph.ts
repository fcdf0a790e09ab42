import type { RequiredDecisionRecord } from '#engine/core/events.ts';
import { typed } from '#engine/core/values.ts';
import { feelFunction } from '#engine/expressions/feel/function.ts';
import type { FeelFunction, Parameter } from '#engine/expressions/feel/function.ts';
import { normalName } from '#engine/expressions/feel/scope.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';
import { convertInput } from './convert-type.ts';
import { evaluateTable, tableValue } from './evaluate-table.ts';
import { coerced, evaluateLogic, functionOf, typedIn } from './evaluate-logic.ts';
import { emptyScope, testIn } from './evaluation.ts';
import type { DecisionScope, Evaluation } from './evaluation.ts';
import { isList } from './hit-policy.ts';
import type { Decision, DecisionModel, DecisionPart, DecisionService, InputData, Need, ValueType } from './model.ts';

/** A decision that has been evaluated. */
export interface EvaluatedDecision extends Omit<RequiredDecisionRecord, 'version' | 'definitionId'> {
  /** FEEL values, one entry per result row. */
  results: Record<string, unknown>[];
}

export interface DecisionGraph {
  /** What a decision service gives: the value of its output decision, or a context of several. */
  serviceValue(service: DecisionService): unknown;
  /** The value of a part; decisions and inputs are evaluated once. */
  value(id: string): unknown;
  /** In the order of evaluation. */
  evaluated: ReadonlyMap<string, EvaluatedDecision>;
}

/** @param given values of inputs and decisions that take the place of theirs: what a decision service is called with */
export function createGraph(model: DecisionModel, evaluation: Evaluation, given: ReadonlyMap<string, unknown> = new Map()): DecisionGraph {
  const parts = new Map(model.parts.map((part) => [part.id, part]));
  const values = new Map(given);
  const evaluated = new Map<string, EvaluatedDecision>();
  const outer = emptyScope(evaluation);

  function value(id: string): unknown {
    if (!values.has(id)) values.set(id, evaluatePart(parts.get(id) as DecisionPart));
    return values.get(id);
  }

  function evaluatePart(part: DecisionPart): unknown {
    switch (part.kind) {
      case 'input':
        return inputValue(part, evaluation);
      case 'knowledge':
        return functionOf({ ...part.logic, ...withResult(part.type) }, lazyScope(part.needs));
      case 'service':
        return serviceFunction(part);
      case 'decision':
        return evaluateDecision(part);
    }
  }

  function evaluateDecision(part: Decision): unknown {
    // Decisions before it have run; only what it names is asked for.
    for (const need of part.needs) if (parts.get(need.id)?.kind === 'decision') value(need.id);
    const outcome = decide(part, lazyScope(part.needs));
    evaluated.set(part.id, outcome.decision);
    return outcome.value;
  }

  /** The names of what a part requires: values of inputs and functions are made when an expression reads them. */
  function lazyScope(needs: Need[]): DecisionScope {
    const byName = new Map<string, () => unknown>();
    for (const need of needs) for (const [name, output] of outputsByName(need)) byName.set(normalName(name), output);
    for (const { id, path } of needs) if (path.length === 0) byName.set(normalName((parts.get(id) as DecisionPart).name), () => value(id));
    for (const [name, ids] of imported(needs)) {
      byName.set(name, () => Object.fromEntries(ids.map((id) => [(parts.get(id) as DecisionPart).name, value(id) ?? null])));
    }
    return { evaluation, read: (name) => byName.get(name)?.(), names: () => [...byName.keys()] };
  }

  /** As in Camunda each output of a required table is also visible under its own name. */
  function outputsByName({ id }: Need): [string, () => unknown][] {
    const part = parts.get(id);
    if (part?.kind !== 'decision' || part.logic?.kind !== 'table') return [];
    const { logic } = part;
    return logic.outputs.map(({ name }) => [name, () => (value(id), outputValue(logic, name, evaluated.get(id)?.results ?? []))]);
  }

  const imported = (needs: Need[]) => {
    const names = new Map<string, string[]>();
    for (const { id, path } of needs) for (const name of path) names.set(name, [...(names.get(name) ?? []), id]);
    return names;
  };

  function serviceFunction(service: DecisionService): FeelFunction {
    const signature = service.inputs.map((id): Parameter => {
      const part = parts.get(id) as InputData | Decision;
      return { name: normalName(part.name), coerce: (each) => coerced(outer, each, part.type) };
    });
    return feelFunction([signature], (each) => {
      const inner = createGraph(model, evaluation, new Map(service.inputs.map((id, index) => [id, each[index] ?? null])));
      return inner.serviceValue(service);
    });
  }

  function serviceValue(service: DecisionService): unknown {
    const outputs = service.outputs.map((id): [string, unknown] => [(parts.get(id) as DecisionPart).name, value(id) ?? null]);
    return typedIn(
      outer,
      outputs.length === 1 ? outputs[0]?.[1] : Object.fromEntries(outputs),
      withResult(service.type).type,
      service.name,
    );
  }

  return { value, serviceValue, evaluated };
}

/** The type of what a function gives, whether the file declares it or that of the function. */
function withResult(type: ValueType | undefined): { type?: ValueType } {
  const result = type?.is === 'function' ? type.result : type;
  return result ? { type: result } : {};
}

function outputValue(table: Parameters<typeof tableValue>[0], name: string, results: Record<string, unknown>[]): unknown {
  const column = results.map((row) => row[name] ?? null);
  return isList(table) ? column : (column[0] ?? null);
}

function decide(part: Decision, scope: DecisionScope): { decision: EvaluatedDecision; value: unknown } {
  const { id: key, name, logic, type } = part;
  if (logic?.kind === 'table') {
    const outcome = evaluateTable(logic, scope);
    const value = typedIn(scope, typedIn(scope, tableValue(logic, outcome.results), logic.type, name), type, name);
    return { decision: { key, ...outcome }, value };
  }
  const value = logic ? typedIn(scope, evaluateLogic(logic, scope), type, name) : null;
  return { decision: { key, rules: [], inputs: {}, outputs: [{ [name]: typed(fromFeel(value)) }], results: [{ [name]: value }] }, value };
}

/** Undefined when there is no such variable. */
export function inputValue({ name, type }: InputData | Decision, evaluation: Evaluation): unknown {
  const value = evaluation.feel.variable(normalName(name));
  const scope = emptyScope(evaluation);
  return value === undefined ? undefined : convertInput(value, type, name, (tests, candidate) => testIn(scope, tests, candidate) === true);
}
