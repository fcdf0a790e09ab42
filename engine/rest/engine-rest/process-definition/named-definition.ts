import { notFound } from '#engine/errors.ts';
import { seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import type { Request } from '#engine/rest/route.ts';
import type { DefinitionInfo } from '#engine/services/contract.ts';
import { idOf } from '../wire-format.ts';

/** How a route names its definition: by id, by key, or by key and tenant. */
export const WAYS = [
  { suffix: '', path: '/:id' },
  { suffix: '-by-key', path: '/key/:key' },
  { suffix: '-by-key-and-tenant', path: '/key/:key/tenant-id/:tenant' },
] as const;

/** The definition that the path names. @throws RequestError 404, also for another district's */
export async function namedDefinition({ engine }: RouteContext, { principal, params }: Request<unknown>): Promise<DefinitionInfo> {
  const { key, tenant, id } = params;
  if (key === undefined) {
    const info = await engine.repository.byId(idOf(id, 'process definition'));
    if (!seesDefinition(principal, info)) throw notFound('process definition', id ?? '');
    return info;
  }
  if (tenant !== undefined && tenant !== principal.tenant) throw notFound('process definition', key);
  return engine.repository.latest(key, principal.tenant);
}
