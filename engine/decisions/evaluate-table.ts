import type { Expression } from '#engine/core/model.ts';
import { typed } from '#engine/core/values.ts';
import type { TypedValue, Variables } from '#engine/core/values.ts';
import { fromFeel } from '#engine/expressions/feel/values.ts';
import { convert } from './convert-type.ts';
import { evaluateIn, testIn, withValues } from './evaluation.ts';
import type { DecisionScope } from './evaluation.ts';
import { applyHitPolicy, isList } from './hit-policy.ts';
import type { Hit } from './hit-policy.ts';
import type { DecisionTable, TableInput, TableRule } from './model.ts';

export interface TableOutcome {
  /** Ids of the rules that count. */
  rules: string[];
  inputs: Variables;
  outputs: Variables[];
  collectResult?: TypedValue;
  /** FEEL values by output name, one entry per result row. */
  results: Record<string, unknown>[];
}

/** The rules that match and what the hit policy makes of them. */
export function evaluateTable(table: DecisionTable, scope: DecisionScope): TableOutcome {
  const values = table.inputs.map((input) => convert(evaluateIn(scope, input.expression), input.type, input.label));
  const hits = matchingRules(table, values, scope).map((rule): Hit => ({ rule: rule.id, row: outputsOf(table, rule.outputs, scope) }));
  const allowed = (source: string) => evaluateIn(scope, { language: 'feel', source });
  const applied = applyHitPolicy(table, hits, allowed, scope.evaluation.feel.run) ?? { hits: [], results: defaults(table, scope) };
  return {
    rules: applied.hits.map((hit) => hit.rule),
    inputs: Object.fromEntries(table.inputs.map((input, index) => [input.label, typed(fromFeel(values[index]))])),
    outputs: applied.hits.map((hit): Variables =>
      Object.fromEntries(Object.entries(hit.row).map(([name, value]) => [name, typed(fromFeel(value))])),
    ),
    ...(table.aggregation && applied.results[0] && { collectResult: typed(fromFeel(Object.values(applied.results[0])[0])) }),
    results: applied.results,
  };
}

/** What the table is worth as a FEEL value: hit policies that name several rules give a list, even of one. @see DMN 1.5, 8.2.10 */
export function tableValue(table: DecisionTable, results: Record<string, unknown>[]): unknown {
  const [only] = table.outputs;
  const rows = only && table.outputs.length === 1 ? results.map((row) => row[only.name] ?? null) : results;
  return isList(table) ? rows : (rows[0] ?? null);
}

function matchingRules(table: DecisionTable, values: unknown[], scope: DecisionScope): TableRule[] {
  const matching: TableRule[] = [];
  for (const rule of table.rules) {
    const matches = rule.conditions.every(
      (condition, index) => condition === null || passes(condition, values[index], table.inputs[index] as TableInput, scope),
    );
    if (!matches) continue;
    matching.push(rule);
    if (table.hitPolicy === 'FIRST') break;
  }
  return matching;
}

function passes(condition: Expression, value: unknown, input: TableInput, scope: DecisionScope): boolean {
  if (condition.language === 'feel') return testIn(scope, condition.source, value) === true;
  return evaluateIn(withValues(scope, { [input.variable]: value }), condition) === true;
}

function outputsOf(table: DecisionTable, cells: readonly (Expression | null)[], scope: DecisionScope): Record<string, unknown> {
  return Object.fromEntries(
    table.outputs.map((output, index) => {
      const cell = cells[index] ?? null;
      return [output.name, cell === null ? null : convert(evaluateIn(scope, cell), output.type, output.name)];
    }),
  );
}

/** No rule matched: the default entries make the result, when the table has some. */
function defaults(table: DecisionTable, scope: DecisionScope): Record<string, unknown>[] {
  if (!table.outputs.some((output) => output.defaultEntry)) return [];
  const cells = table.outputs.map((output) => output.defaultEntry ?? null);
  return [outputsOf(table, cells, scope)];
}
