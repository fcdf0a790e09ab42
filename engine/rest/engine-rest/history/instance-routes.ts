import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { historicInstanceList, historicTaskList } from '#engine/store/read-models/history-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { idOf } from '../wire-format.ts';
import { presentHistoricInstance, presentHistoricTask } from './presenter.ts';
import { historicTaskFilters, instanceFilters } from './schema.ts';

const PATH = '/engine-rest/history/process-instance';

export function historicInstanceRoutes(context: RouteContext): Route[] {
  const presentOne = async (row: Row): Promise<object> => {
    const id = Number(row.definition_id);
    return presentHistoricInstance(row, await context.definition(id), await context.modelOf(id));
  };
  return [
    ...listRoutes(context, {
      id: 'history.process-instance',
      path: PATH,
      kinds: instanceFilters,
      model: historicInstanceList,
      byPost: true,
      present: (rows) => Promise.all(rows.map(presentOne)),
    }),
    route({
      id: 'history.process-instance.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One instance, running or ended.',
      async handler({ principal, params }) {
        const row = await rowOf(
          context,
          historicInstanceList,
          'processInstanceId',
          idOf(params['id'], 'process instance'),
          principal,
          'process instance',
        );
        return { body: await presentOne(row) };
      },
    }),
    ...listRoutes(context, {
      id: 'history.task',
      path: '/engine-rest/history/task',
      kinds: historicTaskFilters,
      model: historicTaskList,
      byPost: true,
      async present(rows) {
        const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
        return rows.map((row) => presentHistoricTask(row, definitions.get(Number(row.definition_id))));
      },
    }),
  ];
}
