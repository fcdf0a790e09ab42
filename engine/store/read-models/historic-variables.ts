import type { Variables } from '#engine/core/values.ts';
import { loadByInstance, restorePayloads } from '../instance-store.ts';
import { read, type Work } from '../unit-of-work.ts';
import { decodeVariables, type EncodedValue, type MissingPayload } from '../variable-codec.ts';

/** The process variables of an instance: as they are, or as they were when it ended. */
export interface InstanceVariables {
  instanceId: number;
  definitionId: number;
  rootId: number;
  tenant: string;
  area: string;
  startedAt: number;
  ended: boolean;
  variables: Variables;
}

export function* instanceVariables(id: number): Work<InstanceVariables | null> {
  const state = (yield* loadByInstance(id))?.instances.get(id)?.state;
  if (state) {
    const { definitionId, rootId, tenant, area, startedAt } = state;
    return { instanceId: id, definitionId, rootId, tenant, area, startedAt, ended: false, variables: state.elements[0]?.variables ?? {} };
  }
  const [row] = yield* read('SELECT definition_id, root_id, tenant, area, started_at, vars FROM history_instance WHERE id = ?', [id]);
  if (!row) return null;
  const missing: MissingPayload[] = [];
  const variables = decodeVariables(JSON.parse(String(row.vars)) as Record<string, EncodedValue>, missing);
  yield* restorePayloads(missing);
  return {
    instanceId: id,
    definitionId: Number(row.definition_id),
    rootId: Number(row.root_id),
    tenant: String(row.tenant),
    area: String(row.area),
    startedAt: Number(row.started_at),
    ended: true,
    variables,
  };
}
