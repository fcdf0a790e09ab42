import { variableLog, type VariableUpdate } from '#engine/history/variable-log.ts';
import { variableId } from '#engine/history/variables.ts';
import { notFound } from '#engine/errors.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { contentOf } from '../variable-content.ts';
import { detailKinds } from './log-filters.ts';
import { logEntry, logEntryRoutes } from './log-entry-routes.ts';
import { isLike, isTrue, logListRoutes, same, type LogList } from './log-list.ts';
import { presentDetail } from './log-presenters.ts';

const details: LogList<VariableUpdate> = {
  id: 'history.detail',
  path: '/engine-rest/history/detail',
  what: 'Each value of each variable, and what came with forms',
  kinds: detailKinds,
  log: variableLog,
  filters: {
    executionId: same(({ scope }) => scope),
    activityInstanceId: same(({ scope }) => scope),
    taskId: same(({ task }) => task),
    variableInstanceId: same(({ instance, scope, name }) => variableId(instance.id, scope, name)),
    variableTypeIn: ({ value }, types) => (types as readonly string[]).some((type) => type.toLowerCase() === (value?.type ?? 'Null').toLowerCase()),
    variableNameLike: isLike(({ name }) => name),
    userOperationId: same(({ instance, command }) => `${instance.id}:${command}`),
    formFields: isTrue(({ kind }) => kind === 'formField'),
    variableUpdates: isTrue(({ kind }) => kind === 'variableUpdate'),
    excludeTaskDetails: isTrue(({ task }) => task === null),
    initial: isTrue(({ initial, kind }) => initial && kind === 'variableUpdate'),
    occurredBefore: ({ at }, value) => at < Number(value),
    occurredAfter: ({ at }, value) => at > Number(value),
  },
  sorts: {
    processInstanceId: ({ instance }) => instance.id,
    variableName: ({ name }) => name,
    variableType: ({ value }) => value?.type ?? 'Null',
    variableRevision: ({ revision }) => revision,
    formPropertyId: ({ kind, name }) => (kind === 'formField' ? name : null),
    time: ({ at }) => at,
    occurrence: ({ at }) => at,
    tenantId: ({ instance }) => instance.tenant,
  },
  present: presentDetail,
  byPost: true,
  extraQuery: { deserializeValues: { enum: ['true', 'false'] } },
};

export const historicDetailRoutes = (context: RouteContext): Route[] => [
  // Camunda has no count by a body here.
  ...logListRoutes(context, details).filter(({ id }) => id !== 'history.detail.query-count'),
  ...logEntryRoutes(context, details, null),
  route({
    id: 'history.detail.data',
    method: 'GET',
    path: '/engine-rest/history/detail/:id/data',
    summary: 'The bytes of a value that is a file or bytes.',
    async handler({ principal, params }) {
      const { value } = await logEntry(context, details, params['id'] ?? '', principal);
      if (!value) throw notFound('value', params['id'] ?? '');
      return contentOf(value);
    },
  }),
];
