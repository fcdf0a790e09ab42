import { conflict } from '#engine/errors.ts';
import { allAreas, areaByPath, areasBelow, insertArea, type AreaRow } from '#engine/store/area-store.ts';
import type { Batcher, Work } from '#engine/store/unit-of-work.ts';

export interface AreaNode {
  code: string;
  path: string;
  name: string;
  /** 1 district, 2 street, 3 community. */
  level: number;
  children: AreaNode[];
}

/** The trees at and below the caller's areas; a path whose parent is out of scope is a root. */
export function* areaTree(scope: { tenant: string; areas: string[] }): Work<AreaNode[]> {
  return buildTree(yield* areasBelow(scope));
}

/** Path → name for lists, e.g. `120103/120103008` → `天塔街道`, of all districts. */
export function* areaNames(): Work<Map<string, string>> {
  return new Map((yield* allAreas()).map((area) => [area.path, area.name]));
}

export function buildTree(rows: AreaRow[]): AreaNode[] {
  const nodes = new Map<string, AreaNode>();
  const roots: AreaNode[] = [];
  for (const row of rows.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const node: AreaNode = { code: row.code, path: row.path, name: row.name, level: row.level, children: [] };
    nodes.set(row.path, node);
    const parent = nodes.get(row.path.slice(0, row.path.lastIndexOf('/')));
    if (parent) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}

/** Statistical codes: 6 digits for a district, 9 for its streets, 12 for their communities; each begins with the one above. */
export const isCodeBelow = (parent: Pick<AreaRow, 'code' | 'level'>, code: string): boolean =>
  parent.level < 3 && /^[0-9]+$/.test(code) && code.length === 6 + 3 * parent.level && code.startsWith(parent.code);

/** @throws RequestError 409 `AREA_EXISTS` */
export function addArea(batcher: Batcher, parent: AreaRow, { code, name }: { code: string; name: string }): Promise<AreaRow> {
  const { tenant } = parent;
  const area = { tenant, code, parent: parent.code, path: `${parent.path}/${code}`, name, level: parent.level + 1 };
  return batcher.run({ key: `area:${tenant}`, name: 'add-area' }, function* (writes) {
    if (yield* areaByPath(tenant, area.path)) throw conflict('AREA_EXISTS', `Expected the area ${code} to be new, but it is there`);
    insertArea(writes, area);
    return area;
  });
}
