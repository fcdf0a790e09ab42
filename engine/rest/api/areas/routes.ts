import type { AppContext } from '#engine/rest/app-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { areasBelow, type AreaRow } from '#engine/store/area-store.ts';

/** An area with the areas below it. */
export interface AreaNode {
  path: string;
  code: string;
  name: string;
  level: number;
  children: AreaNode[];
}

export const areaRoutes = ({ store }: AppContext): Route[] => [
  route({
    id: 'api.area.tree',
    method: 'GET',
    path: '/api/areas',
    summary: 'The area tree at and below the areas of the caller.',
    handler: async ({ principal }) => ({ body: treeOf(await store.query(areasBelow(scopeOf(principal)))) }),
  }),
];

/** Rows come with parents before their children. */
export function treeOf(areas: readonly AreaRow[]): AreaNode[] {
  const roots: AreaNode[] = [];
  const byPath = new Map<string, AreaNode>();
  for (const { path, code, name, level } of areas) {
    const node: AreaNode = { path, code, name, level, children: [] };
    byPath.set(path, node);
    const parent = byPath.get(path.slice(0, path.lastIndexOf('/')));
    (parent?.children ?? roots).push(node);
  }
  return roots;
}
