import { read, type Work } from '../unit-of-work.ts';
import { areaFragment, type Fragment, type ListScope } from './filtered-list.ts';

/**
 * Lists as unions of index walks, each of which stops by itself after a page: the only way in which a page costs the same
 * with a thousand rows and with a million (docs/performance.md). A `+` before a column keeps SQLite from choosing its index;
 * MySQL ignores it.
 */

/** Up to as many areas each one's newest rows are merged; above, the district's rows are filtered. */
const MAX_MERGED_AREAS = 40;
/** A set of rows up to this size is sorted rather than walked. */
export const SMALL = 1000;

export function walk(select: string, conditions: readonly Fragment[], order: string, top: number): Fragment {
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return { sql: `${select} WHERE ${where} ORDER BY ${order} LIMIT ${top}`, params: conditions.flatMap(({ params }) => params) };
}

/** An empty union is an empty text. */
export function union(walks: readonly Fragment[]): Fragment {
  return {
    sql: walks.map(({ sql }, index) => `SELECT * FROM (${sql}) w${index}`).join(' UNION ALL '),
    params: walks.flatMap(({ params }) => params),
  };
}

/** Rows of the scope, as a condition that drives no index. */
export function inScope(alias: string, { tenant, areas }: ListScope): Fragment {
  const area = areaFragment(`+${alias}.area`, areas);
  return { sql: `+${alias}.tenant = ? AND ${area.sql}`, params: [tenant, ...area.params] };
}

/** Rows of one tenant, inside the scope: walks the tenant's index. */
export function ofTenant(alias: string, { tenant, areas }: ListScope): Fragment {
  const area = areaFragment(`+${alias}.area`, areas);
  return { sql: `${alias}.tenant = ? AND ${area.sql}`, params: [tenant, ...area.params] };
}

/** Rows of one area exactly: walks the area's index. */
export function ofArea(alias: string, area: string, { tenant }: ListScope): Fragment {
  return { sql: `${alias}.area = ? AND +${alias}.tenant = ?`, params: [area, tenant] };
}

/** The areas of the scope when they are few; null when filtering the whole district is the better way. */
export function* fewAreas({ tenant, areas }: ListScope): Work<string[] | null> {
  if (areas.length === 0) return null;
  const inside = areaFragment('path', areas);
  const rows = yield* read(`SELECT path FROM area WHERE tenant = ? AND ${inside.sql} LIMIT ${MAX_MERGED_AREAS + 1}`, [
    tenant,
    ...inside.params,
  ]);
  return rows.length === 0 || rows.length > MAX_MERGED_AREAS ? null : rows.map((row) => String(row.path));
}

/** Whether there are more than `SMALL` such rows; reads no further. */
export function* isLarge(select: string, params: (string | number)[]): Work<boolean> {
  const [row] = yield* read(`SELECT COUNT(*) AS n FROM (${select} LIMIT ${SMALL + 1}) k`, params);
  return Number(row?.n) > SMALL;
}
