import { loadRetention, removalTimeOf, type RetentionRules } from '#engine/history/retention.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { historicInstanceList, historicTaskList } from '#engine/store/read-models/history-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { idOf } from '../wire-format.ts';
import { keptAt } from './kept-at.ts';
import { presentHistoricInstance, presentHistoricTask } from './presenter.ts';
import { historicTaskFilters, instanceFilters } from './schema.ts';

const PATH = '/engine-rest/history/process-instance';

export function historicInstanceRoutes(context: RouteContext): Route[] {
  const rulesNow = () => loadRetention(context.store, context.history?.defaultDays ?? null);
  const presentOne = async (row: Row, rules: RetentionRules): Promise<object> => {
    const id = Number(row.definition_id);
    const model = await context.modelOf(id);
    const number = (value: Row[string] | undefined) => (value === null || value === undefined ? null : Number(value));
    // Called instances go with their root, whose time is shown with it.
    const removalTime = row.super_id === null ? removalTimeOf(number(row.ended_at), number(row.removal_at), rules.of(model, String(row.tenant))) : null;
    return presentHistoricInstance(row, await context.definition(id), model, removalTime);
  };
  return [
    ...listRoutes(context, {
      id: 'history.process-instance',
      path: PATH,
      kinds: instanceFilters,
      model: historicInstanceList,
      byPost: true,
      always: keptAt(context, 'activity'),
      async present(rows) {
        const rules = await rulesNow();
        return Promise.all(rows.map((row) => presentOne(row, rules)));
      },
    }),
    route({
      id: 'history.process-instance.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One instance, running or ended.',
      async handler({ principal, params }) {
        const id = idOf(params['id'], 'process instance');
        const row = await rowOf(context, historicInstanceList, 'processInstanceId', id, principal, 'process instance', keptAt(context, 'activity'));
        return { body: await presentOne(row, await rulesNow()) };
      },
    }),
    ...listRoutes(context, {
      id: 'history.task',
      path: '/engine-rest/history/task',
      kinds: historicTaskFilters,
      model: historicTaskList,
      byPost: true,
      always: keptAt(context, 'activity'),
      async present(rows) {
        const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
        return rows.map((row) => presentHistoricTask(row, definitions.get(Number(row.definition_id))));
      },
    }),
  ];
}
