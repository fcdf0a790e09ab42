import type { ProcessModel } from '#engine/core/model.ts';
import type { DeploymentResult } from '#engine/services/contract.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { presentDefinition } from '../process-definition/presenter.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';

/** Camunda's DeploymentDto. */
export const presentDeployment = (row: Row) => ({
  links: [],
  id: wireId(row.id),
  name: wireText(row.name),
  source: wireText(row.source),
  deploymentTime: wireTime(row.created_at),
  tenantId: wireTenant(row.tenant),
});

/** Camunda's DeploymentWithDefinitionsDto: null, not `{}`, where nothing of the kind was deployed. */
export function presentDeployed(result: DeploymentResult, models: ReadonlyMap<number, ProcessModel>, origin: string) {
  const decisions = result.decisionDefinitions.map(({ id, key, version, name, resource }) => ({
    id: String(id),
    key,
    category: null,
    name,
    version,
    resource,
    deploymentId: String(result.id),
    tenantId: wireTenant(result.tenant),
    decisionRequirementsDefinitionId: null,
    decisionRequirementsDefinitionKey: null,
    historyTimeToLive: null,
    versionTag: null,
  }));
  return {
    links: [{ method: 'GET', href: `${origin}/engine-rest/deployment/${result.id}`, rel: 'self' }],
    id: String(result.id),
    name: result.name,
    source: result.source,
    deploymentTime: wireTime(result.deployedAt),
    tenantId: wireTenant(result.tenant),
    deployedProcessDefinitions: byId(result.processDefinitions.map((info) => presentDefinition(info, models.get(info.id) ?? {}))),
    deployedCaseDefinitions: null,
    deployedDecisionDefinitions: byId(decisions),
    deployedDecisionRequirementsDefinitions: null,
    // Beyond Camunda, whose answer has no place for them.
    ...(result.warnings.length > 0 && { warnings: result.warnings }),
  };
}

function byId<T extends { id: string }>(items: T[]): Record<string, T> | null {
  return items.length === 0 ? null : Object.fromEntries(items.map((item) => [item.id, item]));
}
