import {
  byDefinitionKey,
  compares,
  equals,
  flag,
  like,
  noneOf,
  oneOf,
  withVariables,
  type Filter,
  type ListModel,
  type ListRequest,
} from './filtered-list.ts';

/** History as Camunda shows it: what has ended, and what still runs. */

const RUNNING_INSTANCE =
  "SELECT id, definition_id, business_key, tenant, area, root_id, super_id, started_at, started_by, NULL AS ended_at, CASE status WHEN 'suspended' THEN 'SUSPENDED' ELSE 'ACTIVE' END AS end_state, NULL AS end_element, NULL AS delete_reason, NULL AS removal_at FROM process_instance";
const ENDED_INSTANCE =
  'SELECT id, definition_id, business_key, tenant, area, root_id, super_id, started_at, started_by, ended_at, end_state, end_element, delete_reason, removal_at FROM history_instance';
const OPEN_TASK =
  'SELECT id, instance_id, definition_id, element, name, assignee, owner, priority, created_at, due_at, follow_up_at, description, NULL AS ended_at, NULL AS reason, tenant, area FROM task';
const ENDED_TASK =
  'SELECT id, instance_id, definition_id, element, name, assignee, owner, priority, created_at, due_at, NULL AS follow_up_at, NULL AS description, ended_at, reason, tenant, area FROM history_task';

/** Leaves out what its process keeps at less than the first level; the second is the engine's: `HISTORY_LEVELS` by number. */
export const keptAt =
  (column: string): Filter =>
  (value) => {
    const [wanted = 0, engine = 0] = value as readonly number[];
    return { sql: `${column} NOT IN (SELECT id FROM process_definition WHERE COALESCE(history_level, ?) < ?)`, params: [engine, wanted] };
  };
const byDefinition = (condition: string) => `h.definition_id IN (SELECT d.id FROM process_definition d WHERE ${condition})`;

const eitherOf =
  (running: string, ended: string) =>
  (filter: ListRequest['filter']): string => {
    if (filter['finished'] === true || filter['finishedBefore'] !== undefined || filter['finishedAfter'] !== undefined)
      return `(${ended}) h`;
    return filter['unfinished'] === true ? `(${running}) h` : `(${running} UNION ALL ${ended}) h`;
  };

export const historicInstanceList: ListModel = {
  columns:
    'h.id, h.definition_id, h.business_key, h.tenant, h.area, h.root_id, h.super_id, h.started_at, h.started_by, h.ended_at, h.end_state, h.end_element, h.delete_reason, h.removal_at',
  from: eitherOf(RUNNING_INSTANCE, ENDED_INSTANCE),
  tenant: 'h.tenant',
  area: 'h.area',
  filters: {
    processInstanceId: equals('h.id'),
    processInstanceIds: oneOf('h.id'),
    processInstanceIdNotIn: noneOf('h.id'),
    processInstanceBusinessKey: equals('h.business_key'),
    processInstanceBusinessKeyIn: oneOf('h.business_key'),
    processInstanceBusinessKeyLike: like('h.business_key'),
    rootProcessInstances: flag('h.super_id IS NULL', '1 = 1'),
    superProcessInstanceId: equals('h.super_id'),
    processDefinitionId: equals('h.definition_id'),
    processDefinitionKey: byDefinitionKey('h.definition_id'),
    processDefinitionKeyIn: byDefinitionKey('h.definition_id'),
    startedBy: equals('h.started_by'),
    startedBefore: compares('h.started_at', '<'),
    startedAfter: compares('h.started_at', '>'),
    finished: flag('h.ended_at IS NOT NULL', '1 = 1'),
    unfinished: flag('h.ended_at IS NULL', '1 = 1'),
    finishedBefore: compares('h.ended_at', '<'),
    finishedAfter: compares('h.ended_at', '>'),
    active: flag("h.end_state = 'ACTIVE'", '1 = 1'),
    suspended: flag("h.end_state = 'SUSPENDED'", '1 = 1'),
    completed: flag("h.end_state = 'COMPLETED'", '1 = 1'),
    externallyTerminated: flag("h.end_state = 'EXTERNALLY_TERMINATED'", '1 = 1'),
    internallyTerminated: flag("h.end_state = 'INTERNALLY_TERMINATED'", '1 = 1'),
    tenantIdIn: oneOf('h.tenant'),
    withoutTenantId: flag("h.tenant = ''", '1 = 1'),
    variables: withVariables('h.id'),
    keptAt: keptAt('h.definition_id'),
    rootProcessInstanceId: equals('h.root_id'),
    subProcessInstanceId: (value) => ({ sql: 'h.id IN (SELECT super_id FROM process_instance WHERE id = ? UNION ALL SELECT super_id FROM history_instance WHERE id = ?)', params: [Number(value), Number(value)] }),
    processDefinitionName: (value) => ({ sql: byDefinition('d.name = ?'), params: [String(value as string)] }),
    processDefinitionNameLike: (value) => ({ sql: byDefinition('d.name LIKE ?'), params: [String(value as string)] }),
    processDefinitionKeyNotIn: (value) => ({ sql: `NOT (${byDefinition(`d.def_key IN (${(value as readonly string[]).map(() => '?').join(', ')})`)})`, params: [...(value as readonly string[])] }),
    withIncidents: flag('EXISTS (SELECT 1 FROM incident i WHERE i.instance_id = h.id)', '1 = 1'),
    executedActivityIdIn: (value) => ({
      sql: `EXISTS (SELECT 1 FROM history_activity a WHERE a.instance_id = h.id AND a.element IN (${(value as readonly string[]).map(() => '?').join(', ')}))`,
      params: [...(value as readonly string[])],
    }),
  },
  sorts: {
    instanceId: 'h.id',
    definitionId: 'h.definition_id',
    businessKey: 'h.business_key',
    startTime: 'h.started_at',
    endTime: 'h.ended_at',
    duration: '(h.ended_at - h.started_at)',
    tenantId: 'h.tenant',
  },
  tieBreaker: 'h.id',
};

export const historicTaskList: ListModel = {
  columns:
    'h.id, h.instance_id, h.definition_id, h.element, h.name, h.assignee, h.owner, h.priority, h.created_at, h.due_at, h.follow_up_at, h.description, h.ended_at, h.reason, h.tenant, h.area',
  from: eitherOf(OPEN_TASK, ENDED_TASK),
  tenant: 'h.tenant',
  area: 'h.area',
  filters: {
    taskId: equals('h.id'),
    processInstanceId: equals('h.instance_id'),
    processDefinitionId: equals('h.definition_id'),
    processDefinitionKey: byDefinitionKey('h.definition_id'),
    taskDefinitionKey: equals('h.element'),
    taskDefinitionKeyIn: oneOf('h.element'),
    taskName: equals('h.name'),
    taskNameLike: like('h.name'),
    taskAssignee: equals('h.assignee'),
    taskAssigneeLike: like('h.assignee'),
    taskOwner: equals('h.owner'),
    assigned: flag('h.assignee IS NOT NULL', '1 = 1'),
    unassigned: flag('h.assignee IS NULL', '1 = 1'),
    taskPriority: equals('h.priority'),
    taskDueDateBefore: compares('h.due_at', '<'),
    taskDueDateAfter: compares('h.due_at', '>'),
    finished: flag('h.ended_at IS NOT NULL', '1 = 1'),
    unfinished: flag('h.ended_at IS NULL', '1 = 1'),
    startedBefore: compares('h.created_at', '<'),
    startedAfter: compares('h.created_at', '>'),
    finishedBefore: compares('h.ended_at', '<'),
    finishedAfter: compares('h.ended_at', '>'),
    tenantIdIn: oneOf('h.tenant'),
    withoutTenantId: flag("h.tenant = ''", '1 = 1'),
    activityInstanceIdIn: oneOf('h.id'),
    executionId: equals('h.id'),
    taskDeleteReason: equals('h.reason'),
    taskOwnerLike: like('h.owner'),
    taskDueDate: equals('h.due_at'),
    keptAt: keptAt('h.definition_id'),
  },
  sorts: {
    taskId: 'h.id',
    activityInstanceId: 'h.id',
    processInstanceId: 'h.instance_id',
    taskName: 'h.name',
    assignee: 'h.assignee',
    owner: 'h.owner',
    dueDate: 'h.due_at',
    startTime: 'h.created_at',
    endTime: 'h.ended_at',
    duration: '(h.ended_at - h.created_at)',
    priority: 'h.priority',
    taskDefinitionKey: 'h.element',
    tenantId: 'h.tenant',
  },
  tieBreaker: 'h.id',
};

/** Joins the instance of a history row, which runs or has ended; by its id alone, so that the row leads and not the instances. */
export const withInstanceOf = (row: string): string =>
  `LEFT JOIN history_instance hi ON hi.id = ${row}.instance_id LEFT JOIN process_instance pi ON pi.id = ${row}.instance_id`;
/** A column of that instance. */
export const of = (column: string): string => `COALESCE(hi.${column}, pi.${column})`;
export const ofDefinition =
  (row: string): Filter =>
  (value) => ({
    sql: `${row}.instance_id IN (SELECT id FROM process_instance WHERE definition_id = ? UNION ALL SELECT id FROM history_instance WHERE definition_id = ?)`,
    params: [Number(value), Number(value)],
  });

/** Activities that have ended; those that run are in their instance's state. */
export const historicActivityList: ListModel = {
  columns:
    `a.instance_id, a.seq, a.element, a.element_type, a.element_instance, a.task_id, a.assignee, a.started_at, a.ended_at, a.canceled, a.called_instance, ${of('definition_id')} AS definition_id, ${of('root_id')} AS root_id, ${of('tenant')} AS tenant, ${of('area')} AS area`,
  from: `history_activity a ${withInstanceOf('a')}`,
  tenant: of('tenant'),
  area: of('area'),
  filters: {
    activityInstanceId: equals('a.element_instance'),
    processInstanceId: equals('a.instance_id'),
    processDefinitionId: ofDefinition('a'),
    activityId: equals('a.element'),
    activityType: equals('a.element_type'),
    taskAssignee: equals('a.assignee'),
    finished: flag('1 = 1', '1 = 1'),
    canceled: flag('a.canceled = 1', '1 = 1'),
    completeScope: flag('1 = 0', '1 = 1'),
    startedBefore: compares('a.started_at', '<'),
    startedAfter: compares('a.started_at', '>'),
    finishedBefore: compares('a.ended_at', '<'),
    finishedAfter: compares('a.ended_at', '>'),
    tenantIdIn: oneOf(of('tenant')),
    withoutTenantId: flag(`${of('tenant')} = ''`, '1 = 1'),
    executionId: equals('a.element_instance'),
    keptAt: keptAt(of('definition_id')),
  },
  sorts: {
    activityInstanceId: 'a.element_instance',
    instanceId: 'a.instance_id',
    activityId: 'a.element',
    activityType: 'a.element_type',
    startTime: 'a.started_at',
    endTime: 'a.ended_at',
    duration: '(a.ended_at - a.started_at)',
    occurrence: 'a.seq',
    definitionId: of('definition_id'),
    tenantId: of('tenant'),
  },
  // The order of the primary key: a page without a sort reads no further than its end.
  tieBreaker: 'a.instance_id, a.seq',
};
