import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Actor } from '#engine/core/ports.ts';
import { createExpiringCache } from '#engine/identity/expiring-cache.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { visible } from '#engine/identity/scope.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { definitionById, SHARED, type DefinitionRow } from '#engine/store/definition-store.ts';
import { ownerOf, type OwnedTable, type Owner } from '#engine/store/read-models/owners.ts';
import { createAreaNames, type AreaNames } from './api/areas/area-names.ts';
import type { AppContext } from './app-context.ts';

/** What the routes share besides the app's context. */
export interface RouteContext extends AppContext {
  areaNames: AreaNames;
  /** A definition's fixed columns, by id. @throws RequestError 404 */
  definition: (id: number) => Promise<DefinitionRow>;
  /** The same for many rows at once. */
  definitionsOf: (ids: Iterable<number>) => Promise<ReadonlyMap<number, DefinitionRow>>;
  /** Our address for links in answers: the configured one; the browser's `Host` is believed only where none is. */
  originFor: (koa: Context) => string;
  /** Lets only those pass who may see the object. @throws RequestError 404 */
  requireVisible: (principal: Principal, table: OwnedTable, id: number) => Promise<void>;
}

export function createRouteContext(context: AppContext): RouteContext {
  const { store, settings } = context;
  const publicOrigin = settings.publicUrl ? new URL(settings.publicUrl).origin : null;
  const definitions = new Map<number, DefinitionRow>();
  // Neither tenant nor area of an object ever changes, so an entry can be late only for objects that are gone.
  const owners = createExpiringCache<Owner>({ ttlMs: 600_000, max: 20_000, now: Date.now });

  async function definition(id: number): Promise<DefinitionRow> {
    const known = definitions.get(id);
    if (known) return known;
    const row = await store.query(definitionById(id));
    if (!row) throw notFound('process definition', id);
    if (definitions.size > 10_000) definitions.clear();
    definitions.set(id, row);
    return row;
  }

  return {
    ...context,
    areaNames: createAreaNames(store),
    originFor: (koa) => publicOrigin ?? `${koa.protocol}://${koa.host}`,
    definition,
    async definitionsOf(ids) {
      const rows = await Promise.all([...new Set(ids)].map(definition));
      return new Map(rows.map((row) => [row.id, row]));
    },
    async requireVisible(principal, table, id) {
      const key = `${table}:${id}`;
      const known = owners.get(key) ?? (await store.query(ownerOf(table, id)));
      const owner = visible(principal, known, table.replace('_', ' '), id);
      owners.set(key, owner);
    },
  };
}

/** A district sees its own definitions and the shared standard. */
export const seesDefinition = (principal: Principal, row: { tenant: string | null }): boolean =>
  row.tenant === null || row.tenant === SHARED || row.tenant === principal.tenant;

/** `Idempotency-Key`: the same key has the same effect once. @throws RequestError 400 when it is not usable as a key */
export function idempotencyKeyOf(req: IncomingMessage): string | null {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,190}$/.test(key)) return key;
  throw invalidInput('QUERY_INVALID', 'Expected Idempotency-Key to be 1 to 190 printable characters, but it is not', {
    problem: 'Idempotency-Key',
  });
}

export const actorOf = (principal: Principal): Actor => ({ id: principal.id, kind: principal.kind === 'client' ? 'client' : 'user' });
