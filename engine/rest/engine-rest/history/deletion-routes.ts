import { invalidInput, notFound } from '#engine/errors.ts';
import { visible } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { deleteHistory, NEVER } from '#engine/store/history-store.ts';
import { ownerOf } from '#engine/store/read-models/owners.ts';
import { batchOf } from '../batch-of.ts';
import { idsSchema, selectedInstances, selectionProperties, type WireSelection } from '../instance-selection.ts';
import type { ListBody } from '../list-parameters.ts';
import { filterId, timeOf } from '../wire-format.ts';

const PATH = '/engine-rest/history/process-instance';
const WHAT = 'process instance';
const FLAG = { type: ['boolean', 'null'] };
const TEXT = { type: ['string', 'null'], maxLength: 4000 };
const selection = { historicProcessInstanceIds: idsSchema, historicProcessInstanceQuery: selectionProperties.historicProcessInstanceQuery };
const object = (properties: object) => ({ type: 'object', additionalProperties: false, properties });

interface HistoricSelection {
  historicProcessInstanceIds?: string[] | null;
  historicProcessInstanceQuery?: ListBody | null;
}
interface RemovalTime extends HistoricSelection {
  absoluteRemovalTime?: string | null;
  clearedRemovalTime?: boolean | null;
  calculatedRemovalTime?: boolean | null;
  hierarchical?: boolean | null;
}

/** What takes history away before its time, or keeps it longer. Instances that run are left alone. */
export function historyDeletionRoutes(context: RouteContext): Route[] {
  const { store } = context;
  const ids = ({ historicProcessInstanceIds = null, historicProcessInstanceQuery = null }: HistoricSelection): WireSelection => ({
    processInstanceIds: historicProcessInstanceIds,
    historicProcessInstanceQuery,
  });
  return [
    route({
      id: 'history.process-instance.delete',
      method: 'DELETE',
      path: `${PATH}/:id`,
      summary: 'Delete the history of an ended instance, and of those it called.',
      query: object({ failIfNotExists: { enum: ['true', 'false'] } }),
      async handler({ principal, params, query }) {
        const id = filterId(params['id'] ?? '');
        const running = await store.query(ownerOf('process_instance', id));
        if (running && visible(principal, running, WHAT, id))
          throw invalidInput('INSTANCE_RUNNING', `Process instance is still running, cannot delete historic process instance: expected ${id} to have ended`, { id: String(id) });
        const owner = await store.query(ownerOf('history_instance', id));
        if (!owner && query['failIfNotExists'] === 'false') return {};
        visible(principal, owner, WHAT, (params['id'] ?? '').slice(0, 60));
        const gone = await store.batcher.run({ key: id, name: 'history.delete' }, (writes) => deleteHistory(writes, [id]));
        if (gone === 0) throw notFound(WHAT, id);
        return { audit: `history of ${id}` };
      },
    }),
    route<HistoricSelection>({
      id: 'history.process-instance.delete-async',
      method: 'POST',
      path: `${PATH}/delete`,
      summary: 'The same for many instances, as a batch.',
      body: object({ ...selection, deleteReason: TEXT, failIfNotExists: FLAG }),
      async handler({ principal, body }) {
        const items = await selectedInstances(context, principal, ids(body));
        return batchOf(context, principal, { type: 'historic-instance-deletion', items, configuration: {} });
      },
    }),
    route<RemovalTime>({
      id: 'history.process-instance.set-removal-time',
      method: 'POST',
      path: `${PATH}/set-removal-time`,
      summary: 'Set, clear or calculate anew when the history of instances may go, as a batch.',
      body: object({
        ...selection,
        absoluteRemovalTime: TEXT,
        clearedRemovalTime: FLAG,
        calculatedRemovalTime: FLAG,
        hierarchical: FLAG,
        updateInChunks: FLAG,
        updateChunkSize: { type: ['integer', 'null'], minimum: 1 },
      }),
      async handler({ principal, body }) {
        const items = await selectedInstances(context, principal, ids(body));
        return batchOf(context, principal, {
          type: 'process-set-removal-time',
          items,
          configuration: { removalAt: removalAtOf(body), hierarchical: body.hierarchical === true },
        });
      },
    }),
  ];
}

/** null = end and time to live say it. @throws RequestError 400 unless exactly one of the modes is named */
function removalAtOf({ absoluteRemovalTime, clearedRemovalTime, calculatedRemovalTime }: RemovalTime): number | null {
  const modes = [absoluteRemovalTime !== undefined && absoluteRemovalTime !== null, clearedRemovalTime === true, calculatedRemovalTime === true];
  if (modes.filter(Boolean).length !== 1)
    throw invalidInput('QUERY_INVALID', 'Expected one of absoluteRemovalTime, clearedRemovalTime and calculatedRemovalTime, but there is none or more than one', {
      problem: 'absoluteRemovalTime',
    });
  if (typeof absoluteRemovalTime === 'string') return timeOf(absoluteRemovalTime, 'absoluteRemovalTime');
  return clearedRemovalTime === true ? NEVER : null;
}
