import type { Condition, JsonSchema, Rule, UiElement, Validate } from './form.ts';
import { getAt, scopeToPointer } from './pointers.ts';

export type PlannedCondition =
  | { type: 'AND' | 'OR'; conditions: PlannedCondition[] }
  | { type: 'LEAF'; pointer: string; failWhenUndefined: boolean; check: Validate };

/** The schemas of all rule conditions in document order: the validator module exports one validator for each. */
export function conditionSchemas(ui: UiElement): JsonSchema[] {
  const schemas: JsonSchema[] = [];
  visitRules(ui, (rule) => visitLeaves(rule.condition, (leaf) => schemas.push(leafSchema(leaf))));
  return schemas;
}

/** Pairs every rule with its compiled conditions. @throws Error when the module belongs to another form. */
export function collectConditions(ui: UiElement, checks: readonly Validate[]): Map<Rule, PlannedCondition> {
  let next = 0;
  const plan = (condition: Condition): PlannedCondition => {
    if ('conditions' in condition) return { type: condition.type, conditions: condition.conditions.map(plan) };
    const check = checks[next++];
    if (!check) throw new Error(`Expected a compiled condition for each rule, but the validator module has only ${checks.length}`);
    return { type: 'LEAF', pointer: scopeToPointer(condition.scope) ?? '', failWhenUndefined: condition.failWhenUndefined ?? false, check };
  };
  const planned = new Map<Rule, PlannedCondition>();
  visitRules(ui, (rule) => planned.set(rule, plan(rule.condition)));
  return planned;
}

export function isTrue(condition: PlannedCondition, data: unknown): boolean {
  switch (condition.type) {
    case 'AND':
      return condition.conditions.every((part) => isTrue(part, data));
    case 'OR':
      return condition.conditions.some((part) => isTrue(part, data));
    case 'LEAF': {
      const value = getAt(data, condition.pointer);
      return value === undefined && condition.failWhenUndefined ? false : condition.check(value);
    }
  }
}

export function visitLeaves(condition: Condition, visit: (leaf: Exclude<Condition, { conditions: Condition[] }>) => void): void {
  if ('conditions' in condition) condition.conditions.forEach((part) => visitLeaves(part, visit));
  else visit(condition);
}

function visitRules(element: UiElement, visit: (rule: Rule) => void): void {
  if (element.rule) visit(element.rule);
  element.elements?.forEach((child) => visitRules(child, visit));
}

const leafSchema = (leaf: { schema?: JsonSchema; expectedValue?: unknown }): JsonSchema => leaf.schema ?? { const: leaf.expectedValue };
