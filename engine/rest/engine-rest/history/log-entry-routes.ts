import { placeOf, type LogEntry } from '#engine/history/log.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { entriesOf, type LogList } from './log-list.ts';

/** One entry by its id, and the long text that belongs to it. */
export function logEntryRoutes<E extends LogEntry>(
  context: RouteContext,
  list: LogList<E>,
  detail: { name: string; text(entry: E): string | null } | null,
): Route[] {
  const { id, path } = list;
  const one = route({
    id: `${id}.get`,
    method: 'GET',
    path: `${path}/:id`,
    summary: 'One entry.',
    ...(list.extraQuery && { query: { type: 'object', additionalProperties: false, properties: list.extraQuery } }),
    async handler({ principal, params, query }) {
      const entry = await logEntry(context, list, params['id'] ?? '', principal);
      return { body: list.present(entry, await context.definition(entry.instance.definitionId), query) };
    },
  });
  if (!detail) return [one];
  const { name, text } = detail;
  return [
    one,
    route({
      id: `${id}.${name}`,
      method: 'GET',
      path: `${path}/:id/${name}`,
      summary: 'The long text of a failure.',
      handler: async ({ principal, params }) => ({ body: text(await logEntry(context, list, params['id'] ?? '', principal)) ?? '', type: 'text/plain' }),
    }),
  ];
}

/** @throws RequestError 404 */
export async function logEntry<E extends LogEntry>(context: RouteContext, list: LogList<E>, id: string, principal: Principal): Promise<E> {
  const place = placeOf(id);
  const request = { scope: scopeOf(principal), filter: { processInstanceId: place?.instance ?? -1 } };
  const entry = place ? (await entriesOf(context, list, request, null)).find((each) => each.id === id) : undefined;
  if (!entry) throw notFound('history entry', id.slice(0, 60));
  return entry;
}
