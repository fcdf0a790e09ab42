import { read, type Row, type SqlValue, type Work } from '../unit-of-work.ts';

/** One district, and in it the subtrees below these area paths. */
export interface ListScope {
  tenant: string;
  areas: readonly string[];
}

export interface VariableCondition {
  name: string;
  operator: 'eq' | 'neq' | 'gt' | 'gteq' | 'lt' | 'lteq' | 'like';
  value: string | number | boolean | null;
}
export type FilterValue = string | number | boolean | readonly (string | number)[] | readonly VariableCondition[];

export interface ListRequest {
  scope: ListScope;
  filter: Readonly<Record<string, FilterValue>>;
  sort: readonly { by: string; descending: boolean }[];
  offset: number;
  limit: number;
}

export interface Fragment {
  sql: string;
  params: SqlValue[];
}
export type Filter = (value: FilterValue) => Fragment;

/** A list as data: what may be asked, and the SQL behind each word. Only texts of this table ever reach a statement. */
export interface ListModel {
  columns: string;
  /** May depend on the filter: a union of running and ended is narrowed where the filter allows it. */
  from: string | ((filter: ListRequest['filter']) => string);
  tenant: string;
  /** null: the list has no area, only a district (definitions). */
  area: string | null;
  /** Shared standard content, tenant '', belongs to the list too. */
  includesShared?: boolean;
  filters: Readonly<Record<string, Filter>>;
  sorts: Readonly<Record<string, string>>;
  /** Keeps pages apart when the sort has equals. */
  tieBreaker: string;
}

export function* listRows(model: ListModel, request: ListRequest): Work<Row[]> {
  const where = whereOf(model, request);
  const order = orderOf(model, request.sort);
  const sql = `SELECT ${model.columns} FROM ${fromOf(model, request)} WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`;
  return yield* read(sql, [...where.params, request.limit, request.offset]);
}

export function* countRows(model: ListModel, request: Pick<ListRequest, 'scope' | 'filter'>): Work<number> {
  const where = whereOf(model, request);
  const [row] = yield* read(`SELECT COUNT(*) AS n FROM ${fromOf(model, request)} WHERE ${where.sql}`, where.params);
  return Number(row?.n ?? 0);
}

const fromOf = (model: ListModel, { filter }: Pick<ListRequest, 'filter'>): string =>
  typeof model.from === 'string' ? model.from : model.from(filter);

function whereOf(model: ListModel, { scope, filter }: Pick<ListRequest, 'scope' | 'filter'>): Fragment {
  const parts = [scopeFragment(model, scope)];
  for (const [name, value] of Object.entries(filter)) {
    const build = model.filters[name];
    if (!build) throw new Error(`Expected a filter of the list, but ${name} is none`);
    parts.push(build(value));
  }
  return { sql: parts.map((part) => part.sql).join(' AND '), params: parts.flatMap((part) => part.params) };
}

function orderOf(model: ListModel, sort: ListRequest['sort']): string {
  const parts = sort.map(({ by, descending }) => {
    const column = model.sorts[by];
    if (!column) throw new Error(`Expected a sort key of the list, but ${by} is none`);
    return `${column} ${descending ? 'DESC' : 'ASC'}`;
  });
  const descending = sort.at(-1)?.descending ?? false;
  return [...parts, `${model.tieBreaker} ${descending ? 'DESC' : 'ASC'}`].join(', ');
}

function scopeFragment(model: ListModel, scope: ListScope): Fragment {
  if (model.includesShared) return { sql: `${model.tenant} IN (?, '')`, params: [scope.tenant] };
  if (!model.area) return { sql: `${model.tenant} = ?`, params: [scope.tenant] };
  const area = areaFragment(model.area, scope.areas);
  return { sql: `${model.tenant} = ? AND ${area.sql}`, params: [scope.tenant, ...area.params] };
}

/** Rows at or below one of the area paths; nobody's areas = nothing. */
export function areaFragment(column: string, areas: readonly string[]): Fragment {
  if (areas.length === 0) return { sql: '1 = 0', params: [] };
  // The range is the subtree: `/` is followed by `0` in every collation we use.
  const one = `(${column} = ? OR (${column} >= ? AND ${column} < ?))`;
  return { sql: `(${areas.map(() => one).join(' OR ')})`, params: areas.flatMap((area) => [area, `${area}/`, `${area}0`]) };
}

export const equals =
  (column: string): Filter =>
  (value) => ({ sql: `${column} = ?`, params: [scalar(value)] });
export const differs =
  (column: string): Filter =>
  (value) => ({ sql: `(${column} IS NULL OR ${column} <> ?)`, params: [scalar(value)] });
/** `%` and `_` are the caller's wildcards, as in Camunda. */
export const like =
  (column: string): Filter =>
  (value) => ({ sql: `${column} LIKE ?`, params: [scalar(value)] });
export const compares =
  (column: string, operator: '<' | '<=' | '>' | '>='): Filter =>
  (value) => ({ sql: `${column} ${operator} ?`, params: [scalar(value)] });
/** A flag: `true` asks for the first condition, `false` for the second. */
export const flag =
  (yes: string, no: string): Filter =>
  (value) => ({ sql: value === true ? yes : no, params: [] });

export const oneOf =
  (column: string): Filter =>
  (value) => {
    const values = scalars(value);
    return values.length === 0
      ? { sql: '1 = 0', params: [] }
      : { sql: `${column} IN (${values.map(() => '?').join(', ')})`, params: values };
  };
export const noneOf =
  (column: string): Filter =>
  (value) => {
    const values = scalars(value);
    return { sql: values.length === 0 ? '1 = 1' : `${column} NOT IN (${values.map(() => '?').join(', ')})`, params: values };
  };
/** A definition's column, looked up by the key of the definition. */
export const byDefinitionKey =
  (column: string): Filter =>
  (value) => {
    const keys = Array.isArray(value) ? scalars(value) : [scalar(value)];
    return { sql: `${column} IN (SELECT id FROM process_definition WHERE def_key IN (${keys.map(() => '?').join(', ')}))`, params: keys };
  };
/** Tenants besides the caller's own hold nothing for them. */
export const byTenant = (column: string): Filter => oneOf(column);

const OPERATORS = { eq: '=', neq: '<>', gt: '>', gteq: '>=', lt: '<', lteq: '<=', like: 'LIKE' } as const;

/** Process variables that are primitive and short enough to be searched. */
export const withVariables =
  (instanceColumn: string): Filter =>
  (value) => {
    const parts = (value as readonly VariableCondition[]).map(({ name, operator, value: wanted }) => {
      const head = `EXISTS (SELECT 1 FROM search_variable v WHERE v.instance_id = ${instanceColumn} AND v.name = ?`;
      if (wanted === null) return { sql: `${head} AND v.type = 'Null')`, params: [name] };
      if (typeof wanted === 'string') return { sql: `${head} AND v.text_value ${OPERATORS[operator]} ?)`, params: [name, wanted] };
      return { sql: `${head} AND v.number_value ${OPERATORS[operator]} ?)`, params: [name, Number(wanted)] };
    });
    return { sql: parts.map((part) => part.sql).join(' AND ') || '1 = 1', params: parts.flatMap((part) => part.params) };
  };

function scalar(value: FilterValue): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object') throw new Error('Expected one value for a filter, but it is a list');
  return value;
}

function scalars(value: FilterValue): SqlValue[] {
  if (!Array.isArray(value)) throw new Error('Expected a list for a filter, but it is one value');
  return value as SqlValue[];
}
