import { externalTaskLog, type ExternalTaskLogEntry } from '#engine/history/external-task-log.ts';
import { identityLinkLog, type IdentityLinkEntry } from '#engine/history/identity-link-log.ts';
import { jobLog, type JobLogEntry } from '#engine/history/job-log.ts';
import type { LogEntry } from '#engine/history/log.ts';
import { userOperationLog, type UserOperation } from '#engine/history/user-operation-log.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import type { Route } from '#engine/rest/route.ts';
import { externalTaskLogKinds, identityLinkKinds, jobLogKinds, userOperationKinds } from './log-filters.ts';
import { among, isTrue, logListRoutes, same, type LogList } from './log-list.ts';
import { logEntryRoutes } from './log-entry-routes.ts';
import { definitionOfJob, presentExternalTaskLog, presentIdentityLink, presentJobLog, presentUserOperation } from './log-presenters.ts';

/** Camunda sorts by these in every log. */
const SORTS = {
  timestamp: ({ at }: LogEntry) => at,
  activityId: ({ element }: LogEntry) => element,
  processInstanceId: ({ instance }: LogEntry) => instance.id,
  processDefinitionId: ({ instance }: LogEntry) => instance.definitionId,
  tenantId: ({ instance }: LogEntry) => instance.tenant,
};

const STATES = {
  creationLog: isTrue<JobLogEntry | ExternalTaskLogEntry>(({ state }) => state === 'created'),
  failureLog: isTrue<JobLogEntry | ExternalTaskLogEntry>(({ state }) => state === 'failed'),
  successLog: isTrue<JobLogEntry | ExternalTaskLogEntry>(({ state }) => state === 'successful'),
  deletionLog: isTrue<JobLogEntry | ExternalTaskLogEntry>(({ state }) => state === 'deleted'),
};

const jobs: LogList<JobLogEntry> = {
  id: 'history.job-log',
  path: '/engine-rest/history/job-log',
  what: 'What happened to jobs',
  kinds: jobLogKinds,
  log: jobLog,
  filters: {
    ...STATES,
    logId: same(({ id }) => id),
    jobId: same(({ job }) => job),
    jobExceptionMessage: same(({ message }) => message),
    jobDefinitionId: same(definitionOfJob),
    jobDefinitionType: same(({ type }) => type),
    jobDefinitionConfiguration: same(({ kind }) => kind),
    activityIdIn: among(({ element }) => element),
    failedActivityIdIn: ({ element, state }, value) => state === 'failed' && (value as readonly string[]).includes(element ?? ''),
    executionIdIn: among(({ owner }) => owner),
    jobPriorityLowerThanOrEquals: ({ priority }, value) => priority <= Number(value),
    jobPriorityHigherThanOrEquals: ({ priority }, value) => priority >= Number(value),
  },
  sorts: {
    ...SORTS,
    jobId: ({ job }) => job,
    jobDefinitionId: definitionOfJob,
    jobDueDate: ({ dueAt }) => dueAt,
    jobRetries: ({ retries }) => retries,
    jobPriority: ({ priority }) => priority,
    executionId: ({ owner }) => owner,
    occurrence: ({ at }) => at,
  },
  present: presentJobLog,
  byPost: true,
};

const externalTasks: LogList<ExternalTaskLogEntry> = {
  id: 'history.external-task-log',
  path: '/engine-rest/history/external-task-log',
  what: 'What happened to external tasks',
  kinds: externalTaskLogKinds,
  log: externalTaskLog,
  filters: {
    ...STATES,
    logId: same(({ id }) => id),
    externalTaskId: same(({ task }) => task),
    topicName: same(({ topic }) => topic),
    workerId: same(({ worker }) => worker),
    errorMessage: same(({ message }) => message),
    activityIdIn: among(({ element }) => element),
    activityInstanceIdIn: among(({ task }) => task),
    executionIdIn: among(({ task }) => task),
    priorityLowerThanOrEquals: ({ priority }, value) => priority <= Number(value),
    priorityHigherThanOrEquals: ({ priority }, value) => priority >= Number(value),
  },
  sorts: {
    ...SORTS,
    externalTaskId: ({ task }) => task,
    topicName: ({ topic }) => topic,
    workerId: ({ worker }) => worker,
    retries: ({ retries }) => retries,
    priority: ({ priority }) => priority,
    activityInstanceId: ({ task }) => task,
    executionId: ({ task }) => task,
  },
  present: presentExternalTaskLog,
  byPost: true,
};

const identityLinks: LogList<IdentityLinkEntry> = {
  id: 'history.identity-link-log',
  path: '/engine-rest/history/identity-link-log',
  what: 'Assignments of tasks, each with who made it',
  kinds: identityLinkKinds,
  log: identityLinkLog,
  filters: {
    type: same(({ type }) => type),
    userId: same(({ user }) => user),
    groupId: same(({ group }) => group),
    dateBefore: ({ at }, value) => at < Number(value),
    dateAfter: ({ at }, value) => at > Number(value),
    taskId: same(({ task }) => task),
    operationType: same(({ operation }) => operation),
    assignerId: same(({ assigner }) => assigner),
  },
  sorts: {
    time: SORTS.timestamp,
    type: ({ type }) => type,
    userId: ({ user }) => user,
    groupId: ({ group }) => group,
    taskId: ({ task }) => task,
    processDefinitionId: SORTS.processDefinitionId,
    operationType: ({ operation }) => operation,
    assignerId: ({ assigner }) => assigner,
    tenantId: SORTS.tenantId,
  },
  present: presentIdentityLink,
  byPost: false,
};

const userOperations: LogList<UserOperation> = {
  id: 'history.user-operation',
  path: '/engine-rest/history/user-operation',
  what: 'What people and programs did to instances',
  kinds: userOperationKinds,
  log: userOperationLog,
  filters: {
    taskId: same(({ task }) => task),
    jobId: same(({ job }) => job),
    externalTaskId: same(({ externalTask }) => externalTask),
    userId: same(({ user }) => user),
    operationId: same(({ operationId }) => operationId),
    operationType: same(({ type }) => type),
    entityType: same(({ entity }) => entity),
    entityTypeIn: among(({ entity }) => entity),
    category: same(({ category }) => category),
    categoryIn: among(({ category }) => category),
    property: same(({ property }) => property),
    afterTimestamp: ({ at }, value) => at > Number(value),
    beforeTimestamp: ({ at }, value) => at < Number(value),
  },
  sorts: { timestamp: SORTS.timestamp },
  present: presentUserOperation,
  byPost: false,
};

/** Logs that are read from the events of instances: docs/adr/0017. */
export const historicLogRoutes = (context: RouteContext): Route[] => [
  ...logListRoutes(context, jobs),
  ...logEntryRoutes(context, jobs, { name: 'stacktrace', text: ({ details }) => details }),
  ...logListRoutes(context, externalTasks),
  ...logEntryRoutes(context, externalTasks, { name: 'error-details', text: ({ details }) => details }),
  ...logListRoutes(context, identityLinks),
  ...logListRoutes(context, userOperations),
];
