import { accountRoutes } from './api/accounts/routes.ts';
import { areaRoutes } from './api/areas/routes.ts';
import { auditRoutes } from './api/audit/routes.ts';
import { elderRoutes } from './api/elders/routes.ts';
import { formRoutes } from './api/forms/routes.ts';
import { openApiRoute } from './api/openapi/routes.ts';
import { adHocRoutes } from './api/instances/ad-hoc-routes.ts';
import { instanceRoutes } from './api/instances/routes.ts';
import { apiMigrationRoutes } from './api/migrations/routes.ts';
import { pluginRoutes } from './api/plugins/routes.ts';
import { processRoutes } from './api/processes/routes.ts';
import { sessionRoutes } from './api/session/routes.ts';
import { setupRoutes } from './api/setup/routes.ts';
import { streamRoutes } from './api/stream/routes.ts';
import { apiTaskRoutes } from './api/tasks/routes.ts';
import type { AppContext } from './app-context.ts';
import { batchRoutes } from './engine-rest/batch/routes.ts';
import { conditionRoutes } from './engine-rest/condition/routes.ts';
import { decisionDefinitionRoutes } from './engine-rest/decision-definition/routes.ts';
import { deploymentRoutes } from './engine-rest/deployment/routes.ts';
import { eventSubscriptionRoutes } from './engine-rest/event-subscription/routes.ts';
import { executionRoutes } from './engine-rest/execution/routes.ts';
import { externalTaskRoutes } from './engine-rest/external-task/routes.ts';
import { historicActivityRoutes } from './engine-rest/history/activity-routes.ts';
import { historyCleanupRoutes } from './engine-rest/history/cleanup-routes.ts';
import { historicDecisionRoutes } from './engine-rest/history/decision-routes.ts';
import { historyDeletionRoutes } from './engine-rest/history/deletion-routes.ts';
import { historicDetailRoutes } from './engine-rest/history/detail-routes.ts';
import { historicIncidentRoutes } from './engine-rest/history/incident-routes.ts';
import { historicInstanceRoutes } from './engine-rest/history/instance-routes.ts';
import { historicLogRoutes } from './engine-rest/history/log-routes.ts';
import { retentionRoutes } from './engine-rest/history/retention-routes.ts';
import { historicStatisticsRoutes } from './engine-rest/history/statistics-routes.ts';
import { historicVariableRoutes } from './engine-rest/history/variable-routes.ts';
import { incidentRoutes } from './engine-rest/incident/routes.ts';
import { jobDefinitionRoutes } from './engine-rest/job-definition/routes.ts';
import { jobRoutes } from './engine-rest/job/routes.ts';
import { messageRoutes } from './engine-rest/message/routes.ts';
import { migrationRoutes } from './engine-rest/migration/routes.ts';
import { modificationRoutes } from './engine-rest/modification/routes.ts';
import { processDefinitionRoutes } from './engine-rest/process-definition/routes.ts';
import { processInstanceRoutes } from './engine-rest/process-instance/routes.ts';
import { signalRoutes } from './engine-rest/signal/routes.ts';
import { taskRoutes } from './engine-rest/task/routes.ts';
import { versionRoutes } from './engine-rest/version/routes.ts';
import { metricsRoutes } from './metrics-route.ts';
import { createRouteContext, type RouteContext } from './route-context.ts';
import type { Route } from './route.ts';

const ROOMS: readonly ((context: RouteContext) => Route[])[] = [
  versionRoutes,
  deploymentRoutes,
  processDefinitionRoutes,
  processInstanceRoutes,
  messageRoutes,
  migrationRoutes,
  signalRoutes,
  conditionRoutes,
  eventSubscriptionRoutes,
  taskRoutes,
  externalTaskRoutes,
  executionRoutes,
  jobRoutes,
  jobDefinitionRoutes,
  batchRoutes,
  modificationRoutes,
  incidentRoutes,
  historicInstanceRoutes,
  historicActivityRoutes,
  historicVariableRoutes,
  historicDetailRoutes,
  historicStatisticsRoutes,
  historyCleanupRoutes,
  historyDeletionRoutes,
  retentionRoutes,
  decisionDefinitionRoutes,
  historicIncidentRoutes,
  historicDecisionRoutes,
  historicLogRoutes,
  sessionRoutes,
  setupRoutes,
  accountRoutes,
  apiTaskRoutes,
  processRoutes,
  instanceRoutes,
  adHocRoutes,
  apiMigrationRoutes,
  formRoutes,
  elderRoutes,
  areaRoutes,
  auditRoutes,
  pluginRoutes,
  streamRoutes,
  metricsRoutes,
];

/** Every route that is served, Camunda's first. */
export function allRoutes(appContext: AppContext): Route[] {
  const context = createRouteContext(appContext);
  const routes = [...ROOMS.flatMap((room) => room(context)), ...(appContext.extraRoutes ?? [])];
  routes.push(openApiRoute(() => routes, appContext.settings.version));
  return routes;
}
