import { runningActivities } from '#engine/history/running-activities.ts';
import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { activityCounts, type ActivityCounts, type StatisticsQuery } from '#engine/store/read-models/history-statistics.ts';
import { filterId, idOf, timeOf } from '../wire-format.ts';
import { logContext } from './log-list.ts';

const FLAG = { enum: ['true', 'false'] };
const TIME = { type: 'string', maxLength: 40 };
const TIMES = ['startedBefore', 'startedAfter', 'finishedBefore', 'finishedAfter'] as const;
const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    canceled: FLAG,
    finished: FLAG,
    completeScope: FLAG,
    incidents: FLAG,
    ...Object.fromEntries(TIMES.map((name) => [name, TIME])),
    processInstanceIdIn: { type: 'string', maxLength: 20_000 },
    sortBy: { enum: ['activityId'] },
    sortOrder: { enum: ['asc', 'desc'] },
  },
};

/** How often each activity of a definition runs, and ran. */
export const historicStatisticsRoutes = (context: RouteContext): Route[] => [
  route({
    id: 'history.process-definition.statistics',
    method: 'GET',
    path: '/engine-rest/history/process-definition/:id/statistics',
    summary: 'How many instances each activity of a definition has now and, if asked for, had.',
    query,
    async handler({ principal, params, query: asked }) {
      const definitionId = idOf(params['id'], 'process definition');
      if (!seesDefinition(principal, await context.definition(definitionId))) throw notFound('process definition', definitionId);
      const times: Partial<StatisticsQuery> = {};
      for (const name of TIMES) if (asked[name] !== undefined) times[name] = timeOf(asked[name], name);
      const instances = asked['processInstanceIdIn']?.split(',').map(filterId) ?? null;
      const scope = scopeOf(principal);
      const past = await context.store.query(activityCounts({ definitionId, scope, instances, ...times }));
      const isPast = times.finishedBefore !== undefined || times.finishedAfter !== undefined;
      const now = isPast ? [] : await runningActivities(logContext(context), {
        scope,
        instances: { processDefinitionId: definitionId, ...(instances && { processInstanceIdIn: instances }) },
        keeps: () => true,
        enough: null,
      });
      const active = new Map<string, number>();
      for (const row of now) {
        const element = row.element_type === 'multiInstanceBody' ? `${String(row.element)}#multiInstanceBody` : String(row.element);
        active.set(element, (active.get(element) ?? 0) + 1);
      }
      const rows = present(past, active, asked);
      const order = asked['sortOrder'] === 'desc' ? -1 : 1;
      return { body: rows.toSorted((a, b) => (a.id < b.id ? -order : order)) };
    },
  }),
];

/** Camunda's HistoricActivityStatisticsDto: what was not asked for is 0, and an activity without any number is left out. */
function present(past: readonly ActivityCounts[], active: ReadonlyMap<string, number>, asked: Record<string, string | undefined>) {
  const byElement = new Map(past.map((counts) => [counts.element, counts]));
  const is = (flag: string, value: number | undefined) => (asked[flag] === 'true' ? (value ?? 0) : 0);
  return [...new Set([...byElement.keys(), ...active.keys()])]
    .map((id) => {
      const counts = byElement.get(id);
      return {
        id,
        instances: active.get(id) ?? 0,
        canceled: is('canceled', counts?.canceled),
        finished: is('finished', counts?.finished),
        completeScope: 0,
        openIncidents: is('incidents', counts?.openIncidents),
        resolvedIncidents: is('incidents', counts?.resolvedIncidents),
        deletedIncidents: 0,
      };
    })
    .filter(({ instances, canceled, finished, openIncidents, resolvedIncidents }) => instances + canceled + finished + openIncidents + resolvedIncidents > 0);
}
