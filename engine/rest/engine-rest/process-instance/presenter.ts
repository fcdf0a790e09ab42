import type { DefinitionRow } from '#engine/store/definition-store.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import { wireId, wireTenant, wireText } from '../wire-format.ts';

/** Camunda's ProcessInstanceDto. */
export function presentProcessInstance(row: Row, definition: DefinitionRow | undefined) {
  return {
    links: [],
    id: wireId(row.id),
    definitionId: wireId(row.definition_id),
    definitionKey: definition?.key ?? null,
    businessKey: wireText(row.business_key),
    caseInstanceId: null,
    ended: false,
    suspended: row.status === 'suspended',
    tenantId: wireTenant(row.tenant),
  };
}
