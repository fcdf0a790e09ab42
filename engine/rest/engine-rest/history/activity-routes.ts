import type { ElementInstance, InstanceState } from '#engine/core/state.ts';
import { invalidInput } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { canSee, scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { countRows, listRows, type FilterValue, type ListRequest } from '#engine/store/read-models/filtered-list.ts';
import { historicActivityList } from '#engine/store/read-models/history-lists.ts';
import { instanceIn } from '#engine/store/read-models/visible-variables.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listParameters, PAGING, wholePage, type ListBody } from '../list-parameters.ts';
import { storedType } from './activity-type.ts';
import { presentActivity } from './presenter.ts';
import { activityFilters } from './schema.ts';

const PATH = '/engine-rest/history/activity-instance';
const NEWEST_PAGE = { sort: [], offset: 0 };

/**
 * Activities that ended are rows; those that run are in the state of their instance. So what runs is listed per
 * instance, and over all instances only with `finished=true`.
 */
export function historicActivityRoutes(context: RouteContext): Route[] {
  const { store } = context;
  const parameters = listParameters(activityFilters, historicActivityList);
  const now = () => store.clock.now();

  async function list(request: ListRequest, principal: Principal): Promise<Reply> {
    const wanted = prepared(request);
    const ended = wanted.ended ? wholePage(await store.query(listRows(historicActivityList, wanted.request)), request) : [];
    const running = wanted.running ? await runningRows(context, principal, wanted.request.filter) : [];
    return { body: await Promise.all([...ended, ...running].slice(0, request.limit).map(present)) };
  }

  async function count(request: Pick<ListRequest, 'scope' | 'filter'>, principal: Principal): Promise<Reply> {
    const wanted = prepared({ ...request, ...NEWEST_PAGE, limit: 1 });
    const ended = wanted.ended ? await store.query(countRows(historicActivityList, wanted.request)) : 0;
    const running = wanted.running ? (await runningRows(context, principal, wanted.request.filter)).length : 0;
    return { body: { count: ended + running } };
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
      summary: 'Activities of an instance, or all that finished.',
      query: parameters.query,
      handler: ({ principal, query }) => list(parameters.ofQuery(query, scopeOf(principal), now()), principal),
    }),
    route({
      id: 'history.activity-instance.count',
      method: 'GET',
      path: `${PATH}/count`,
      summary: 'Count by query parameters.',
      query: parameters.countQuery,
      handler: ({ principal, query }) => count(parameters.ofQuery(query, scopeOf(principal), now()), principal),
    }),
    route<ListBody>({
      id: 'history.activity-instance.query',
      method: 'POST',
      path: PATH,
      summary: 'List by a body.',
      query: { type: 'object', additionalProperties: false, properties: PAGING },
      body: parameters.body,
      audited: false,
      handler: ({ principal, query, body }) => list(parameters.ofBody(body, query, scopeOf(principal), now()), principal),
    }),
    route<ListBody>({
      id: 'history.activity-instance.query-count',
      method: 'POST',
      path: `${PATH}/count`,
      summary: 'Count by a body.',
      body: parameters.countBody,
      audited: false,
      handler: ({ principal, body }) => count(parameters.ofBody(body, {}, scopeOf(principal), now()), principal),
    }),
  ];
}

interface Wanted {
  request: ListRequest;
  ended: boolean;
  running: boolean;
}

function prepared(request: ListRequest): Wanted {
  const { finished, unfinished, activityType, ...rest } = request.filter;
  if (finished !== true && rest['processInstanceId'] === undefined)
    throw invalidInput('QUERY_INVALID', 'Expected processInstanceId, or finished=true for all instances, but neither is given', {
      problem: 'processInstanceId',
    });
  const filter: Record<string, FilterValue> = { ...rest };
  if (typeof activityType === 'string') filter['activityType'] = storedType(activityType);
  const onlyEnded = finished === true || ['finishedBefore', 'finishedAfter', 'canceled'].some((name) => filter[name] !== undefined);
  return { request: { ...request, filter }, ended: unfinished !== true, running: !onlyEnded };
}

/** What runs in one instance, in the shape of the rows of what ended. */
async function runningRows({ store, modelOf }: RouteContext, principal: Principal, filter: ListRequest['filter']): Promise<Row[]> {
  const root = await store.query(loadByInstance(Number(filter['processInstanceId'])));
  const state = root && instanceIn(root);
  if (!state || !canSee(principal, state)) return [];
  const model = await modelOf(state.definitionId);
  return state.elements
    .slice(1)
    .filter(({ phase }) => phase !== 'compensating')
    .map((element) => runningRow(state, element, model.elements[element.element]?.id ?? '', model.elements[element.element]?.type ?? ''))
    .filter((row) => matches(row, filter));
}

function runningRow(state: InstanceState, element: ElementInstance, id: string, type: string): Row {
  return {
    instance_id: state.id,
    seq: Number.MAX_SAFE_INTEGER,
    element: id,
    element_type: element.phase === 'body' ? 'multiInstanceBody' : type,
    element_instance: element.id,
    task_id: element.task ? element.id : null,
    assignee: element.task?.assignee ?? null,
    started_at: element.startedAt,
    ended_at: null,
    canceled: 0,
    called_instance: element.calledInstance ?? null,
    definition_id: state.definitionId,
    root_id: state.rootId,
    tenant: state.tenant,
    area: state.area,
  };
}

function matches(row: Row, filter: ListRequest['filter']): boolean {
  const same = (name: string, column: string) => filter[name] === undefined || filter[name] === row[column];
  const after = filter['startedAfter'];
  const before = filter['startedBefore'];
  return (
    same('activityId', 'element') &&
    same('activityType', 'element_type') &&
    same('activityInstanceId', 'element_instance') &&
    same('taskAssignee', 'assignee') &&
    (after === undefined || Number(row.started_at) > Number(after)) &&
    (before === undefined || Number(row.started_at) < Number(before))
  );
}
