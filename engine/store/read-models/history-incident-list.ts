import { byDefinitionKey, compares, equals, flag, like, oneOf, type ListModel } from './filtered-list.ts';
import { keptAt } from './history-lists.ts';

const COLUMNS = 'id, instance_id, definition_id, element, tenant, area, created_at, kind, source_id, message';

/** Incidents that are open, and those of the past. */
export const historicIncidentList: ListModel = {
  columns: 'i.id, i.instance_id, i.definition_id, i.element, i.tenant, i.area, i.created_at, i.kind, i.source_id, i.message, i.ended_at',
  from: ({ open, resolved }) => {
    const running = `SELECT ${COLUMNS}, NULL AS ended_at FROM incident WHERE instance_id <> 0`;
    const ended = `SELECT ${COLUMNS}, ended_at FROM history_incident`;
    if (open === true) return `(${running}) i`;
    return resolved === true ? `(${ended}) i` : `(${running} UNION ALL ${ended}) i`;
  },
  tenant: 'i.tenant',
  area: 'i.area',
  filters: {
    incidentId: equals('i.id'),
    incidentType: equals('i.kind'),
    incidentMessage: equals('i.message'),
    incidentMessageLike: like('i.message'),
    processDefinitionId: equals('i.definition_id'),
    processDefinitionKey: byDefinitionKey('i.definition_id'),
    processDefinitionKeyIn: byDefinitionKey('i.definition_id'),
    processInstanceId: equals('i.instance_id'),
    executionId: equals('i.source_id'),
    activityId: equals('i.element'),
    failedActivityId: equals('i.element'),
    causeIncidentId: equals('i.id'),
    rootCauseIncidentId: equals('i.id'),
    configuration: equals('i.source_id'),
    createTimeBefore: compares('i.created_at', '<'),
    createTimeAfter: compares('i.created_at', '>'),
    endTimeBefore: compares('i.ended_at', '<'),
    endTimeAfter: compares('i.ended_at', '>'),
    open: flag('i.ended_at IS NULL', '1 = 1'),
    resolved: flag('i.ended_at IS NOT NULL', '1 = 1'),
    // An incident that went with its activity counts as resolved.
    deleted: flag('1 = 0', '1 = 1'),
    tenantIdIn: oneOf('i.tenant'),
    withoutTenantId: flag("i.tenant = ''", '1 = 1'),
    keptAt: keptAt('i.definition_id'),
  },
  sorts: {
    incidentId: 'i.id',
    incidentMessage: 'i.message',
    createTime: 'i.created_at',
    endTime: 'i.ended_at',
    incidentType: 'i.kind',
    executionId: 'i.source_id',
    activityId: 'i.element',
    processInstanceId: 'i.instance_id',
    processDefinitionId: 'i.definition_id',
    causeIncidentId: 'i.id',
    rootCauseIncidentId: 'i.id',
    configuration: 'i.source_id',
    tenantId: 'i.tenant',
    incidentState: '(i.ended_at IS NULL)',
  },
  tieBreaker: 'i.id',
};
