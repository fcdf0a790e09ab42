import { readLog, type Log, type LogContext, type LogEntry } from '#engine/history/log.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import type { FilterValue, ListRequest } from '#engine/store/read-models/filtered-list.ts';
import { INSTANCE_FILTERS } from '#engine/store/read-models/history-commands.ts';
import { listParameters, PAGING, wholePage, type FilterKinds, type ListBody, type ListParameters } from '../list-parameters.ts';
import { sortedRows } from './sorted-rows.ts';

export interface LogList<E extends LogEntry> {
  /** Prefix of the route ids, e.g. `history.job-log`. */
  id: string;
  path: string;
  what: string;
  kinds: FilterKinds;
  log: Log<E>;
  /** Conditions on entries; instance conditions are those of `INSTANCE_FILTERS`. */
  filters: Readonly<Record<string, (entry: E, value: FilterValue) => boolean>>;
  sorts: Readonly<Record<string, (entry: E) => string | number | null>>;
  present: (entry: E, definition: DefinitionRow | undefined, query: Record<string, string | undefined>) => object;
  byPost: boolean;
  /** Query parameters that only concern how entries are shown. */
  extraQuery?: Readonly<Record<string, object>>;
}

/** Camunda's forms of a list that is read from the events of instances. */
export function logListRoutes<E extends LogEntry>(context: RouteContext, list: LogList<E>): Route[] {
  const { store } = context;
  const { id, path, what, byPost, extraQuery = {} } = list;
  const parameters = listParameters(list.kinds, { sorts: list.sorts });
  const now = () => store.clock.now();
  const withExtra = (schema: object) => ({ ...schema, properties: { ...(schema as { properties: object }).properties, ...extraQuery } });

  async function rows(request: ListRequest, query: Record<string, string | undefined>): Promise<Reply> {
    const entries = await entriesOf(context, list, request, request.sort.length === 0 ? request.offset + request.limit : null);
    const page = wholePage(sortedRows(entries, request.sort, list.sorts).slice(request.offset, request.offset + request.limit), request);
    const definitions = await context.definitionsOf(page.map(({ instance }) => instance.definitionId));
    return { body: page.map((entry) => list.present(entry, definitions.get(entry.instance.definitionId), query)) };
  }
  const count = async (request: ListRequest): Promise<Reply> => ({ body: { count: (await entriesOf(context, list, request, null)).length } });
  const own = (query: Record<string, string | undefined>) => Object.fromEntries(Object.entries(query).filter(([name]) => !(name in extraQuery)));
  const ofQuery = (query: Record<string, string | undefined>, principal: Principal) => parameters.ofQuery(own(query), scopeOf(principal), now());

  const routes = [
    route({ id: `${id}.list`, method: 'GET', path, summary: `${what}, by query parameters.`, query: withExtra(parameters.query), handler: ({ principal, query }) => rows(ofQuery(query, principal), query) }),
    route({ id: `${id}.count`, method: 'GET', path: `${path}/count`, summary: 'Count by query parameters.', query: withExtra(parameters.countQuery), handler: ({ principal, query }) => count(ofQuery(query, principal)) }),
  ];
  return byPost ? [...routes, ...postRoutes(list, parameters, { rows, count, now })] : routes;
}

function postRoutes<E extends LogEntry>(
  { id, path, what, extraQuery = {} }: LogList<E>,
  parameters: ListParameters,
  { rows, count, now }: { rows(request: ListRequest, query: Record<string, string | undefined>): Promise<Reply>; count(request: ListRequest): Promise<Reply>; now(): number },
): Route[] {
  return [
    route<ListBody>({
      id: `${id}.query`,
      method: 'POST',
      path,
      summary: `${what}, by a body.`,
      query: { type: 'object', additionalProperties: false, properties: { ...PAGING, ...extraQuery } },
      body: parameters.body,
      audited: false,
      handler: ({ principal, query, body }) => rows(parameters.ofBody(body, query, scopeOf(principal), now()), query),
    }),
    route<ListBody>({
      id: `${id}.query-count`,
      method: 'POST',
      path: `${path}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      handler: ({ principal, body }) => count(parameters.ofBody(body, {}, scopeOf(principal), now())),
    }),
  ];
}

export const logContext = ({ store, modelOf, history }: RouteContext): LogContext => ({ store, modelOf, historyLevel: history?.level ?? 'full' });

/** What a query finds, in the order of `readLog`. */
export async function entriesOf<E extends LogEntry>(context: RouteContext, { log, filters }: LogList<E>, { scope, filter }: Pick<ListRequest, 'scope' | 'filter'>, enough: number | null): Promise<E[]> {
  const instances: Record<string, FilterValue> = {};
  const tests: ((entry: E) => boolean)[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (name in INSTANCE_FILTERS) instances[name] = value;
    else tests.push((entry) => filters[name]?.(entry, value) ?? false);
  }
  return readLog(logContext(context), log, { scope, instances, enough, keeps: (entry) => tests.every((test) => test(entry)) });
}

/** Filters that several logs have. */
export const same =
  <E>(key: (entry: E) => string | number | null) =>
  (entry: E, value: FilterValue): boolean =>
    key(entry) === value;
export const among =
  <E>(key: (entry: E) => string | number | null) =>
  (entry: E, value: FilterValue): boolean =>
    (value as readonly (string | number | null)[]).includes(key(entry));
export const isTrue =
  <E>(test: (entry: E) => boolean) =>
  (entry: E): boolean =>
    test(entry);
/** `%` and `_` as in SQL. */
export const isLike =
  <E>(key: (entry: E) => string | null) =>
  (entry: E, value: FilterValue): boolean =>
    matchesLike(key(entry) ?? '', String(value as string));

/** Without a regular expression, so that no pattern is slow: each part between `%` is sought after the one before. */
export function matchesLike(text: string, pattern: string): boolean {
  const parts = pattern.split('%');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text.length === pattern.length && fits(text, 0, pattern);
  if (!fits(text, 0, first)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    while (from + part.length <= text.length && !fits(text, from, part)) from++;
    if (from + part.length > text.length) return false;
    from += part.length;
  }
  const last = parts.at(-1) ?? '';
  return text.length - last.length >= from && fits(text, text.length - last.length, last);
}

function fits(text: string, at: number, part: string): boolean {
  if (at + part.length > text.length) return false;
  for (let index = 0; index < part.length; index++) if (part[index] !== '_' && part[index] !== text[at + index]) return false;
  return true;
}
