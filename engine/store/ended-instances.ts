import { read, type Work } from './unit-of-work.ts';

export interface EndedInstance {
  id: number;
  definitionId: number;
  businessKey: string | null;
  tenant: string;
  area: string;
}

export function* endedInstance(id: number): Work<EndedInstance | null> {
  const [row] = yield* read('SELECT id, definition_id, business_key, tenant, area FROM history_instance WHERE id = ?', [id]);
  if (!row) return null;
  return {
    id,
    definitionId: Number(row.definition_id),
    businessKey: row.business_key as string | null,
    tenant: String(row.tenant),
    area: String(row.area),
  };
}
