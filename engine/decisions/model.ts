import type { Expression } from '#engine/core/model.ts';

/** An executable decision: what `compileDecisions` makes of a DMN file. Frozen, JSON-serialisable. */
export interface DecisionModel extends DecisionPart {
  name?: string;
  versionTag?: string;
  historyTimeToLive?: string;
  /** All decisions of the file that it needs, directly or through others, in the order in which they have to be evaluated. */
  requires: DecisionPart[];
}

export interface DecisionPart {
  key: string;
  /** Name of the decision's variable; the decision's name or key when the file gives none. */
  variable: string;
  logic: DecisionTable | LiteralDecision;
}

export interface LiteralDecision {
  kind: 'literal';
  expression: Expression;
  type?: DecisionType;
}

export interface DecisionTable {
  kind: 'table';
  hitPolicy: HitPolicy;
  /** Of hit policy COLLECT. */
  aggregation?: Aggregation;
  inputs: TableInput[];
  outputs: TableOutput[];
  rules: TableRule[];
}

export const hitPolicies = ['UNIQUE', 'FIRST', 'ANY', 'RULE ORDER', 'COLLECT', 'PRIORITY', 'OUTPUT ORDER'] as const;
export type HitPolicy = (typeof hitPolicies)[number];
export type Aggregation = 'SUM' | 'MIN' | 'MAX' | 'COUNT';
export type DecisionType = 'string' | 'boolean' | 'integer' | 'long' | 'double' | 'date';

export interface TableInput {
  id: string;
  label: string;
  expression: Expression;
  type?: DecisionType;
  /** `camunda:inputVariable`: the name under which JUEL cells read the input, default `cellInput`. */
  variable: string;
}
export interface TableOutput {
  id: string;
  name: string;
  type?: DecisionType;
  /** FEEL list of the allowed values, best first: hit policies PRIORITY and OUTPUT ORDER sort by it. */
  values?: string;
  /** Taken when no rule matches. */
  defaultEntry?: Expression;
}
export interface TableRule {
  id: string;
  /** One per input; null = any value. FEEL cells are unary tests, JUEL cells are conditions. */
  conditions: (Expression | null)[];
  /** One per output; null = null. */
  outputs: (Expression | null)[];
}
