import { createHash } from 'node:crypto';
import {
  decisionOf,
  definitionOf,
  formOf,
  highestVersion,
  insertDecision,
  insertDefinition,
  insertDeployment,
  insertForm,
  replaceStartSubscriptions,
  saveCompiledModel,
  type DefinitionRow,
} from '#engine/store/definition-store.ts';
import { ownLevel } from '#engine/store/history-level.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { COMPILER_VERSION } from './compiler-version.ts';
import type { ServiceContext } from './context.ts';
import type { DeployInput, DeploymentResult } from './contract.ts';
import type { Prepared } from './prepare-deployment.ts';
import { startSubscriptionsOf } from './start-subscriptions.ts';
import { openTimerStarts } from './timer-start.ts';
import { contentHash, definitionInfo } from './definition-info.ts';

const LATEST = { kind: 'latest' } as const;

/** Writes a prepared deployment; versions follow the latest one, a race for the same version runs the unit again. */
export function* recordDeployment(context: ServiceContext, writes: Writes, input: DeployInput, prepared: Prepared): Work<DeploymentResult> {
  const { store } = context;
  const tenant = input.tenant ?? '';
  const id = store.ids.next();
  const deployedAt = store.clock.now();
  const { name, source, actor } = input;
  insertDeployment(
    writes,
    { id, tenant, name, source, createdAt: deployedAt, createdBy: actor.id },
    input.resources.map((resource) => ({ name: resource.name, hash: contentHash(resource.content), content: resource.content })),
  );
  const result: DeploymentResult = { id, name, source, tenant: input.tenant, deployedAt, processDefinitions: [], decisionDefinitions: [], forms: [], warnings: [] };

  for (const { resource, compiled } of prepared.processes) {
    const { model, startFormKey } = compiled;
    const previous = yield* definitionOf(model.key, tenant, LATEST);
    const json = JSON.stringify(model);
    const row: DefinitionRow = {
      id: store.ids.next(),
      tenant,
      key: model.key,
      version: (yield* highestVersion(model.key, tenant)) + 1,
      versionTag: model.versionTag ?? null,
      name: model.name ?? null,
      deploymentId: id,
      resource,
      modelHash: hashOf(json),
      startFormKey,
      isStartable: model.startableInTasklist,
      isSuspended: false,
      historyLevel: ownLevel(model),
    };
    saveCompiledModel(writes, { hash: row.modelHash, compiler: COMPILER_VERSION, json });
    insertDefinition(writes, row);
    replaceStartSubscriptions(writes, previous?.id ?? null, startSubscriptionsOf(model).map((start) => ({ ...start, definitionId: row.id, tenant })));
    openTimerStarts(context, writes, { id: row.id, tenant, model }, previous?.id ?? null);
    result.processDefinitions.push(definitionInfo(row));
  }
  for (const { resource, model } of prepared.decisions) {
    const previous = yield* decisionOf(model.key, tenant, LATEST);
    const json = JSON.stringify(model);
    const row = { id: store.ids.next(), tenant, key: model.key, version: (previous?.version ?? 0) + 1, versionTag: model.versionTag ?? null, name: model.name ?? null, deploymentId: id, resource, modelHash: hashOf(json) };
    saveCompiledModel(writes, { hash: row.modelHash, compiler: COMPILER_VERSION, json });
    insertDecision(writes, row);
    result.decisionDefinitions.push({ id: row.id, key: row.key, version: row.version, name: row.name, resource });
  }
  for (const { key, form } of prepared.forms) {
    const previous = yield* formOf(key, tenant, LATEST);
    const row = { id: store.ids.next(), tenant, key, version: (previous?.version ?? 0) + 1, deploymentId: id, ...form };
    insertForm(writes, row);
    result.forms.push({ id: row.id, key, version: row.version, hash: row.hash });
  }
  return result;
}

function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}
