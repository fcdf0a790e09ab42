import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** One place of the tree district (1) / street (2) / community (3). */
export interface AreaRow {
  tenant: string;
  code: string;
  parent: string | null;
  /** e.g. `120103/120103008/120103008011`. */
  path: string;
  name: string;
  level: number;
}

const toArea = (row: Row): AreaRow => ({
  tenant: String(row.tenant),
  code: String(row.code),
  parent: row.parent === null ? null : String(row.parent),
  path: String(row.path),
  name: String(row.name),
  level: Number(row.level),
});

/** The areas at and below the caller's area paths, parents before children. */
export function* areasBelow(scope: { tenant: string; areas: string[] }): Work<AreaRow[]> {
  if (scope.areas.length === 0) return [];
  const below = scope.areas.map(() => '(path = ? OR path LIKE ?)').join(' OR ');
  const params = scope.areas.flatMap((area) => [area, `${area}/%`]);
  return (yield* read(`SELECT * FROM area WHERE tenant = ? AND (${below}) ORDER BY path`, [scope.tenant, ...params])).map(toArea);
}

export function* areaByPath(tenant: string, path: string): Work<AreaRow | null> {
  const [row] = yield* read('SELECT * FROM area WHERE tenant = ? AND path = ?', [tenant, path]);
  return row ? toArea(row) : null;
}

/** All areas of all districts: about 190 rows per district. */
export function* allAreas(): Work<AreaRow[]> {
  return (yield* read('SELECT * FROM area ORDER BY tenant, path')).map(toArea);
}

/** For areas that must be new. */
export function insertArea(writes: Writes, area: AreaRow): void {
  writes.insert('area', { ...area });
}

export function saveArea(writes: Writes, area: AreaRow): void {
  const { tenant, code, ...set } = area;
  writes.upsert('area', { tenant, code }, set);
}
