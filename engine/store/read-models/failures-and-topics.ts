import { read, type SqlValue, type Work } from '../unit-of-work.ts';
import { areaFragment, type ListScope } from './filtered-list.ts';

export interface TopicFilter {
  locked: boolean;
  unlocked: boolean;
  withRetries: boolean;
  now: number;
}

/** Topics that have open tasks in the scope. */
export function* topicNames({ tenant, areas }: ListScope, { locked, unlocked, withRetries, now }: TopicFilter): Work<string[]> {
  const area = areaFragment('area', areas);
  const where = ['tenant = ?', area.sql];
  const params: SqlValue[] = [tenant, ...area.params];
  if (locked) {
    where.push('worker_id IS NOT NULL AND available_at > ?');
    params.push(now);
  }
  if (unlocked) {
    where.push('(worker_id IS NULL OR available_at <= ?)');
    params.push(now);
  }
  if (withRetries) where.push('(retries IS NULL OR retries > 0)');
  return (yield* read(`SELECT DISTINCT topic FROM external_task WHERE ${where.join(' AND ')} ORDER BY topic`, params)).map(({ topic }) => String(topic));
}

/** What was said of the last failure; undefined when there is no such row. */
export function* errorDetailsOf(table: 'job' | 'external_task', id: number): Work<string | null | undefined> {
  const [row] = yield* read(`SELECT error_details FROM ${table} WHERE id = ?`, [id]);
  return row && (row.error_details as string | null);
}
