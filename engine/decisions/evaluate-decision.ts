import type { DecisionRecord } from '#engine/core/events.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed } from '#engine/core/values.ts';
import type { Expressions } from '#engine/expressions/create-expressions.ts';
import { fromFeel } from '#engine/expressions/feel-values.ts';
import { convert } from './convert-type.ts';
import { evaluateTable } from './evaluate-table.ts';
import type { DecisionModel } from './model.ts';
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
export function evaluateDecision(
  model: DecisionModel,
  context: EvaluationContext,
  expressions: Pick<Expressions, 'evaluate' | 'test'>,
): DecisionEvaluation {
  const visible = withRequired(model, context, expressions);
  if (model.logic.kind === 'table') {
    const { rules, inputs, outputs, results } = evaluateTable(model.logic, visible, expressions);
    return { record: { key: model.key, rules, inputs, outputs }, results };
  }
  const value = fromFeel(convert(expressions.evaluate(model.logic.expression, visible), model.logic.type, model.variable));
  return {
    record: { key: model.key, rules: [], inputs: {}, outputs: [{ [model.variable]: typed(value) }] },
    results: [{ [model.variable]: value }],
  };
}

/** Results of required decisions are visible under the decision's variable, and each output under its own name, as in Camunda. */
function withRequired(
  model: DecisionModel,
  context: EvaluationContext,
  expressions: Pick<Expressions, 'evaluate' | 'test'>,
): EvaluationContext {
  if (model.requires.length === 0) return context;
  const values = new Map<string, unknown>();
  for (const required of model.requires) {
    const { results } = evaluateDecision(required, context, expressions);
    for (const name of new Set(results.flatMap((row) => Object.keys(row))))
      values.set(
        name,
        shape(
          results.map((row) => row[name]),
          required,
        ),
      );
    values.set(required.variable, variableValue(required, results));
  }
  return withValues(context, values);
}

/** Hit policies that name several rules give a list, even of one. */
function shape(rows: unknown[], { logic }: DecisionModel): unknown {
  const several = logic.kind === 'table' && !logic.aggregation && ['COLLECT', 'RULE ORDER', 'OUTPUT ORDER'].includes(logic.hitPolicy);
  return several ? rows : (rows[0] ?? null);
}

function variableValue(model: DecisionModel, results: Record<string, unknown>[]): unknown {
  const single = model.logic.kind === 'literal' || model.logic.outputs.length === 1;
  return shape(single ? results.map((row) => Object.values(row)[0]) : results, model);
}
