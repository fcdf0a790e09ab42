import type { ProcessModel } from '#engine/core/model.ts';
import type { DefinitionInfo, StartedInstance } from '#engine/services/contract.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { toWireVariables } from '../variable-values.ts';
import { wireTenant } from '../wire-format.ts';

/** Camunda's ProcessDefinitionDto. @param model what `info` was compiled to */
export function presentDefinition(info: DefinitionInfo, model: Pick<ProcessModel, 'historyTimeToLive'>) {
  return {
    id: String(info.id),
    key: info.key,
    category: 'http://bpmn.io/schema/bpmn',
    description: null,
    name: info.name,
    version: info.version,
    resource: info.resource,
    deploymentId: String(info.deploymentId),
    diagram: null,
    suspended: info.suspended,
    tenantId: wireTenant(info.tenant),
    versionTag: info.versionTag,
    historyTimeToLive: daysOf(model.historyTimeToLive),
    startableInTasklist: info.startableInTasklist,
  };
}

/** `30` or `P30D`, as Camunda has it; anything else is none. */
function daysOf(timeToLive: string | undefined): number | null {
  const days = /^(?:P(\d{1,6})D|(\d{1,6}))$/.exec(timeToLive?.trim() ?? '');
  return days ? Number(days[1] ?? days[2]) : null;
}

export const definitionOfRow = (row: Row): DefinitionInfo => ({
  id: Number(row.id),
  key: String(row.def_key),
  version: Number(row.version),
  versionTag: row.version_tag === null ? null : String(row.version_tag),
  name: row.name === null ? null : String(row.name),
  tenant: String(row.tenant),
  deploymentId: Number(row.deployment_id),
  resource: String(row.resource),
  suspended: Number(row.suspended) === 1,
  startFormKey: null,
  startableInTasklist: Number(row.startable) === 1,
});

/** Camunda's ProcessInstanceWithVariablesDto; `variables` only when asked for. */
export function presentStarted(instance: StartedInstance, origin: string, withVariables: boolean) {
  return {
    links: [{ method: 'GET', href: `${origin}/engine-rest/process-instance/${instance.id}`, rel: 'self' }],
    id: String(instance.id),
    definitionId: String(instance.definitionId),
    definitionKey: instance.definitionKey,
    businessKey: instance.businessKey,
    caseInstanceId: null,
    ended: instance.ended,
    suspended: false,
    tenantId: wireTenant(instance.tenant),
    ...(withVariables && { variables: toWireVariables(instance.variables) }),
  };
}
