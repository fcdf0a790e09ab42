import type { DecisionRecord } from '#engine/core/events.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed } from '#engine/core/values.ts';
import type { Expressions } from '#engine/expressions/create-expressions.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';
import { convert } from './convert-type.ts';
import { evaluateTable } from './evaluate-table.ts';
import type { DecisionModel, DecisionPart } from './model.ts';
import { withValues } from './visible-values.ts';

/** A `DecisionOutcome` but for the version and definition id, which only the caller knows. */
export interface DecisionEvaluation {
  record: Omit<DecisionRecord, 'version' | 'definitionId'>;
  /** One entry per result row; each maps output name → plain value. */
  results: Record<string, unknown>[];
}

/**
 * Evaluates a decision and, before it, the decisions it requires.
 * @throws Failure `DECISION_NOT_UNIQUE`, `DECISION_NOT_ANY`, `DECISION_TYPE_MISMATCH`, or what its expressions throw
 */
export function evaluateDecision(model: DecisionModel, context: EvaluationContext, calculator: Calculator): DecisionEvaluation {
  const values = new Map<string, unknown>();
  const visible = withValues(context, values);
  for (const part of model.requires) {
    const { results } = evaluatePart(part, visible, calculator);
    for (const [name, value] of resultVariables(part, results)) values.set(name, value);
  }
  return evaluatePart(model, visible, calculator);
}

type Calculator = Pick<Expressions, 'evaluate' | 'test'>;

function evaluatePart({ key, variable, logic }: DecisionPart, context: EvaluationContext, calculator: Calculator): DecisionEvaluation {
  if (logic.kind === 'table') {
    const { rules, inputs, outputs, results } = evaluateTable(logic, context, calculator);
    return { record: { key, rules, inputs, outputs }, results };
  }
  const value = fromFeel(convert(calculator.evaluate(logic.expression, context), logic.type, variable));
  return { record: { key, rules: [], inputs: {}, outputs: [{ [variable]: typed(value) }] }, results: [{ [variable]: value }] };
}

/** A required decision is visible under its variable, and each of its outputs under its own name, as in Camunda. */
function resultVariables(part: DecisionPart, results: Record<string, unknown>[]): [name: string, value: unknown][] {
  const names = new Set(results.flatMap((row) => Object.keys(row)));
  const single = part.logic.kind === 'literal' || part.logic.outputs.length === 1;
  const whole = single ? results.map((row) => Object.values(row)[0]) : results;
  return [
    ...[...names].map((name): [string, unknown] => [
      name,
      shape(
        results.map((row) => row[name]),
        part,
      ),
    ]),
    [part.variable, shape(whole, part)],
  ];
}

/** Hit policies that name several rules give a list, even of one. */
function shape(rows: unknown[], { logic }: DecisionPart): unknown {
  const several = logic.kind === 'table' && !logic.aggregation && ['COLLECT', 'RULE ORDER', 'OUTPUT ORDER'].includes(logic.hitPolicy);
  return several ? rows : (rows[0] ?? null);
}
