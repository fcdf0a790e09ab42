import type { Read, Row } from '../unit-of-work.ts';
import { bindSql, literal } from './mysql.ts';

/** One message for the reads of many units, and the way back from its results to them. */
export interface ReadBatch {
  sql: string;
  /** @param results one list of rows per statement */
  answers(results: readonly Row[][]): Row[][];
}

/** `SELECT … WHERE <column> = ?` without functions, unions or order: many of them are one with `IN`. */
const POINT_READ = /^SELECT ([^()?]+?)(\sFROM\s[^()?]+\sWHERE ([a-z_.]+)) = \?$/;
const KEY = 'batch_key';

/** Puts point reads of the same text together: parsing a statement costs the server more than finding a row. */
export function batchReads(reads: readonly Read[]): ReadBatch {
  const statements: string[] = [];
  const sources: { statement: number; key: number | null }[] = [];
  const merged = new Map<string, { statement: number; keys: Set<number> }>();
  for (const { sql, params } of reads) {
    const [key] = params;
    if (typeof key !== 'number' || !POINT_READ.test(sql)) {
      sources.push({ statement: statements.push(bindSql(sql, params)) - 1, key: null });
      continue;
    }
    let group = merged.get(sql);
    if (!group) merged.set(sql, (group = { statement: statements.push('') - 1, keys: new Set() }));
    group.keys.add(key);
    sources.push({ statement: group.statement, key });
  }
  for (const [sql, { statement, keys }] of merged) {
    statements[statement] = sql.replace(
      POINT_READ,
      // The key comes last, because `*` may only come first.
      (_all, columns: string, source: string, column: string) =>
        `SELECT ${columns}, ${column} AS ${KEY}${source} IN (${[...keys].map(literal).join(', ')})`,
    );
  }
  return {
    sql: statements.join(';'),
    answers: (results) => {
      const byKey = results.map((rows) => Map.groupBy(rows, (row) => row[KEY]));
      return sources.map(({ statement, key }) => (key === null ? results[statement] : byKey[statement]?.get(key)) ?? []);
    },
  };
}
