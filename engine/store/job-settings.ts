import { read, type Work, type Writes } from './unit-of-work.ts';

/** What is set for the jobs of one kind at one element of a definition. */
export interface JobSettingRow {
  element: string;
  kind: string;
  suspended: boolean;
  /** null = what the model says. */
  priority: number | null;
}

/** The settings of a definition, and whether it is suspended; one round trip. */
export function* settingsOf(definitionId: number): Work<{ isSuspended: boolean; jobs: JobSettingRow[] }> {
  const sql = `SELECT '' AS element, '' AS kind, suspended, NULL AS priority FROM process_definition WHERE id = ?
    UNION ALL SELECT element, kind, suspended, priority FROM job_setting WHERE definition_id = ?`;
  const rows = yield* read(sql, [definitionId, definitionId]);
  const jobs = rows
    .filter(({ kind }) => kind !== '')
    .map((row) => ({
      element: String(row.element),
      kind: String(row.kind),
      suspended: Number(row.suspended) === 1,
      priority: row.priority === null ? null : Number(row.priority),
    }));
  return { isSuspended: rows.some(({ kind, suspended }) => kind === '' && Number(suspended) === 1), jobs };
}

export function* jobSetting(definitionId: number, element: string, kind: string): Work<JobSettingRow | null> {
  const { jobs } = yield* settingsOf(definitionId);
  return jobs.find((job) => job.element === element && job.kind === kind) ?? null;
}

export function saveJobSetting(writes: Writes, definitionId: number, { element, kind, suspended, priority }: JobSettingRow): void {
  writes.upsert('job_setting', { definition_id: definitionId, element, kind }, { suspended: suspended ? 1 : 0, priority });
}

/** The jobs that a filter names; `kind` and `element` together = one job definition. */
export interface JobsQuery {
  definitionId?: number;
  instanceId?: number;
  element?: string;
  kind?: string;
  /** Without tries left. */
  failed?: boolean;
  tenant: string;
}

export function* jobIdsOf({ definitionId, instanceId, element, kind, failed, tenant }: JobsQuery): Work<number[]> {
  const where = ['tenant = ?'];
  const params: (string | number)[] = [tenant];
  const and = (condition: string, value: string | number | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    params.push(value);
  };
  and('definition_id = ?', definitionId);
  and('instance_id = ?', instanceId);
  and('element = ?', element);
  and('kind = ?', kind);
  if (failed) where.push('retries = 0');
  return (yield* read(`SELECT id FROM job WHERE ${where.join(' AND ')} ORDER BY id`, params)).map(({ id }) => Number(id));
}
