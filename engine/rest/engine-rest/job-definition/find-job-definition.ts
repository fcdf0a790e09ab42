import { jobDefinitionsOf, type JobDefinition } from '#engine/core/job-definitions.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import type { JobDefinitionKey } from '#engine/services/job-administration.ts';
import type { DefinitionRow } from '#engine/store/definition-store.ts';
import { settingsOf, type JobSettingRow } from '#engine/store/job-settings.ts';

/** A job definition with its process definition and what was set for it. */
export interface FoundJobDefinition {
  id: string;
  key: JobDefinitionKey;
  of: DefinitionRow;
  job: JobDefinition;
  setting: JobSettingRow | null;
}

/** The id follows from definition, kind and element: the same on every node and after every restart. */
export function jobDefinitionId({ definitionId, kind, element }: JobDefinitionKey): string {
  return `${definitionId}:${kind}:${element}`;
}

/** @throws RequestError 404, also for another district's */
export async function findJobDefinition(context: RouteContext, principal: Principal, id: string): Promise<FoundJobDefinition> {
  const [, definitionId] = /^([1-9]\d{0,15}):/.exec(id) ?? [];
  const row = definitionId === undefined ? null : await context.definition(Number(definitionId)).catch(() => null);
  const found = row && seesDefinition(principal, row) ? (await jobDefinitionsIn(context, row)).find((one) => one.id === id) : undefined;
  if (!found) throw notFound('job definition', id.slice(0, 60));
  return found;
}

export async function jobDefinitionsIn(context: RouteContext, of: DefinitionRow): Promise<FoundJobDefinition[]> {
  const { jobs } = await context.store.query(settingsOf(of.id));
  const model = await context.modelOf(of.id);
  return jobDefinitionsOf(model).map((job) => {
    const key = { definitionId: of.id, element: job.element, kind: job.kind };
    return { id: jobDefinitionId(key), key, of, job, setting: jobs.find(({ element, kind }) => element === job.element && kind === job.kind) ?? null };
  });
}
