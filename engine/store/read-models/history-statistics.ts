import { areaFragment, type ListScope } from './filtered-list.ts';
import { read, type SqlValue, type Work } from '../unit-of-work.ts';

/** What of a definition's past is counted, per BPMN element. */
export interface ActivityCounts {
  element: string;
  finished: number;
  canceled: number;
  openIncidents: number;
  resolvedIncidents: number;
}

export interface StatisticsQuery {
  definitionId: number;
  scope: ListScope;
  /** Only of these instances; null = of all. */
  instances: readonly number[] | null;
  /** Of the instance; epoch ms. */
  startedBefore?: number;
  startedAfter?: number;
  finishedBefore?: number;
  finishedAfter?: number;
}

/** Multi-instance bodies count as `element#multiInstanceBody`, as in Camunda. */
export function* activityCounts(query: StatisticsQuery): Work<ActivityCounts[]> {
  const { sql, params } = conditions(query);
  const isPast = query.finishedBefore !== undefined || query.finishedAfter !== undefined;
  const ended = 'SELECT id, definition_id, tenant, area, started_at, ended_at FROM history_instance';
  const running = 'SELECT id, definition_id, tenant, area, started_at, NULL FROM process_instance';
  const instances = `(SELECT h.id FROM (${isPast ? ended : `${ended} UNION ALL ${running}`}) h WHERE ${sql})`;
  const counts = new Map<string, ActivityCounts>();
  const of = (element: string): ActivityCounts => {
    const known = counts.get(element) ?? { element, finished: 0, canceled: 0, openIncidents: 0, resolvedIncidents: 0 };
    counts.set(element, known);
    return known;
  };
  const activities = yield* read(
    `SELECT a.element, a.element_type, COUNT(*) AS finished, SUM(a.canceled) AS canceled FROM history_activity a WHERE a.instance_id IN ${instances} GROUP BY a.element, a.element_type`,
    params,
  );
  for (const row of activities) {
    const element = of(row.element_type === 'multiInstanceBody' ? `${String(row.element)}#multiInstanceBody` : String(row.element));
    element.finished += Number(row.finished);
    element.canceled += Number(row.canceled);
  }
  for (const [table, field] of [['incident', 'openIncidents'], ['history_incident', 'resolvedIncidents']] as const) {
    for (const row of yield* read(`SELECT i.element, COUNT(*) AS n FROM ${table} i WHERE i.definition_id = ? AND i.instance_id IN ${instances} GROUP BY i.element`, [query.definitionId, ...params]))
      of(String(row.element))[field] += Number(row.n);
  }
  return [...counts.values()];
}

function conditions({ definitionId, scope, instances, startedBefore, startedAfter, finishedBefore, finishedAfter }: StatisticsQuery): { sql: string; params: SqlValue[] } {
  const area = areaFragment('h.area', scope.areas);
  const parts = ['h.definition_id = ?', 'h.tenant = ?', area.sql];
  const params: SqlValue[] = [definitionId, scope.tenant, ...area.params];
  if (instances) {
    parts.push(instances.length > 0 ? `h.id IN (${instances.map(() => '?').join(', ')})` : '1 = 0');
    params.push(...instances);
  }
  const bound = (column: string, operator: string, value: number | undefined) => {
    if (value === undefined) return;
    parts.push(`${column} ${operator} ?`);
    params.push(value);
  };
  bound('h.started_at', '<', startedBefore);
  bound('h.started_at', '>', startedAfter);
  bound('h.ended_at', '<', finishedBefore);
  bound('h.ended_at', '>', finishedAfter);
  return { sql: parts.join(' AND '), params };
}
