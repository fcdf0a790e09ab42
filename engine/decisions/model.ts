import type { Expression } from '#engine/core/model.ts';
import type { FeelType } from '#engine/expressions/feel/types.ts';

/** An executable decision or decision service: what `compileDecisions` makes of a DMN file. Frozen, JSON-serialisable. */
export interface DecisionModel {
  key: string;
  name?: string;
  versionTag?: string;
  historyTimeToLive?: string;
  /** The decision and all that it needs, directly or through others: what a part needs comes before it, the decision itself is the last. */
  parts: DecisionPart[];
  /** Names with spaces or signs of the file: FEEL can read them only when it knows them. */
  names: string[];
  /** Item definitions by name, those of imported files as `import.name`. */
  types: Record<string, FeelType>;
}

/** A node of the decision requirements graph. */
export type DecisionPart = InputData | Decision | KnowledgeModel | DecisionService;

interface Part {
  /** The element's id; of imported files with their namespace before it. */
  id: string;
  /** Name of its variable, as expressions write it. */
  name: string;
}
export interface InputData extends Part {
  kind: 'input';
  type?: ValueType;
}
export interface Decision extends Part {
  kind: 'decision';
  type?: ValueType;
  needs: Need[];
  /** Null: the file says that there is a decision, but not how it is made. */
  logic: Logic | null;
}
export interface KnowledgeModel extends Part {
  kind: 'knowledge';
  needs: Need[];
  logic: FunctionLogic;
  /** Of its result. */
  type?: ValueType;
}
export interface DecisionService extends Part {
  kind: 'service';
  /** Ids of input data, then of input decisions: its parameters. */
  inputs: string[];
  /** Ids of the decisions that it answers with. */
  outputs: string[];
  type?: ValueType;
}

/** A requirement; `path` leads to elements of imported files (`import.name`). */
export interface Need {
  id: string;
  path: string[];
}

/** A type of FEEL, or one of Camunda's column types, to which values are converted. */
export type ValueType = FeelType | { is: 'column'; name: ColumnType };
export type ColumnType = 'string' | 'boolean' | 'integer' | 'long' | 'double' | 'date';

/** How a value is made: a boxed expression. @see DMN 1.5, clause 7.3 and 10.2 */
export type Logic =
  | DecisionTable
  | FunctionLogic
  | { kind: 'expression'; expression: Expression; type?: ValueType }
  | { kind: 'context'; entries: ContextEntry[]; type?: ValueType }
  | { kind: 'invocation'; callee: Logic; bindings: { name: string; logic: Logic }[]; type?: ValueType }
  | { kind: 'list'; items: Logic[]; type?: ValueType }
  | { kind: 'relation'; columns: string[]; rows: Logic[][]; type?: ValueType }
  | { kind: 'conditional'; condition: Logic; yes: Logic; no: Logic; type?: ValueType }
  | { kind: 'filter'; in: Logic; match: Logic; type?: ValueType }
  | { kind: 'for'; variable: string; in: Logic; return: Logic; type?: ValueType }
  | { kind: 'some' | 'every'; variable: string; in: Logic; satisfies: Logic; type?: ValueType };

/** An entry without a name is the result. */
export interface ContextEntry {
  name?: string;
  type?: ValueType;
  logic: Logic;
}
export interface FunctionLogic {
  kind: 'function';
  parameters: { name: string; type?: ValueType }[];
  /** Null: written in Java or PMML, which cannot be called. */
  body: Logic | null;
  type?: ValueType;
}

export interface DecisionTable {
  kind: 'table';
  hitPolicy: HitPolicy;
  /** Of hit policy COLLECT. */
  aggregation?: Aggregation;
  inputs: TableInput[];
  outputs: TableOutput[];
  rules: TableRule[];
  type?: ValueType;
}

export const hitPolicies = ['UNIQUE', 'FIRST', 'ANY', 'RULE ORDER', 'COLLECT', 'PRIORITY', 'OUTPUT ORDER'] as const;
export type HitPolicy = (typeof hitPolicies)[number];
export type Aggregation = 'SUM' | 'MIN' | 'MAX' | 'COUNT';

export interface TableInput {
  id: string;
  label: string;
  expression: Expression;
  type?: ValueType;
  /** `camunda:inputVariable`: the name under which JUEL cells read the input, default `cellInput`. */
  variable: string;
}
export interface TableOutput {
  id: string;
  name: string;
  type?: ValueType;
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
