import { toRequest } from '#engine/rest/engine-rest/migration/read-plan.ts';
import { problemText, refuseInvalidPlan } from '#engine/rest/engine-rest/migration/refusals.ts';
import { type ExecutionBody, executionBody } from '#engine/rest/engine-rest/migration/schema.ts';
import type { Locale } from '#engine/rest/messages/message-text.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Request, type Route } from '#engine/rest/route.ts';
import type { MigrationOutcome } from '#engine/services/migration.ts';

/** Camunda's migration, instance by instance: what became of each, or what would. */
export function apiMigrationRoutes(context: RouteContext): Route[] {
  const { engine } = context;

  async function outcomes({ principal, body, locale }: Request<ExecutionBody>, isDryRun: boolean): Promise<Reply> {
    const request = await toRequest(context, principal, body);
    refuseInvalidPlan(await engine.migration.check(request.plan), locale);
    const found = await (isDryRun ? engine.migration.dryRun(request) : engine.migration.execute(request));
    const migrated = found.filter(({ effects }) => effects !== null).length;
    return {
      body: { migrated, refused: found.length - migrated, items: found.map((outcome) => present(outcome, locale)) },
      audit: `${migrated} of ${found.length}`,
    };
  }

  return [
    route<ExecutionBody>({
      id: 'api.migration.dry-run',
      method: 'POST',
      path: '/api/migrations/dry-run',
      summary: 'What a migration would do to each instance; nothing is written.',
      body: executionBody,
      audited: false,
      handler: (request) => outcomes(request, true),
    }),
    route<ExecutionBody>({
      id: 'api.migration.execute',
      method: 'POST',
      path: '/api/migrations',
      summary: 'Migrate instances, each by itself; one that cannot be migrated does not stop the others.',
      body: executionBody,
      handler: (request) => outcomes(request, false),
    }),
  ];
}

function present({ instanceId, effects, problems, failure }: MigrationOutcome, locale: Locale) {
  const { moved = [], begun = [], ended = [], opened = [], closed = [] } = effects ?? {};
  return {
    instanceId: String(instanceId),
    ok: effects !== null,
    moved: moved.map(({ elementInstance, from, to }) => ({ elementInstance: String(elementInstance), from, to })),
    begun,
    ended,
    opened,
    closed,
    problems: problems.map((problem) => ({
      elementInstance: String(problem.elementInstance),
      elementId: problem.activity,
      code: problem.code,
      message: problemText(locale, problem),
    })),
    failure,
  };
}
