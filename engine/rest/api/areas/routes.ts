import { isName, type FieldProblem } from '#engine/identity/account-rules.ts';
import { scopeOf, visible } from '#engine/identity/scope.ts';
import { addArea, areaTree, isCodeBelow } from '#engine/registers/areas.ts';
import { refuseFields } from '#engine/rest/messages/field-errors.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { areaByPath } from '#engine/store/area-store.ts';
import { areaBody, type AreaBody } from './schema.ts';

export const areaRoutes = ({ store, areaNames }: RouteContext): Route[] => [
  route({
    id: 'api.area.tree',
    method: 'GET',
    path: '/api/areas',
    summary: 'The area tree at and below the areas of the caller.',
    handler: async ({ principal }) => ({ body: await store.query(areaTree(scopeOf(principal))) }),
  }),
  route<AreaBody>({
    id: 'api.area.create',
    method: 'POST',
    path: '/api/areas',
    summary: 'A street below a district, or a community below a street, within the areas of the caller.',
    body: areaBody,
    async handler({ body, principal, locale }) {
      const row = await store.query(areaByPath(principal.tenant, body.parent));
      const parent = visible(principal, row && { ...row, area: row.path }, 'area', body.parent);
      const problems: FieldProblem[] = [];
      if (!isCodeBelow(parent, body.code)) problems.push({ pointer: '/code', keyword: 'areaCode' });
      if (!isName(body.name)) problems.push({ pointer: '/name', keyword: 'name' });
      refuseFields(problems, locale);
      const area = await addArea(store.batcher, parent, body);
      areaNames.forget();
      const { code, path, name, level } = area;
      return { status: 201, body: { code, path, name, level, children: [] }, audit: `area ${path}` };
    },
  }),
];
