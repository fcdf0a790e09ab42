import type { Row, SqlValue, Work } from './unit-of-work.ts';

/** Runs a generator of reads, one after the other, outside any transaction. */
export async function runQuery<T>(work: Work<T>, read: (sql: string, params: SqlValue[]) => Promise<Row[]>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    let rows: Row[];
    try {
      rows = await read(step.value.sql, step.value.params);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(rows);
  }
  return step.value;
}
