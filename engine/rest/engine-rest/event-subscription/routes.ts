import type { RouteContext } from '#engine/rest/route-context.ts';
import type { Route } from '#engine/rest/route.ts';
import { eventSubscriptionList } from '#engine/store/read-models/running-lists.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

const filters: FilterKinds = {
  eventSubscriptionId: 'id',
  eventName: 'text',
  eventType: 'text',
  executionId: 'id',
  processInstanceId: 'id',
  activityId: 'text',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  includeEventSubscriptionsWithoutTenantId: 'flag',
};

export const eventSubscriptionRoutes = (context: RouteContext): Route[] =>
  listRoutes(context, {
    id: 'event-subscription',
    path: '/engine-rest/event-subscription',
    kinds: filters,
    model: eventSubscriptionList,
    byPost: false,
    present: (rows) => rows.map(presentSubscription),
  });

/** Camunda's EventSubscriptionDto. A condition has no name. */
function presentSubscription(row: Row) {
  return {
    id: wireId(row.id),
    eventType: wireText(row.kind),
    eventName: row.kind === 'conditional' ? null : wireText(row.name),
    executionId: wireId(row.element_instance),
    processInstanceId: wireId(row.instance_id),
    activityId: wireText(row.element),
    createdDate: wireTime(row.created_at),
    tenantId: wireTenant(row.tenant),
  };
}
