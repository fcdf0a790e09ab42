import type { ProcessModel } from '#engine/core/model.ts';
import type { ElementInstance, InstanceState } from '#engine/core/state.ts';
import { levelOf, shows } from '#engine/store/history-level.ts';
import { runningStates } from '#engine/store/read-models/history-running.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { instancePages, type LogContext, type LogQuery } from './log.ts';

const PAGE = 100;

/**
 * What is active now, from the states of instances, in the columns of `historicActivityList`: the newest instance first.
 * @throws RequestError 400 when it would have to look at too many instances
 */
export async function runningActivities(context: LogContext, { scope, instances, keeps, enough }: LogQuery<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const page of instancePages(context.store, { scope, instances }, PAGE)) {
    const ids = page.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
    for (const state of await context.store.query(runningStates(ids))) {
      const model = await context.modelOf(state.definitionId);
      if (shows(levelOf(model, context.historyLevel), 'activity')) found.push(...activitiesOf(state, model).filter(keeps));
    }
    if (enough !== null && found.length >= enough) break;
  }
  return found;
}

function activitiesOf(state: InstanceState, model: ProcessModel): Row[] {
  return state.elements
    .slice(1)
    .filter(({ phase }) => phase !== 'compensating')
    .map((element) => activityRow(state, element, model));
}

function activityRow(state: InstanceState, element: ElementInstance, model: ProcessModel): Row {
  const { id = '', type = '' } = model.elements[element.element] ?? {};
  return {
    instance_id: state.id,
    seq: Number.MAX_SAFE_INTEGER,
    element: id,
    element_type: element.phase === 'body' || element.loop ? 'multiInstanceBody' : type,
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
