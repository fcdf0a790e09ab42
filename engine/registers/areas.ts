import { allAreas, areasBelow, type AreaRow } from '#engine/store/area-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

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
