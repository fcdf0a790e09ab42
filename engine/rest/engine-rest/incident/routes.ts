import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { incidentList } from '#engine/store/read-models/running-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { idOf, wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

const incidentFilters: FilterKinds = {
  incidentId: 'id',
  incidentType: 'text',
  incidentMessage: 'text',
  incidentMessageLike: 'text',
  processDefinitionId: 'id',
  processDefinitionKeyIn: 'texts',
  processInstanceId: 'id',
  activityId: 'text',
  failedActivityId: 'text',
  configuration: 'id',
  incidentTimestampBefore: 'time',
  incidentTimestampAfter: 'time',
  tenantIdIn: 'texts',
};

export const incidentRoutes = (context: RouteContext): Route[] => [
  ...listRoutes(context, {
    id: 'incident',
    path: '/engine-rest/incident',
    kinds: incidentFilters,
    model: incidentList,
    byPost: false,
    present: (rows) => rows.map(presentIncident),
  }),
  route({
    id: 'incident.get',
    method: 'GET',
    path: '/engine-rest/incident/:id',
    summary: 'One incident.',
    handler: async ({ principal, params }) => ({
      body: presentIncident(await rowOf(context, incidentList, 'incidentId', idOf(params['id'], 'incident'), principal, 'incident')),
    }),
  }),
];

/** Camunda's IncidentDto. Ours have no causes in other instances: cause and root cause are the incident itself. */
function presentIncident(row: Row) {
  const id = wireId(row.id);
  return {
    id,
    processDefinitionId: wireId(row.definition_id),
    processInstanceId: wireId(row.instance_id),
    executionId: wireId(row.source_id),
    incidentTimestamp: wireTime(row.created_at),
    incidentType: wireText(row.kind),
    activityId: wireText(row.element),
    failedActivityId: wireText(row.element),
    causeIncidentId: id,
    rootCauseIncidentId: id,
    configuration: wireId(row.source_id),
    tenantId: wireTenant(row.tenant),
    incidentMessage: wireText(row.message),
    jobDefinitionId: null,
    annotation: null,
  };
}
