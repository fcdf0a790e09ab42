import type { Expression } from '#engine/core/model.ts';
import { many, one, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { columnType, decisionExpression } from './decision-source.ts';
import type { DmnFile } from './dmn-file.ts';
import { hitPolicies } from './model.ts';
import type { Aggregation, DecisionTable, HitPolicy, TableInput, TableOutput, TableRule } from './model.ts';

/** @param variable name of a single output that has no name of its own */
export function compileTable(table: ModdleElement, id: string, variable: string, file: DmnFile): DecisionTable {
  const hitPolicy = text(table, 'hitPolicy') ?? 'UNIQUE';
  if (!(hitPolicies as readonly string[]).includes(hitPolicy)) file.report(id, 'HIT_POLICY_UNSUPPORTED', { name: hitPolicy });
  const aggregation = text(table, 'aggregation') as Aggregation | undefined;
  const outputs = many(table, 'output').map((output) => compileOutput(output, id, variable, file));
  if (outputs.length > 1 && many(table, 'output').some((output) => text(output, 'name') === undefined))
    file.report(id, 'DECISION_OUTPUT_UNNAMED');
  const inputs = many(table, 'input').map((input) => compileInput(input, id, file));
  if (outputs.length === 0 || (aggregation && outputs.length > 1)) file.report(id, 'DECISION_LOGIC_UNSUPPORTED');
  return {
    kind: 'table',
    hitPolicy: hitPolicy as HitPolicy,
    ...(aggregation && { aggregation }),
    inputs,
    outputs,
    rules: many(table, 'rule').map((rule, index) => compileRule(rule, rule.id ?? `${id}-rule-${index + 1}`, { inputs, outputs }, file)),
  };
}

function compileInput(input: ModdleElement, tableId: string, file: DmnFile): TableInput {
  const id = input.id ?? tableId;
  const source = one(input, 'inputExpression');
  const expression = source && decisionExpression(source, id, file);
  if (!expression) file.report(id, 'EXPRESSION_INVALID', { source: '', message: '—' });
  const type = source && columnType(source, id, file);
  return {
    id,
    label: text(input, 'label') ?? (source && text(source, 'text')) ?? id,
    expression: expression ? file.checked(expression, 'expression', id) : { language: 'feel', source: 'null' },
    ...(type && { type }),
    variable: text(input, 'camunda:inputVariable') ?? 'cellInput',
  };
}

function compileOutput(output: ModdleElement, tableId: string, variable: string, file: DmnFile): TableOutput {
  const id = output.id ?? tableId;
  const type = columnType(output, id, file);
  const [allowed, fallback] = [one(output, 'outputValues'), one(output, 'defaultOutputEntry')];
  const values = allowed && text(allowed, 'text');
  const defaultEntry = fallback && decisionExpression(fallback, id, file);
  return {
    id,
    name: text(output, 'name') ?? variable,
    ...(type && { type }),
    ...(values !== undefined && { values: `[${values}]` }),
    ...(defaultEntry && { defaultEntry: file.checked(defaultEntry, 'expression', id) }),
  };
}

function compileRule(rule: ModdleElement, id: string, table: { inputs: unknown[]; outputs: unknown[] }, file: DmnFile): TableRule {
  const [conditions, outputs] = [many(rule, 'inputEntry'), many(rule, 'outputEntry')];
  if (conditions.length !== table.inputs.length || outputs.length !== table.outputs.length) file.report(id, 'DECISION_RULE_INCOMPLETE');
  return {
    id,
    conditions: conditions.map((cell) => compileCondition(cell, id, file)),
    outputs: outputs.map((cell) => {
      const expression = decisionExpression(cell, id, file);
      return expression && file.checked(expression, 'expression', id);
    }),
  };
}

function compileCondition(cell: ModdleElement, id: string, file: DmnFile): Expression | null {
  const expression = decisionExpression(cell, id, file);
  if (!expression || ('source' in expression && expression.source === '-')) return null;
  return file.checked(expression, 'unaryTests', id);
}
