import { InvariantError } from '#engine/errors.ts';
import type { Row, Writes } from './unit-of-work.ts';

export type WriteKind = 'insert' | 'insertIfAbsent' | 'upsert' | 'update' | 'delete' | 'add';

/** One collected write. `set` is the row of an insert, the changes of an update, the increments of `add`. */
export interface Write {
  kind: WriteKind;
  table: string;
  key: Row | null;
  set: Row | null;
  guard: Row | null;
}

export interface WriteList extends Writes {
  readonly list: Write[];
  readonly effects: (() => void)[];
}

/** Collects what one unit of work writes, in its order. */
export function createWriteList(): WriteList {
  const list: Write[] = [];
  const effects: (() => void)[] = [];
  return {
    list,
    effects,
    insert: (table, row) => void list.push({ kind: 'insert', table, key: null, set: row, guard: null }),
    insertIfAbsent: (table, row) => void list.push({ kind: 'insertIfAbsent', table, key: null, set: row, guard: null }),
    upsert: (table, key, set) => void list.push({ kind: 'upsert', table, key, set, guard: null }),
    update: (table, key, set, guard) => void list.push({ kind: 'update', table, key, set, guard: guard ?? null }),
    delete: (table, key, guard) => void list.push({ kind: 'delete', table, key, set: null, guard: guard ?? null }),
    add: (table, key, increments) => void list.push({ kind: 'add', table, key, set: increments, guard: null }),
    afterCommit: (effect) => void effects.push(effect),
  };
}

/** A compare-and-set found no row: someone was first. The unit runs again on fresh reads. */
export class LostGuard extends Error {
  constructor(table: string) {
    super(`Expected the row in ${table} to be as it was read, but it has changed`);
    this.name = 'LostGuard';
  }
}

/** A statement with the columns it was compiled for. */
export interface Shape<S> {
  kind: WriteKind;
  key: readonly string[];
  set: readonly string[];
  guard: readonly string[];
  statement: S;
}

/** Statements by table and columns, compiled once; found by comparing names, which is cheaper than building a key. */
export function createShapeCache<S>(compile: (table: string, shape: Omit<Shape<S>, 'statement'>) => S): (write: Write) => Shape<S> {
  const byTable = new Map<string, Shape<S>[]>();
  return (write) => {
    let shapes = byTable.get(write.table);
    if (!shapes) byTable.set(write.table, (shapes = []));
    for (const shape of shapes) {
      if (
        shape.kind === write.kind &&
        hasNames(write.key, shape.key) &&
        hasNames(write.set, shape.set) &&
        hasNames(write.guard, shape.guard)
      )
        return shape;
    }
    const names = { kind: write.kind, key: namesOf(write, write.key), set: namesOf(write, write.set), guard: namesOf(write, write.guard) };
    const shape = { ...names, statement: compile(write.table, names) };
    shapes.push(shape);
    return shape;
  };
}

function hasNames(row: Row | null, names: readonly string[]): boolean {
  let index = 0;
  for (const name in row) if (name !== names[index++]) return false;
  return index === names.length;
}

const COLUMN = /^[a-z][a-z0-9_]*$/;

/** Names come from our own code, never from a request; the check keeps it so. */
function namesOf(write: Write, row: Row | null): string[] {
  const names = Object.keys(row ?? {});
  for (const name of [write.table, ...names]) {
    if (!COLUMN.test(name)) throw new InvariantError(`Expected a table or column name, but got ${JSON.stringify(name)}`);
  }
  return names;
}
