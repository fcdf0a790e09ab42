import type { RouteContext } from '#engine/rest/route-context.ts';
import type { Route } from '#engine/rest/route.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import { historicIncidentList } from '#engine/store/read-models/history-incident-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';
import { keptAt } from './kept-at.ts';

const kinds: FilterKinds = {
  incidentId: 'id',
  incidentType: 'text',
  incidentMessage: 'text',
  incidentMessageLike: 'text',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  processDefinitionKeyIn: 'texts',
  processInstanceId: 'id',
  executionId: 'id',
  activityId: 'text',
  failedActivityId: 'text',
  causeIncidentId: 'id',
  rootCauseIncidentId: 'id',
  configuration: 'id',
  createTimeBefore: 'time',
  createTimeAfter: 'time',
  endTimeBefore: 'time',
  endTimeAfter: 'time',
  open: 'flag',
  resolved: 'flag',
  deleted: 'flag',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
};

export const historicIncidentRoutes = (context: RouteContext): Route[] =>
  listRoutes(context, {
    id: 'history.incident',
    path: '/engine-rest/history/incident',
    kinds,
    model: historicIncidentList,
    byPost: false,
    always: keptAt(context, 'full'),
    async present(rows) {
      const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
      return rows.map((row) => present(row, definitions.get(Number(row.definition_id))));
    },
  });

/** Camunda's HistoricIncidentDto. Ours have no causes in other instances: cause and root cause are the incident itself. */
function present(row: Row, definition: DefinitionRow | undefined) {
  const id = wireId(row.id);
  const isOpen = row.ended_at === null;
  return {
    id,
    processDefinitionKey: definition?.key ?? null,
    processDefinitionId: wireId(row.definition_id),
    processInstanceId: wireId(row.instance_id),
    executionId: wireId(row.source_id),
    rootProcessInstanceId: null,
    createTime: wireTime(row.created_at),
    endTime: wireTime(row.ended_at),
    removalTime: null,
    incidentType: wireText(row.kind),
    activityId: wireText(row.element),
    failedActivityId: wireText(row.element),
    causeIncidentId: id,
    rootCauseIncidentId: id,
    configuration: wireId(row.source_id),
    historyConfiguration: null,
    incidentMessage: wireText(row.message),
    tenantId: wireTenant(row.tenant),
    jobDefinitionId: null,
    open: isOpen,
    deleted: false,
    resolved: !isOpen,
    annotation: null,
  };
}
