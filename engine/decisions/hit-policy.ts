import { Failure } from '#engine/core/failure.ts';
import type { FeelRun } from '#engine/expressions/feel/function.ts';
import { same } from '#engine/expressions/feel/operators.ts';
import type { Aggregation, DecisionTable } from './model.ts';

/** A rule that matched, and its outputs by name. */
export interface Hit {
  rule: string;
  row: Record<string, unknown>;
}

/** The hits that count and the result rows; null when no rule matched. @see DMN 1.3, 8.2.10 */
export function applyHitPolicy(
  table: DecisionTable,
  hits: Hit[],
  evaluateList: (source: string) => unknown,
  run: FeelRun,
): { hits: Hit[]; results: Record<string, unknown>[] } | null {
  const hasDefault = table.outputs.some((output) => output.defaultEntry);
  if (table.aggregation && !(hits.length === 0 && hasDefault)) return aggregate(table, table.aggregation, hits);
  const [first] = hits;
  if (!first) return null;
  const rows = (chosen: Hit[]) => ({ hits: chosen, results: chosen.map((hit) => hit.row) });
  switch (table.hitPolicy) {
    case 'UNIQUE':
      if (hits.length > 1)
        throw new Failure('DECISION_NOT_UNIQUE', `Expected one rule to match (hit policy UNIQUE), but ${names(hits)} match`);
      return rows(hits);
    case 'ANY':
      if (hits.some((hit) => !same(hit.row, first.row, run))) {
        throw new Failure(
          'DECISION_NOT_ANY',
          `Expected all matching rules to have the same outputs (hit policy ANY), but those of ${names(hits)} differ`,
        );
      }
      return { hits, results: [first.row] };
    case 'FIRST':
      return rows([first]);
    case 'RULE ORDER':
    case 'COLLECT':
      return rows(hits);
    case 'PRIORITY':
      return rows(byPriority(table, hits, evaluateList, run).slice(0, 1));
    case 'OUTPUT ORDER':
      return rows(byPriority(table, hits, evaluateList, run));
  }
}

/** Whether the result is a list of all hits, not one row or number. */
export const isList = ({ hitPolicy, aggregation }: DecisionTable): boolean =>
  !aggregation && (hitPolicy === 'COLLECT' || hitPolicy === 'RULE ORDER' || hitPolicy === 'OUTPUT ORDER');

const names = (hits: Hit[]) => hits.map((hit) => hit.rule).join(', ');

/** Best first: an output's allowed values are listed in descending priority, the left output counts most. */
function byPriority(table: DecisionTable, hits: Hit[], evaluateList: (source: string) => unknown, run: FeelRun): Hit[] {
  const orders = table.outputs.map((output) => ({
    name: output.name,
    values: output.values === undefined ? [] : (evaluateList(output.values) as unknown[]),
  }));
  const rank = (value: unknown, values: unknown[]) => {
    const at = values.findIndex((each) => same(each, value, run));
    return at < 0 ? values.length : at;
  };
  return hits.toSorted((a, b) => {
    for (const { name, values } of orders) {
      const difference = rank(a.row[name], values) - rank(b.row[name], values);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

const aggregations: Readonly<Record<Aggregation, (numbers: number[]) => number | null>> = {
  SUM: (numbers) => (numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0)),
  MIN: (numbers) => (numbers.length === 0 ? null : Math.min(...numbers)),
  MAX: (numbers) => (numbers.length === 0 ? null : Math.max(...numbers)),
  COUNT: (numbers) => numbers.length,
};

function aggregate(table: DecisionTable, aggregation: Aggregation, hits: Hit[]): { hits: Hit[]; results: Record<string, unknown>[] } {
  const name = table.outputs[0]?.name ?? '';
  if (aggregation === 'COUNT') return { hits, results: [{ [name]: hits.length }] };
  const numbers = hits.map((hit) => hit.row[name]).filter((value) => value !== null);
  if (!numbers.every((value) => typeof value === 'number')) {
    throw new Failure(
      'DECISION_TYPE_MISMATCH',
      `Expected numbers to make the ${aggregation} of "${name}", but ${names(hits)} give other values`,
    );
  }
  const value = aggregations[aggregation](numbers);
  return { hits, results: value === null ? [] : [{ [name]: value }] };
}
