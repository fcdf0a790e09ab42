import type { DecisionRecord, RequiredDecisionRecord } from '#engine/core/events.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { expressionFailure } from '#engine/expressions/expression-failure.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';
import { createGraph, inputValue } from './evaluate-graph.ts';
import type { EvaluatedDecision } from './evaluate-graph.ts';
import type { Calculator, Evaluation } from './evaluation.ts';
import type { Decision, DecisionModel, DecisionService } from './model.ts';

type Unidentified = Omit<RequiredDecisionRecord, 'version' | 'definitionId'>;

/** A `DecisionOutcome` but for the versions and definition ids, which only the caller knows. */
export interface DecisionEvaluation {
  record: Unidentified & { required?: Unidentified[] };
  /** One entry per result row; each maps output name → plain value. Of a decision service: one entry with its output decisions. */
  results: Record<string, unknown>[];
}

/**
 * Evaluates a decision or decision service and, before it, the decisions it requires.
 * @throws Failure `DECISION_NOT_UNIQUE`, `DECISION_NOT_ANY`, `DECISION_TYPE_MISMATCH`, or what its expressions throw
 */
export function evaluateDecision(model: DecisionModel, context: EvaluationContext, calculator: Calculator): DecisionEvaluation {
  const { entry, graph, value } = open(model, context, calculator);
  if (entry.kind === 'service') {
    const outputs = entry.outputs.flatMap((id) => graph.evaluated.get(id)?.outputs ?? []);
    const record = { key: model.key, rules: [], inputs: {}, outputs, required: recordsOf(graph.evaluated, '') };
    const [only] = entry.outputs;
    const name = model.parts.find((part) => part.id === only)?.name ?? '';
    const row = entry.outputs.length === 1 ? { [name]: value } : (value as Record<string, unknown>);
    return { record, results: [plainRow(row)] };
  }
  const { results, ...own } = graph.evaluated.get(entry.id) as EvaluatedDecision;
  const required = recordsOf(graph.evaluated, entry.id);
  return { record: { ...own, ...(required.length > 0 && { required }) }, results: results.map(plainRow) };
}

/** The FEEL value of a decision; of a service that of its output decision, or a context of several. @throws Failure as `evaluateDecision` */
export const decisionValue = (model: DecisionModel, context: EvaluationContext, calculator: Calculator): unknown =>
  open(model, context, calculator).value;

function open(model: DecisionModel, context: EvaluationContext, calculator: Calculator) {
  try {
    return evaluate(model, context, calculator);
  } catch (cause) {
    // Graphs may be deeper than the stack.
    throw expressionFailure(model.key, cause);
  }
}

function evaluate(model: DecisionModel, context: EvaluationContext, calculator: Calculator) {
  const feel = calculator.startFeel(context, { names: model.names, types: (name) => model.types[name] });
  const evaluation: Evaluation = { context, calculator, feel };
  const entry = model.parts.at(-1) as Decision | DecisionService;
  const parts = new Map(model.parts.map((part) => [part.id, part]));
  if (entry.kind === 'decision') {
    const graph = createGraph(model, evaluation);
    return { entry, graph, value: graph.value(entry.id) };
  }
  // A service's inputs, also the decisions among them, are variables of their names.
  const given = entry.inputs.map((id): [string, unknown] => [id, inputValue(parts.get(id) as Decision, evaluation)]);
  const graph = createGraph(model, evaluation, new Map(given));
  return { entry, graph, value: graph.serviceValue(entry) };
}

/** @param identify the definition of each decision, by its key */
export function identified(
  { required, ...root }: DecisionEvaluation['record'],
  identify: (key: string) => { version: number; definitionId: number },
): DecisionRecord {
  const known = (record: Unidentified): RequiredDecisionRecord => ({ ...record, ...identify(record.key) });
  return { ...known(root), ...(required && { required: required.map(known) }) };
}

const recordsOf = (evaluated: ReadonlyMap<string, EvaluatedDecision>, except: string) =>
  [...evaluated.values()].filter(({ key }) => key !== except).map(({ results: _results, ...record }) => record);

const plainRow = (row: Record<string, unknown>) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fromFeel(value)]));
