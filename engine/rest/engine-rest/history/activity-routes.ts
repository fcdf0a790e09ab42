import { runningActivities } from '#engine/history/running-activities.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { countRows, listRows, type FilterValue, type ListRequest } from '#engine/store/read-models/filtered-list.ts';
import { INSTANCE_FILTERS } from '#engine/store/read-models/history-commands.ts';
import { historicActivityList } from '#engine/store/read-models/history-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listParameters, PAGING, wholePage, type ListBody } from '../list-parameters.ts';
import { storedType } from './activity-type.ts';
import { keptAt } from './kept-at.ts';
import { logContext } from './log-list.ts';
import { presentActivity } from './presenter.ts';
import { activityFilters } from './schema.ts';
import { sortedRows } from './sorted-rows.ts';

const PATH = '/engine-rest/history/activity-instance';

/** Activities that ended are rows; those that run are in the state of their instance. Unsorted, what ended comes first. */
export function historicActivityRoutes(context: RouteContext): Route[] {
  const { store } = context;
  const parameters = listParameters(activityFilters, historicActivityList);
  const now = () => store.clock.now();
  const endedCount = (request: ListRequest) => store.query(countRows(historicActivityList, request));

  async function list(asked: ListRequest): Promise<Reply> {
    const { request, ended, running } = prepared(context, asked);
    const { offset, limit, sort } = asked;
    const upTo = offset + limit;
    const isSorted = sort.length > 0;
    // Sorted together, each side has to give all up to the end of the page.
    const from = running && isSorted ? 0 : offset;
    const endedRows = ended ? await store.query(listRows(historicActivityList, { ...request, offset: from, limit: upTo - from })) : [];
    let rows = endedRows;
    if (running && isSorted) rows = sortedRows([...endedRows, ...(await runningRows(context, request, null))], sort, COLUMNS).slice(offset, upTo);
    else if (running && endedRows.length < limit) {
      const before = ended ? await endedCount(request) : 0;
      const skipped = Math.max(0, offset - before);
      const more = await runningRows(context, request, skipped + limit - endedRows.length);
      rows = [...endedRows, ...more.slice(skipped, skipped + limit - endedRows.length)];
    }
    return { body: await Promise.all(wholePage(rows, asked).map(present)) };
  }

  async function count(asked: ListRequest): Promise<Reply> {
    const { request, ended, running } = prepared(context, asked);
    const past = ended ? await endedCount(request) : 0;
    return { body: { count: past + (running ? (await runningRows(context, request, null)).length : 0) } };
  }

  async function present(row: Row): Promise<object> {
    const id = Number(row.definition_id);
    return presentActivity(row, await context.definition(id), await context.modelOf(id));
  }

  return [
    route({
      id: 'history.activity-instance.list',
      method: 'GET',
      path: PATH,
      summary: 'Activities, running and ended.',
      query: parameters.query,
      handler: ({ principal, query }) => list(parameters.ofQuery(query, scopeOf(principal), now())),
    }),
    route({
      id: 'history.activity-instance.count',
      method: 'GET',
      path: `${PATH}/count`,
      summary: 'Count by query parameters.',
      query: parameters.countQuery,
      handler: ({ principal, query }) => count(parameters.ofQuery(query, scopeOf(principal), now())),
    }),
    route<ListBody>({
      id: 'history.activity-instance.query',
      method: 'POST',
      path: PATH,
      summary: 'List by a body.',
      query: { type: 'object', additionalProperties: false, properties: PAGING },
      body: parameters.body,
      audited: false,
      handler: ({ principal, query, body }) => list(parameters.ofBody(body, query, scopeOf(principal), now())),
    }),
    route<ListBody>({
      id: 'history.activity-instance.query-count',
      method: 'POST',
      path: `${PATH}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      handler: ({ principal, body }) => count(parameters.ofBody(body, {}, scopeOf(principal), now())),
    }),
  ];
}

/** Sort keys of `historicActivityList` as columns of its rows. */
const COLUMNS: Readonly<Record<string, (row: Row) => Row[string]>> = {
  activityInstanceId: (row) => row.element_instance ?? null,
  instanceId: (row) => row.instance_id ?? null,
  activityId: (row) => row.element ?? null,
  activityType: (row) => row.element_type ?? null,
  startTime: (row) => row.started_at ?? null,
  endTime: (row) => row.ended_at ?? null,
  duration: (row) => (row.ended_at === null ? null : Number(row.ended_at) - Number(row.started_at)),
  occurrence: (row) => row.seq ?? null,
  definitionId: (row) => row.definition_id ?? null,
  tenantId: (row) => row.tenant ?? null,
};

interface Wanted {
  request: ListRequest;
  ended: boolean;
  running: boolean;
}

function prepared(context: RouteContext, asked: ListRequest): Wanted {
  const { finished, unfinished, activityType, ...rest } = asked.filter;
  const filter = activityType === undefined ? rest : { ...rest, activityType: storedType(activityType as string) };
  const isPast = ['finishedBefore', 'finishedAfter', 'canceled'].some((name) => name in filter);
  return {
    request: { ...asked, filter: { ...filter, ...keptAt(context, 'activity') } },
    ended: unfinished !== true,
    running: finished !== true && !isPast,
  };
}

function runningRows(context: RouteContext, { scope, filter }: ListRequest, enough: number | null): Promise<Row[]> {
  const instances: Record<string, FilterValue> = {};
  for (const [name, value] of Object.entries(filter)) if (name in INSTANCE_FILTERS) instances[name] = value;
  return runningActivities(logContext(context), { scope, instances, enough, keeps: (row) => matches(row, filter) });
}

function matches(row: Row, filter: ListRequest['filter']): boolean {
  const same = (name: string, column: string) => filter[name] === undefined || filter[name] === row[column];
  const after = filter['startedAfter'];
  const before = filter['startedBefore'];
  return (
    same('activityId', 'element') &&
    same('activityType', 'element_type') &&
    same('activityInstanceId', 'element_instance') &&
    same('executionId', 'element_instance') &&
    same('taskAssignee', 'assignee') &&
    filter['completeScope'] === undefined &&
    (after === undefined || Number(row.started_at) > Number(after)) &&
    (before === undefined || Number(row.started_at) < Number(before))
  );
}
