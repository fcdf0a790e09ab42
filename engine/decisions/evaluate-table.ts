import type { Expression } from '#engine/core/model.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed } from '#engine/core/values.ts';
import type { Variables } from '#engine/core/values.ts';
import type { Expressions } from '#engine/expressions/create-expressions.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';
import { convert } from './convert-type.ts';
import { applyHitPolicy } from './hit-policy.ts';
import type { Hit } from './hit-policy.ts';
import type { DecisionTable, TableInput, TableRule } from './model.ts';
import { simpleTest } from './simple-test.ts';
import { withValues } from './visible-values.ts';

type Calculator = Pick<Expressions, 'evaluate' | 'test'>;

/** The rules that match and what the hit policy makes of them. */
export function evaluateTable(table: DecisionTable, context: EvaluationContext, calculator: Calculator) {
  const values = table.inputs.map((input) => convert(calculator.evaluate(input.expression, context), input.type, input.label));
  const hits = matchingRules(table, values, context, calculator).map((rule): Hit => ({
    rule: rule.id,
    row: outputsOf(table, rule.outputs, context, calculator),
  }));
  const allowed = (source: string) => calculator.evaluate({ language: 'feel', source }, context);
  const applied = applyHitPolicy(table, hits, allowed) ?? { hits: [], results: defaults(table, context, calculator) };
  return {
    rules: applied.hits.map((hit) => hit.rule),
    inputs: Object.fromEntries(table.inputs.map((input, index) => [input.label, typed(fromFeel(values[index]))])),
    outputs: applied.hits.map((hit): Variables => Object.fromEntries(Object.entries(hit.row).map(([name, value]) => [name, typed(value)]))),
    results: applied.results,
  };
}

function matchingRules(table: DecisionTable, values: unknown[], context: EvaluationContext, calculator: Calculator): TableRule[] {
  const matching: TableRule[] = [];
  for (const rule of table.rules) {
    const matches = rule.conditions.every(
      (condition, index) => condition === null || passes(condition, values[index], table.inputs[index] as TableInput, context, calculator),
    );
    if (!matches) continue;
    matching.push(rule);
    if (table.hitPolicy === 'FIRST') break;
  }
  return matching;
}

function passes(condition: Expression, value: unknown, input: TableInput, context: EvaluationContext, calculator: Calculator): boolean {
  if (condition.language === 'literal') return value === condition.value;
  const simple = condition.language === 'feel' ? simpleTest(condition.source, value) : undefined;
  if (simple !== undefined) return simple;
  const visible = withValues(context, new Map([[input.variable, condition.language === 'feel' ? value : fromFeel(value)]]));
  return condition.language === 'feel'
    ? calculator.test(condition.source, value, visible)
    : calculator.evaluate(condition, visible) === true;
}

function outputsOf(
  table: DecisionTable,
  cells: readonly (Expression | null)[],
  context: EvaluationContext,
  calculator: Calculator,
): Record<string, unknown> {
  return Object.fromEntries(
    table.outputs.map((output, index) => {
      const cell = cells[index] ?? null;
      return [output.name, cell === null ? null : fromFeel(convert(calculator.evaluate(cell, context), output.type, output.name))];
    }),
  );
}

/** No rule matched: the default entries make the result, when the table has some. */
function defaults(table: DecisionTable, context: EvaluationContext, calculator: Calculator): Record<string, unknown>[] {
  if (!table.outputs.some((output) => output.defaultEntry)) return [];
  return [
    outputsOf(
      table,
      table.outputs.map((output) => output.defaultEntry ?? null),
      context,
      calculator,
    ),
  ];
}
