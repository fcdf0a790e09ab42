import { read, type Work } from '../unit-of-work.ts';

/** Whose an object is; it never changes while the object lives. */
export interface Owner {
  tenant: string;
  area: string;
}
export type OwnedTable = 'task' | 'external_task' | 'job' | 'process_instance' | 'history_instance';

const SQL: Readonly<Record<OwnedTable, string>> = {
  task: 'SELECT tenant, area FROM task WHERE id = ?',
  external_task: 'SELECT tenant, area FROM external_task WHERE id = ?',
  job: 'SELECT tenant, area FROM job WHERE id = ?',
  process_instance: 'SELECT tenant, area FROM process_instance WHERE id = ?',
  history_instance: 'SELECT tenant, area FROM history_instance WHERE id = ?',
};

export function* ownerOf(table: OwnedTable, id: number): Work<Owner | null> {
  const [row] = yield* read(SQL[table], [id]);
  return row ? { tenant: String(row.tenant), area: String(row.area) } : null;
}
