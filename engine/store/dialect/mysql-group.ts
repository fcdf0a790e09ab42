import type { Row } from '../unit-of-work.ts';
import { createShapeCache, type Write } from '../write-list.ts';
import { literal } from './mysql.ts';

interface Names {
  key: readonly string[];
  set: readonly string[];
  guard: readonly string[];
}
interface Batch {
  kind: Write['kind'];
  table: string;
  names: Names;
  writes: Write[];
}

export interface GroupSql {
  statements: string[];
  /** How many guarded writes must each find their row. */
  expected: number;
}

/** Checks names once per table and columns; what it compiles is their identity. */
const shapeOf = createShapeCache<object>(() => ({}));

/**
 * The writes of many units as few statements: rows of one table and shape together. Units are independent of each other;
 * within a unit the order per table is kept: writes to a table that follow one of another kind go into a later phase.
 */
export function groupSql(units: readonly (readonly Write[])[]): GroupSql {
  const phases: Map<object, Batch>[] = [];
  for (const writes of units) placeWrites(phases, writes);
  const statements: string[] = [];
  let expected = 0;
  for (const phase of phases) {
    for (const batch of phase.values()) {
      const isGuarded = batch.names.guard.length > 0;
      for (const { sql, rows } of render(batch)) {
        statements.push(sql);
        if (!isGuarded) continue;
        expected += rows;
        statements.push(`SET @hit = @hit + LEAST(ROW_COUNT(), ${rows})`);
      }
    }
  }
  return { statements, expected };
}

function placeWrites(phases: Map<object, Batch>[], writes: readonly Write[]): void {
  const last = new Map<string, { shape: object; phase: number }>();
  for (const write of writes) {
    const { statement: shape, key, set, guard } = shapeOf(write);
    const before = last.get(write.table);
    const phase = before === undefined ? 0 : before.shape === shape ? before.phase : before.phase + 1;
    last.set(write.table, { shape, phase });
    const batches = (phases[phase] ??= new Map());
    let batch = batches.get(shape);
    if (!batch) batches.set(shape, (batch = { kind: write.kind, table: write.table, names: { key, set, guard }, writes: [] }));
    batch.writes.push(write);
  }
}

function render({ kind, table, names, writes }: Batch): { sql: string; rows: number }[] {
  const rows = writes.length;
  switch (kind) {
    case 'insert':
      return [{ sql: insertSql(table, names.set, writes), rows }];
    case 'insertIfAbsent': {
      const [first = ''] = names.set;
      return [{ sql: `${insertSql(table, names.set, writes)} ON DUPLICATE KEY UPDATE ${first} = ${first}`, rows }];
    }
    case 'upsert': {
      const [first = ''] = names.key;
      const changes = names.set.length === 0 ? `${first} = ${first}` : names.set.map((name) => `${name} = VALUES(${name})`).join(', ');
      return [{ sql: `${insertSql(table, [...names.key, ...names.set], writes)} ON DUPLICATE KEY UPDATE ${changes}`, rows }];
    }
    case 'delete':
      return chunks(writes).map((some) => ({ sql: `DELETE FROM ${table} WHERE ${whereSql(names, some)}`, rows: some.length }));
    case 'update':
      return chunks(writes).flatMap((some) => updateSql(table, names, some));
    case 'add':
      // One by one: two units may count on the same row.
      return writes.map((write) => ({
        sql: `UPDATE ${table} SET ${names.set.map((name) => `${name} = ${name} + ${literal(write.set?.[name])}`).join(', ')} WHERE ${whereSql(names, [write])}`,
        rows: 1,
      }));
  }
}

/** Rows that one WHERE names: their number counts twice, in the conditions that are tried for each row and in the cases of its new values. */
const MAX_ROWS = 200;

function chunks(writes: readonly Write[]): (readonly Write[])[] {
  if (writes.length <= MAX_ROWS) return [writes];
  return Array.from({ length: Math.ceil(writes.length / MAX_ROWS) }, (_, index) => writes.slice(index * MAX_ROWS, (index + 1) * MAX_ROWS));
}

function insertSql(table: string, columns: readonly string[], writes: readonly Write[]): string {
  const tuples = writes.map(({ key, set }) => {
    const values: string[] = [];
    if (key) for (const name in key) values.push(literal(key[name]));
    for (const name in set) values.push(literal(set[name]));
    return `(${values.join(', ')})`;
  });
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')}`;
}

/**
 * `IN` for one column, else AND and OR. Never row constructors: MariaDB scans the whole table for a single one in DELETE
 * and UPDATE (docs/performance.md).
 */
function whereSql({ key, guard }: Names, writes: readonly Write[]): string {
  const [only] = key;
  if (key.length === 1 && guard.length === 0 && only && writes.length > 1)
    return `${only} IN (${writes.map((write) => literal(write.key?.[only])).join(', ')})`;
  const each = writes.map((write) =>
    [...key.map((name) => equals(name, write.key)), ...guard.map((name) => equals(name, write.guard))].join(' AND '),
  );
  return each.length === 1 ? (each[0] ?? '') : each.map((condition) => `(${condition})`).join(' OR ');
}

function equals(name: string, row: Row | null): string {
  const value = row?.[name];
  return value === null ? `${name} IS NULL` : `${name} = ${literal(value)}`;
}

function updateSql(table: string, names: Names, writes: readonly Write[]): { sql: string; rows: number }[] {
  const isSame = names.set.map((name) => writes.every((write) => write.set?.[name] === writes[0]?.set?.[name]));
  // Assignments see those before them: a key column that changes itself cannot tell the rows apart.
  const canMerge = isSame.every(Boolean) || !names.key.some((name) => names.set.includes(name));
  if (!canMerge)
    return writes.map((write) => ({
      sql: `UPDATE ${table} SET ${assignments(
        names,
        [write],
        names.set.map(() => true),
      )} WHERE ${whereSql(names, [write])}`,
      rows: 1,
    }));
  return [{ sql: `UPDATE ${table} SET ${assignments(names, writes, isSame)} WHERE ${whereSql(names, writes)}`, rows: writes.length }];
}

function assignments({ key, set }: Names, writes: readonly Write[], isSame: readonly boolean[]): string {
  const [only] = key;
  // The last write to a row counts, so that its case stands first.
  const lastFirst = writes.length === 1 ? writes : writes.toReversed();
  return set
    .map((name, index) => {
      if (isSame[index]) return `${name} = ${literal(writes[0]?.set?.[name])}`;
      const cases = lastFirst.map((write) => {
        const when = key.length === 1 && only ? literal(write.key?.[only]) : key.map((column) => equals(column, write.key)).join(' AND ');
        return `WHEN ${when} THEN ${literal(write.set?.[name])}`;
      });
      return `${name} = CASE ${key.length === 1 && only ? only : ''} ${cases.join(' ')} END`;
    })
    .join(', ');
}
